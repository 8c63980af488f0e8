"""`goodword coach review --sarif` writes a log that code scanning tools take (SARIF 2.1.0)."""

import json
import subprocess
import sys
from urllib.parse import unquote

import pytest

LEVELS = {"none", "note", "warning", "error"}
DRAFT = "Grüße 🙂 Ana,\r\n\r\nplease calm down. We utilize it.\r\nSorry if you\r\nfeel upset.\r\n"


@pytest.fixture
def log(tmp_path):
    (tmp_path / "first reply.txt").write_bytes(DRAFT.encode())
    (tmp_path / "second.txt").write_text(
        "Yes, you can return it without the box. Kind regards, Ben", encoding="utf-8"
    )
    (tmp_path / "second.txt.customer.txt").write_text(
        "Can I return it?\nWho pays the postage?", encoding="utf-8"
    )
    command = [
        sys.executable,
        "-m",
        "goodword",
        "coach",
        "review",
        "--sarif",
        "first reply.txt",
        "second.txt",
    ]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    return tmp_path, json.loads(done.stdout)


def places(result):
    for place in result["locations"]:
        yield place["physicalLocation"]
    for fix in result.get("fixes", ()):
        for change in fix["artifactChanges"]:
            for replacement in change["replacements"]:
                yield {"artifactLocation": change["artifactLocation"], "region": replacement["deletedRegion"]}


def test_the_log_has_what_the_standard_asks_for(log):
    _, given = log
    assert given["version"] == "2.1.0"
    assert given["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = given["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert {"name", "version", "rules"} <= set(driver)
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids) > 2
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert "{" not in rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in LEVELS
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in LEVELS
        assert result["message"]["text"]
        assert result["locations"]
    assert len({result["partialFingerprints"]["goodword/v1"] for result in run["results"]}) == len(
        run["results"]
    )


def test_regions_tell_the_same_place_by_line_and_column_and_by_offset(log):
    folder, given = log
    (run,) = given["runs"]
    seen = 0
    for result in run["results"]:
        for place in places(result):
            text = (folder / unquote(place["artifactLocation"]["uri"])).read_bytes().decode()
            region = place["region"]
            start, end = region["charOffset"], region["charOffset"] + region["charLength"]
            starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
            assert start == starts[region["startLine"] - 1] + region["startColumn"] - 1
            assert end == starts[region["endLine"] - 1] + region["endColumn"] - 1
            if "snippet" in region:
                assert region["snippet"]["text"] == text[start:end]
            seen += 1
    assert seen > len(run["results"]), "some results carry fixes"


def test_a_fix_put_in_makes_the_better_text(log):
    _, given = log
    result = next(one for one in given["runs"][0]["results"] if one["ruleId"] == "plain-words")
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    start, end = region["charOffset"], region["charOffset"] + region["charLength"]
    mended = DRAFT[:start] + replacement["insertedContent"]["text"] + DRAFT[end:]
    assert "We use it." in mended
    assert result["level"] == "note"


def test_what_is_left_open_points_at_the_customer_s_file_and_names_the_reply(log):
    _, given = log
    result = next(one for one in given["runs"][0]["results"] if one["properties"]["in"] == "customer")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "second.txt.customer.txt"
    assert place["region"]["startLine"] == 2
    related = result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert related == "second.txt"
    assert "fixes" not in result


def test_a_draft_without_findings_gives_a_log_without_results():
    command = [sys.executable, "-m", "goodword", "coach", "review", "--sarif", "-"]
    done = subprocess.run(
        command, input="Hello Ana,", capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["runs"][0]["results"] == []

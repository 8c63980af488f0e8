"""An archive is read on all cores: every message in its place, nothing lost, nothing half written."""

import gzip
import json
import os
import signal
import subprocess
import sys
from functools import partial

import pyarrow.parquet
import pytest
from distributed import LocalCluster
from tests.waiting import until

from goodword.coach.cli import main

TALK = [
    {
        "conversation": "a",
        "who": "customer",
        "text": "I am worried: where is my refund?",
        "customer_name": "Ana",
    },
    {
        "conversation": "a",
        "who": "agent",
        "text": "Thank you for your patience.",
        "at": "2026-11-18T10:00:00",
    },
    {"conversation": "b", "who": "customer", "text": "Can I return the lamp?"},
    {"conversation": "b", "who": "agent", "text": "Yes, you can return it until Friday."},
]


def lines(path, rows):
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def rows_of(path):
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in data.splitlines()]


def archive(*args):
    return main(["archive", *map(str, args)])


def test_every_message_is_read_in_its_place_and_a_reply_in_the_light_of_what_was_asked(tmp_path):
    assert archive(lines(tmp_path / "in.jsonl", TALK), tmp_path / "out.jsonl") == 0
    rows = rows_of(tmp_path / "out.jsonl")
    assert [(row["conversation"], row["place"], row["who"]) for row in rows] == [
        ("a", 1, "customer"),
        ("a", 2, "agent"),
        ("b", 1, "customer"),
        ("b", 2, "agent"),
    ]
    assert rows[0]["feeling"] == "anxious"
    assert [row["open_questions"] for row in rows if row["who"] == "agent"] == [1, 0]


def test_one_row_may_hold_a_whole_conversation(tmp_path):
    whole = {"id": 7, "messages": [{"who": "customer", "text": "Hello?"}, {"who": "agent", "text": "Hi."}]}
    archive(lines(tmp_path / "in.jsonl", [whole]), tmp_path / "out.jsonl.gz")
    assert [(row["conversation"], row["place"]) for row in rows_of(tmp_path / "out.jsonl.gz")] == [
        ("7", 1),
        ("7", 2),
    ]


def test_a_row_that_cannot_be_used_says_why_in_its_place_and_stops_nothing(tmp_path, capsys):
    bad = ["{", {"who": "robot", "text": "x"}, {"who": "agent", "text": 5}, {"messages": [1]}, "[1]"]
    late = {"conversation": "c", "who": "customer", "text": "Hi", "at": "someday"}
    assert archive(lines(tmp_path / "in.jsonl", [TALK[0], *bad, late, TALK[2]]), tmp_path / "out.jsonl") == 0
    rows = rows_of(tmp_path / "out.jsonl")
    assert ["error" in row for row in rows] == [False, True, True, True, True, True, True, False]
    assert "in.jsonl:2" in rows[1]["error"]
    assert "'robot'" in rows[2]["error"]
    assert "2 messages read, 6 rows could not be used." in capsys.readouterr().err


def test_parquet_goes_in_and_comes_out_with_the_figures_as_columns(tmp_path):
    table = pyarrow.Table.from_pylist(TALK)
    pyarrow.parquet.write_table(table, tmp_path / "in.parquet")
    archive(tmp_path / "in.parquet", tmp_path / "out.parquet")
    rows = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["feeling"] for row in rows] == ["anxious", None, "calm", None]
    assert [row["open_questions"] for row in rows] == [None, 1, None, 0]
    assert json.loads(rows[1]["result"])["questions"][0]["answered"] == "no"


def test_a_folder_is_read_file_by_file_in_the_order_of_names(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    lines(folder / "2.jsonl", TALK[2:])
    (folder / "1.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, TALK[:2])).encode()))
    archive(folder, tmp_path / "out.jsonl")
    assert [row["conversation"] for row in rows_of(tmp_path / "out.jsonl")] == ["a", "a", "b", "b"]


def test_a_cluster_gives_the_same_rows_as_the_cores_of_one_machine(tmp_path):
    source = lines(tmp_path / "in.jsonl", TALK * 60)
    archive(source, tmp_path / "here.jsonl", "--processes", "2")
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        archive(source, tmp_path / "there.jsonl", "--cluster", cluster.scheduler_address)
    assert rows_of(tmp_path / "there.jsonl") == rows_of(tmp_path / "here.jsonl")


def test_a_killed_run_leaves_the_earlier_result_alone(tmp_path):
    source, target = lines(tmp_path / "in.jsonl", TALK * 5000), tmp_path / "out.jsonl"
    target.write_text("as it was")
    part = tmp_path / "out.jsonl.part"
    command = [
        sys.executable,
        "-m",
        "goodword.coach.cli",
        "archive",
        str(source),
        str(target),
        "--processes",
        "1",
    ]
    with subprocess.Popen(command, start_new_session=True) as run:
        until(lambda: run.poll() is not None or (part.exists() and part.stat().st_size))
        os.killpg(run.pid, signal.SIGKILL)
    assert target.read_text() == "as it was"
    archive(lines(source, TALK), target)
    assert len(rows_of(target)) == len(TALK)


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("none.jsonl", "out.jsonl", "There is no file"),
        ("in.csv", "out.jsonl", "must end in"),
        ("in.jsonl", "out.csv", "must end in"),
        ("empty", "out.jsonl", "holds no file"),
    ],
)
def test_what_cannot_be_read_or_written_is_said_before_any_work(tmp_path, capsys, source, target, said):
    lines(tmp_path / "in.jsonl", TALK)
    lines(tmp_path / "in.csv", TALK)
    (tmp_path / "empty").mkdir()
    assert archive(tmp_path / source, tmp_path / target) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / target).exists()


@pytest.mark.parametrize("target", ["in.jsonl", "./sub/../in.jsonl", "link.jsonl"])
def test_what_is_read_is_never_written_over(tmp_path, capsys, target):
    source = lines(tmp_path / "in.jsonl", TALK)
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.jsonl").symlink_to(source)
    before = source.read_bytes()
    assert archive(source, tmp_path / target) == 2
    assert "is what is to be read; write to another file." in capsys.readouterr().err
    assert archive(tmp_path, tmp_path / target) == 2
    assert source.read_bytes() == before


def test_a_target_that_cannot_be_written_is_told_as_such(tmp_path, capsys):
    source = lines(tmp_path / "in.jsonl", TALK)
    assert archive(source, source / "out.jsonl") == 2
    assert "cannot be written" in capsys.readouterr().err
    (tmp_path / "folder.jsonl").mkdir()
    assert archive(source, tmp_path / "folder.jsonl") == 2
    assert "is a folder; name the file to write." in capsys.readouterr().err


def test_a_run_broken_off_by_hand_ends_in_a_sentence(tmp_path):
    source, target = lines(tmp_path / "in.jsonl", TALK * 5000), tmp_path / "out.jsonl"
    target.write_text("as it was")
    part = tmp_path / "out.jsonl.part"
    command = [sys.executable, "-m", "goodword.coach.cli", "archive", str(source), str(target)]
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # also where the tests run in the background
    with subprocess.Popen(
        command, start_new_session=True, stderr=subprocess.PIPE, text=True, preexec_fn=heed
    ) as run:
        until(lambda: run.poll() is not None or (part.exists() and part.stat().st_size))
        os.killpg(run.pid, signal.SIGINT)
        said = run.stderr.read()
    assert (run.returncode, said) == (130, "Broken off.\n")
    assert target.read_text() == "as it was"
    assert not part.exists()

"""Each suggestion, put in the place of the words it is for, leaves a text that still reads well."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodword.coach import load_pack, review
from goodword.coach.quality.cases import cases_in, reviewed

CASES = Path(__file__).parent / "cases"
PACK = load_pack()
FLAWS = {
    "two spaces": re.compile(r"(?<=\S)  +(?=\S)"),
    "a space before a mark": re.compile(r"\s[,.;:!?](?=\s|$)"),
    "two marks": re.compile(r"[,;:][,.;:!?]|(?<!\.)\.[,.;:](?!\.)"),
    "a comma to begin with": re.compile(r"(?:^|[.!?]\s|\n)[,;:]"),
    "a small letter to begin with": re.compile(r"(?:^|(?<![.:])[.!?]\s|\n\n)[a-z]"),
    "a word twice": re.compile(r"\b([a-z]{2,20}) \1\b", re.IGNORECASE),
    "'a' before a vowel": re.compile(r"\ba [aeio][a-z]"),
}


def flaws(text: str) -> dict[str, int]:
    return {name: len(pattern.findall(text)) for name, pattern in FLAWS.items()}


def flawed(draft: str, found) -> Iterator[str]:
    """A line for each suggestion that puts a flaw into the draft."""
    before = flaws(draft)
    for finding in found.findings:
        for suggestion in finding.suggestions if finding.where == "draft" else ():
            after = draft[: finding.start] + suggestion + draft[finding.end :]
            for name, count in flaws(after).items():
                if count > before[name]:
                    here = after[max(0, finding.start - 30) : finding.start + len(suggestion) + 30]
                    yield f"{finding.rule}: {name}: …{here!r}…"


@pytest.mark.parametrize("case", cases_in(CASES, "case"), ids=lambda case: case["id"])
def test_what_is_suggested_for_a_reply_leaves_it_in_order(case):
    assert list(flawed(case["draft"], reviewed(case))) == []


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.id)
def test_what_a_rule_suggests_for_its_own_lines_leaves_them_in_order(rule):
    lines = [{"draft": line} if isinstance(line, str) else dict(line) for line in rule.bad]
    assert [
        flaw for line in lines for flaw in flawed(line.get("draft", ""), review(**{"draft": "", **line}))
    ] == []


@pytest.mark.parametrize(
    ("draft", "better"),
    [
        ("As previously communicated, the form is due.", "The form is due."),
        ("The form, as I said, must be signed.", "The form must be signed."),
        ("Obviously you need to plug it in.", "You need to plug it in."),
        ("You should have read the terms.", "It helps to read the terms."),
        ("I see that you haven't updated your card.", "I see that we still need you to update your card."),
        (
            "Unfortunately we cannot send the coat until the old one is back. It will be sent then.",
            "We can send the coat once the old one is back. It will be sent then.",
        ),
        ("We cannot ship it until Friday.", "We can ship it from Friday."),
        ("We won't be able to bring it until Friday.", "We can bring it from Friday."),
        ("As per company policy, no cash is paid out.", "No cash is paid out."),
        ("It is our policy that fines apply.", "Fines apply."),
        (
            "Please calm down and send us the number.",
            "I can see why this is upsetting; please send us the number.",
        ),
        ("We are sorry if you were upset by our mail.", "We are sorry that you were upset by our mail."),
        ("Please open the box NOW.", "Please open the box now."),
    ],
)
def test_a_sentence_is_said_better_with_its_own_words(draft, better):
    made = [
        draft[: finding.start] + finding.suggestions[0] + draft[finding.end :]
        for finding in review(draft).findings
        if finding.suggestions and finding.where == "draft"
    ]
    assert better in made

"""A team has the coach as it wants it, and everybody else has the standard."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.coach import load_pack, review
from goodword.coach.errors import PackError
from goodword.coach.pack import Pack
from goodword.coach.tailor import Tailoring, Topic, Wording, fires, milder, own_rule, sieved, tailored

PACK = load_pack()
JARGON = "Hello Ana, your lamp is on backorder, and we write to you on Friday."
SAID: dict[str, Any] = {
    "category": "jargon",
    "practice": "C1",
    "severity": "warn",
    "message": "We say {better}.",
    "why": "One name for one thing.",
}


def rules_of(draft: str, pack: Pack, **known: Any) -> list[str]:
    return [finding.rule for finding in sieved(review(draft, pack=pack, **known), pack).findings]


def test_a_rule_switched_off_says_nothing_more_and_the_standard_still_does() -> None:
    pack = tailored(PACK, Tailoring(off=frozenset({"internal-jargon", "no-such-rule"})))
    assert pack.book is PACK.book  # thousands of phrases, kept once for all teams
    assert "internal-jargon" in rules_of(JARGON, PACK)
    assert "internal-jargon" not in rules_of(JARGON, pack)


def test_a_rule_speaks_with_the_team_s_weight_and_words() -> None:
    changed = Tailoring(
        severities={"internal-jargon": "hint"}, wording={"internal-jargon": Wording("Not '{quote}', please.")}
    )
    draft = "Hello Ana, it is on backorder."
    found = next(f for f in review(draft, pack=tailored(PACK, changed)).findings if f.practice == "C1")
    standard = next(f for f in review(draft, pack=PACK).findings if f.practice == "C1")
    assert (found.severity, found.message, found.why) == ("hint", "Not 'on backorder', please.", standard.why)
    assert [milder(one) for one in ("stop", "warn", "hint")] == ["warn", "hint", "hint"]


def test_a_team_s_own_words_are_neither_jargon_nor_misspelled() -> None:
    pack = tailored(PACK, Tailoring(own_words=("On backorder", "Recieved (tm)")))
    plain = review(JARGON, pack=PACK)
    kept = sieved(review(JARGON, pack=pack), pack)
    assert "internal-jargon" not in [finding.rule for finding in kept.findings]
    assert kept.scores["clear_words"].score > plain.scores["clear_words"].score
    for score in kept.scores.values():
        places = [ground.split("/") for ground in score.rests_on]
        assert all(int(place) < len(kept.findings) for what, place in places if what == "findings")
    assert "internal-jargon" in rules_of(f"{JARGON} It was escalated to tier 2.", pack)


def test_what_the_team_says_instead_is_the_suggestion() -> None:
    pack = tailored(PACK, Tailoring(instead={"the box (small)": "the mini case"}, instead_rule=SAID))
    found = review("Hello Ana, The box (small) left us today.", pack=pack).findings
    mine = next(finding for finding in found if finding.rule == "glossary")
    assert (mine.quote, mine.suggestions) == ("The box (small)", ("The mini case",))
    assert mine.message == "We say 'the mini case'."


def test_a_topic_of_the_team_asks_for_each_detail_that_it_needs() -> None:
    message = "My kayak was scratched. My order number is AB-12345. What can be done about it?"
    draft = "Hello Ana, I am sorry about the scratch on your kayak. That should not happen at all."
    both = Topic(
        ("kayak",), ("order", "phone"), ("the order number", "a phone number"), "Could we ring you?", False
    )
    one = Topic(("kayak",), ("order", "phone"), ("the order number", ""), "Could we ring you?")

    def asked(topic: Topic) -> list[str]:
        pack = tailored(PACK, Tailoring(topics={"boats": topic}))
        found = review(draft, customer_message=message, pack=pack).findings
        return [text for f in found if f.practice == "L3" for text in f.suggestions]

    assert asked(both) == ["Could we ring you?"]
    assert asked(one) == []


def test_a_topic_of_the_pack_can_be_left_out_or_replaced() -> None:
    message = "My kettle is broken. What now?"
    draft = "Hello Ana, I am sorry that your kettle is broken. That should never happen to anybody."

    def missing(changed: Tailoring) -> bool:
        found = review(draft, customer_message=message, pack=tailored(PACK, changed)).findings
        return any(finding.practice == "L3" for finding in found)

    product = Topic(("kettle",), ("phone",), ("a phone number",), "May we ring you?")
    assert not missing(Tailoring(topics_off=frozenset({"fault"}), own_words=("kettle",)))
    assert missing(Tailoring(topics={"fault": product}))


def test_a_rule_of_the_team_is_tried_on_its_lines() -> None:
    table = {
        **SAID,
        "id": "own-1",
        "kind": "phrase",
        "phrases": ["no can do"],
        "message": "'{quote}' shuts the door.",
        "good": ["We can do that."],
        "bad": ["Sorry, no can do."],
    }
    rule = own_rule(table, PACK)
    assert fires(rule, "Sorry, no can do.", PACK)
    assert not fires(rule, "We can do that.", PACK)
    pack = tailored(PACK, Tailoring(rules=(rule,)))
    assert "own-1" in rules_of("Hello Ana, no can do.", pack)
    assert "own-1" not in rules_of(
        "Hello Ana, no can do.", tailored(pack, Tailoring(off=frozenset({"own-1"})))
    )


@pytest.mark.parametrize(
    "wrong", [{"phrases": []}, {"phrases": ["(a|b"]}, {"severity": "shout"}, {"bad": []}]
)
def test_a_rule_that_cannot_work_is_refused_in_a_sentence(wrong: dict[str, Any]) -> None:
    table = {**SAID, "id": "own-1", "kind": "phrase", "phrases": ["x"], "good": ["a"], "bad": ["x"]}
    with pytest.raises(PackError) as refused:
        own_rule({**table, **wrong}, PACK)
    assert len(refused.value.sentence.split()) > 4


@settings(max_examples=80, deadline=None)
@given(words=st.text(min_size=1, max_size=40).filter(lambda text: any(char.isalnum() for char in text)))
def test_any_words_of_a_team_can_be_used(words: str) -> None:
    topic = Topic((words,), ("order",), ("the order number",), "Which order?")
    wanted = Tailoring(own_words=(words,), instead={words: "so"}, instead_rule=SAID, topics={"ours": topic})
    pack = tailored(PACK, wanted)
    rules_of(f"Hello Ana, {words} left us today.", pack, customer_message=f"What of {words}?")

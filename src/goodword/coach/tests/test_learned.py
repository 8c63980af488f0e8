"""Learned from sentences: remarks where no rule has the words, none where the words are innocent."""

from dataclasses import replace

import pytest

from goodword.coach import load_pack, review
from goodword.coach.errors import PackError
from goodword.coach.heads import load_heads
from goodword.coach.heads.store import FOLDER
from goodword.coach.learned import tell_ahead
from goodword.coach.pack import with_rules

PACK = load_pack()
RULE = """
[[rule]]
id = "ours"
kind = "sounds_like"
OPTIONS
category = "blame"
practice = "P2"
severity = "hint"
message = "It may sound like blame."
why = "Nobody likes it."
good = ["Thank you."]
bad = ["It was your own fault."]
"""


def ids(draft, pack=PACK):
    return {finding.rule for finding in review(draft, pack=pack).findings}


@pytest.mark.parametrize(
    ("draft", "rule"),
    [
        ("The colleagues in charge will take it up in due course.", "sounds-vague"),
        ("You failed to follow the instructions, so the damage was caused by you.", "sounds-like-blame"),
    ],
)
def test_a_fault_is_heard_in_the_sound_of_a_sentence(draft, rule):
    by_sound = replace(PACK, rules=tuple(rule for rule in PACK.rules if rule.kind == "sounds_like"))
    assert ids(draft, by_sound) == {rule}


def test_an_innocent_use_of_a_rule_s_words_is_let_be():
    certain = replace(PACK, doubts={})
    innocent = [line for rule in PACK.rules if rule.id in PACK.doubts for line in rule.good]
    drafts = [line for line in innocent if isinstance(line, str)]
    assert sum(len(ids(draft)) for draft in drafts) <= sum(len(ids(draft, certain)) for draft in drafts)


def test_every_doubted_rule_stands_in_the_pack():
    assert set(PACK.doubts) <= {rule.id for rule in PACK.rules}


def test_a_head_that_is_asked_for_is_one_that_was_learned():
    asked = {head for head, _ in PACK.doubts.values()}
    asked |= {rule.options["head"] for rule in PACK.rules if rule.kind == "sounds_like"}
    assert asked <= set(PACK.data["learned"]["heads"])
    assert {f"agent.{head}" for head in PACK.data["learned"]["heads"]} == set(load_heads("agent").names)


@pytest.mark.parametrize(
    ("option", "said"), [('head = "blme"', "it must be one of"), ("at_least = 500", "from 1 to 100")]
)
def test_a_rule_for_a_head_that_nobody_learned_is_refused(tmp_path, option, said):
    lines = [option, 'head = "blame"' if "at_least" in option else "at_least = 50"]
    rule = RULE.replace("OPTIONS", "\n".join(lines))
    (tmp_path / "own.toml").write_text(rule, encoding="utf-8")
    with pytest.raises(PackError, match=said):
        with_rules(PACK, tmp_path)


@pytest.mark.parametrize(
    "draft",
    ["", "...", "Hi", "\ud800", "word " * 5000, "No. " * 2000, "Ana,\n" * 500],
    ids=lambda d: repr(d[:9]),
)
def test_odd_drafts_are_read_like_any_other(draft):
    assert review(draft) == review(draft)


def test_the_weights_of_all_heads_stay_small():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.npz")) <= 5_000_000


def test_a_draft_that_was_heard_together_with_others_is_reviewed_as_if_alone():
    drafts = ["You should have read the terms.", "", "We can see why. I have sent a new lamp today.", "Hi"]
    texts = [PACK.text(draft) for draft in drafts]
    tell_ahead(texts, "agent")
    assert [review(text) for text in texts] == [review(draft) for draft in drafts]

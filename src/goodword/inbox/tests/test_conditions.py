"""Conditions: what fits, what is asked of the database, and what is refused with a sentence."""

import pytest

from goodword.inbox import actions, conditions
from goodword.inbox.conditions import Facts, Field, Sort, checked, facts_of, fits
from goodword.inbox.errors import NotPossible


def one(field, question, answer):
    return {"all": [{"field": field, question: answer}]}


FACTS = Facts(
    channel="mail",
    mailbox_id=3,
    priority="high",
    language="de",
    tier="Gold",
    tags=frozenset({"returns", "lamps"}),
    subject="My lamp",
    words="I want my money\nback. Refunds take too long. Le pré-paiement",
    urgency=2,
)


@pytest.mark.parametrize(
    ("field", "question", "answer", "holds"),
    [
        ("priority", "is", ["high", "urgent"], True),
        ("priority", "is_not", ["high", "urgent"], False),
        ("tier", "is", ["gold"], True),
        ("tier", "is", [""], False),
        ("mailbox", "is", [3], True),
        ("team", "is", [3], False),
        ("team", "is_not", [3], True),
        ("tags", "is", ["Returns"], True),
        ("tags", "is_not", ["returns"], False),
        ("tags", "is_not", ["parcels"], True),
        ("subject", "has", ["LAMP"], True),
        ("words", "has", ["money back"], True),
        ("words", "has", ["refund"], True),
        ("words", "has", ["fund"], False),
        ("words", "has", ["nothing", "refund"], True),
        ("words", "has_not", ["refund"], False),
        ("words", "has", ["(refund"], False),
        ("urgency", "at_least", 2, True),
        ("urgency", "at_least", 3, False),
        ("urgency", "at_most", 2, True),
    ],
)
def test_a_row_asks_one_question(field, question, answer, holds):
    assert fits(checked(one(field, question, answer)), FACTS) is holds


def test_all_rows_hold_and_one_of_any():
    rows = [{"field": "priority", "is": ["high"]}, {"field": "channel", "is": ["phone"]}]
    assert fits({}, FACTS)
    assert not fits({"all": rows}, FACTS)
    assert fits({"any": rows}, FACTS)
    assert not fits({"all": rows[1:], "any": rows}, FACTS)


def test_a_field_that_no_room_knows_never_holds():
    assert not fits(one("moon", "is", ["full"]), FACTS)
    assert not fits(one("moon", "is_not", ["full"]), FACTS)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "an object"),
        ({"none": []}, "'none'"),
        ({"all": "priority"}, "list of up to"),
        ({"all": ["priority"]}, "an object with 'field'"),
        (one("moon", "is", ["full"]), "no field 'moon'"),
        (one("priority", "has", ["high"]), "is, is_not"),
        ({"all": [{"field": "priority", "is": ["low"], "is_not": ["high"]}]}, "is, is_not"),
        (one("priority", "is", ["highest"]), "'highest' is no priority"),
        (one("priority", "is", []), "one to"),
        (one("mailbox", "is", ["care"]), "'care'"),
        (one("urgency", "at_least", "two"), "'two'"),
        (one("urgency", "at_least", float("nan")), "'nan'"),
        (one("urgency", "at_most", float("inf")), "'inf'"),
        (one("words", "has", [" "]), "a text"),
        (one("subject", "has", ["x" * 300]), "a text"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(given, said):
    with pytest.raises(NotPossible, match=r".*") as refused:
        checked(given)
    assert said in str(refused.value)


def test_a_single_answer_and_spaces_are_taken_as_meant():
    assert checked(one("tier", "is", " gold ")) == one("tier", "is", ["gold"])
    assert checked({"all": []}) == {}


def test_facts_are_those_of_the_conversation(conversation, owner, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(conditions, "_added", {})  # each field of a room above costs a query of its own
    actions.add_tag(conversation=conversation, agent=owner, name="Returns")
    conversation.customer.tier = "gold"
    conversation.customer.save()
    conversation.refresh_from_db()
    with django_assert_num_queries(1):
        facts = facts_of(conversation)
    assert (facts.tier, facts.tags, facts.channel) == ("gold", {"returns"}, "api")
    assert facts.mailbox_id == conversation.mailbox_id
    assert "What now?" in facts.words
    with django_assert_num_queries(0):
        assert facts_of(conversation, only={"priority"}).priority == "normal"


def test_a_room_above_adds_a_field(conversation, monkeypatch):
    monkeypatch.setattr(conditions, "_added", {})
    conditions.add_field(Field("odd", "Odd", Sort.YES_NO, read=lambda pks: {pk: bool(pk % 2) for pk in pks}))
    asked = checked(one("odd", "is", True))
    assert conditions.fields_of(asked) == {"odd"}
    assert fits(asked, facts_of(conversation)) is bool(conversation.pk % 2)

"""The sample company is believable, the same every time, and can reach nobody real."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from goodword.ops.sample import cast, company, knowing, script, slots
from goodword.ops.sample.company import Company

SATURDAY_EVENING = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
SUNDAY_NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
RESERVED = re.compile(r"(^|\.)(example\.(com|org|net)|example)$")


@pytest.fixture(
    scope="module", params=[SATURDAY_EVENING, SUNDAY_NIGHT, TUESDAY_MORNING], ids=["sat", "sun", "tue"]
)
def sample(request: pytest.FixtureRequest) -> Company:
    return company.build(now=request.param)


def test_the_same_day_gives_the_same_company() -> None:
    first, second = company.build(now=TUESDAY_MORNING), company.build(now=TUESDAY_MORNING)
    assert first == second
    assert first != company.build(now=TUESDAY_MORNING, seed=28)


def test_it_has_the_announced_numbers(sample: Company) -> None:
    assert len(sample.clerks) == 12
    assert len(sample.writers) == 400
    assert len({writer.name for writer in sample.writers}) == 400
    assert len(sample.cases) == 1500
    assert {clerk.role for clerk in sample.clerks} == {"agent", "lead", "administrator"}
    assert any(len(writer.addresses) > 2 for writer in sample.writers)


def test_addresses_belong_to_one_person_each(sample: Company) -> None:
    addresses = [address for writer in sample.writers for address in writer.addresses]
    addresses += [clerk.email for clerk in sample.clerks]
    assert len(addresses) == len(set(addresses))


def test_every_state_has_something_to_show(sample: Company) -> None:
    states = Counter(case.state for case in sample.cases)
    assert states["open"] > 80
    assert states["snoozed"] > 10
    assert states["closed"] > 1200
    mine = [case for case in sample.cases if case.owner == sample.clerks[0] and case.state == "open"]
    unassigned = [case for case in sample.cases if case.owner is None and case.state == "open"]
    waiting = [case for case in sample.cases if case.state == "open" and case.last.by == "customer"]
    assert min(len(mine), len(unassigned), len(waiting)) > 8


def test_promises_have_every_fate_and_some_are_due_today(sample: Company) -> None:
    pledges = [pledge for case in sample.cases for pledge in case.pledges]
    assert {pledge.fate for pledge in pledges} == {"open", "kept", "broken", "renegotiated", "withdrawn"}
    vows = [pledge.said.vow for pledge in pledges if pledge.said.vow]
    assert {vow.kind for vow in vows} == {"do", "answer", "money", "delivery"}
    left = [
        (pledge.said.vow.due - sample.now.date()).days
        for pledge in pledges
        if pledge.fate == "open" and pledge.said.vow
    ]
    assert left.count(0) >= company.PROMISED_TODAY
    assert sum(days < 0 for days in left) >= company.OVERDUE
    assert max(left) > 2
    visitor = [
        pledge.said.vow.due
        for case in sample.cases
        for pledge in case.pledges
        if case.owner == sample.clerks[0] and pledge.fate == "open" and pledge.said.vow
    ]
    assert min(visitor) < sample.now.date()
    assert sample.now.date() in visitor


def test_a_promise_quotes_its_message_and_names_its_day(sample: Company) -> None:
    for case in sample.cases:
        for pledge in case.pledges:
            assert pledge.said.vow is not None
            assert pledge.said.vow.sentence in pledge.said.text
            assert pledge.said.vow.due_text in pledge.said.vow.sentence
            assert pledge.said.vow.due >= pledge.said.at.date()


def test_nothing_lies_in_the_future_and_letters_follow_each_other(sample: Company) -> None:
    for case in sample.cases:
        times = [said.at for said in case.story.said]
        assert times == sorted(times)
        assert times[-1] <= sample.now
        assert case.closed_at is None or times[-1] <= case.closed_at <= sample.now
        assert all(pledge.settled_at is None or pledge.settled_at <= sample.now for pledge in case.pledges)


def test_what_becomes_of_promises_differs_with_their_kind(sample: Company) -> None:
    settled = [
        pledge for case in sample.cases for pledge in case.pledges if pledge.fate in {"kept", "broken"}
    ]
    broken = Counter(
        pledge.said.vow.kind for pledge in settled if pledge.said.vow and pledge.fate == "broken"
    )
    kinds = Counter(pledge.said.vow.kind for pledge in settled if pledge.said.vow)
    assert broken["delivery"] / kinds["delivery"] > broken["money"] / kinds["money"]
    moved = [pledge for case in sample.cases for pledge in case.pledges if pledge.fate == "renegotiated"]
    assert sum(pledge.told for pledge in moved) > len(moved) / 2


def test_every_customer_is_known_in_the_same_way_each_time(sample: Company) -> None:
    known = [knowing.known_of(writer) for writer in sample.writers]
    assert known == [knowing.known_of(writer) for writer in sample.writers]
    assert {one.details["tier"] for one in known} == {"gold", "silver", ""}
    assert 100 < sum(bool(one.phone) for one in known) < 300
    assert {one.details["preferred_channel"] for one in known} >= {"", "mail", "phone"}
    assert any(one.details["greeting_name"].startswith("Frau ") for one in known)


def test_letters_vary(sample: Company) -> None:
    long = [said.text for case in sample.cases for said in case.story.said if len(said.text) > 150]
    assert len(set(long)) > 0.98 * len(long)
    assert len({case.story.subject for case in sample.cases}) > 500
    assert max(len(case.story.said) for case in sample.cases) >= 7


def test_every_letter_is_filled_in(sample: Company) -> None:
    for case in sample.cases:
        for said in case.story.said:
            assert not re.search(r"[{}|\[\]<>]|  |\n\n\n", said.text), said.text


def test_only_reserved_domains_occur(sample: Company) -> None:
    addresses = [address for writer in sample.writers for address in writer.addresses]
    addresses += [clerk.email for clerk in sample.clerks]
    texts = [said.text for case in sample.cases for said in case.story.said]
    files = [path.read_text() for path in Path(script.__file__).parent.rglob("*.toml")]
    for text in addresses + texts + files:
        for domain in re.findall(r"@([\w-]+(?:\.[\w-]+)+)", text):
            assert RESERVED.search(domain), domain
        assert "http" not in text


@pytest.mark.parametrize("scenario", script.scenarios(), ids=lambda scenario: scenario.id)
def test_a_scenario_uses_only_slots_that_are_filled(scenario: script.Scenario) -> None:
    wordings = [scenario.subjects]
    for turn in scenario.turns:
        wordings += [wording for wording in (turn.say, turn.promise, turn.what, turn.poor) if wording]
    used = set().union(*(wording.slots() for wording in wordings))
    writer = cast.writers(1, chance=Random(1), now=TUESDAY_MORNING)[0]
    filled = slots.of_story(
        scenario,
        chance=Random(1),
        writer=writer,
        owner=cast.clerks()[0],
        colleague=cast.clerks()[1],
        opened=TUESDAY_MORNING,
    )
    slots.on_day(filled, TUESDAY_MORNING, scenario.language)
    assert used <= filled.keys() | {"due", "promise"}
    assert scenario.turns[0].by == "customer"
    assert len([turn for turn in scenario.turns if turn.by == "agent"]) >= 1

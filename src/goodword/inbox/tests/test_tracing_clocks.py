"""Service clocks as a pure function of what happened."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from goodword.inbox.clocks.tracing import Happening, Kind, Terms, What, next_due, trace
from goodword.staff.working_time import Calendar, Hours, always

DAY = datetime(2026, 11, 2, tzinfo=UTC)  # a Monday
OFFICE = Calendar(ZoneInfo("UTC"), tuple(Hours(day, time(9), time(17)) for day in range(5)))
TARGETS = {Kind.FIRST_REPLY: 60, Kind.NEXT_REPLY: 120, Kind.RESOLUTION: 480}
TERMS = {
    1: Terms(1, TARGETS, 75, always(ZoneInfo("UTC"))),
    2: Terms(2, TARGETS, 75, OFFICE),
    3: Terms(3, {Kind.FIRST_REPLY: 240}, 75, always(ZoneInfo("UTC"))),
}


def at(hours, minutes=0, *, day=0):
    return DAY + timedelta(days=day, hours=hours, minutes=minutes)


def asked(*when):
    return Happening(at(*when), What.ASKED)


def answered(*when):
    return Happening(at(*when), What.ANSWERED)


def closed(*when):
    return Happening(at(*when), What.CLOSED)


def reopened(*when):
    return Happening(at(*when), What.REOPENED)


def agreed(terms, *when):
    return Happening(at(*when), What.AGREED, terms=terms)


def clock(kind, *happenings):
    found = [one for one in trace(happenings, TERMS) if one.kind == kind]
    return found[-1] if found else None


def test_the_first_reply_is_met_in_time_or_late():
    soon = clock("first_reply", agreed(1, 9), asked(9), answered(9, 30))
    late = clock("first_reply", agreed(1, 9), asked(9), answered(10, 30))
    exactly = clock("first_reply", agreed(1, 9), asked(9), answered(10))
    assert (soon.met_at, soon.breached_at, soon.spent) == (at(9, 30), None, timedelta(minutes=30))
    assert (late.met_at, late.breached_at) == (at(10, 30), at(10))
    assert exactly.breached_at is None


def test_a_running_clock_knows_when_to_warn_and_when_it_is_due():
    found = clock("first_reply", asked(9), agreed(1, 9))
    assert (found.runs_since, found.warn_at, found.due_at) == (at(9), at(9, 45), at(10))
    assert found.ended_at is None


def test_a_further_message_runs_the_next_reply_once_and_not_again():
    course = (agreed(1, 9), asked(9), answered(9, 10), asked(10), asked(11))
    found = [one for one in trace(course, TERMS) if one.kind == "next_reply"]
    assert [(one.started_at, one.due_at) for one in found] == [(at(10), at(12))]
    assert clock("next_reply", *course, answered(11, 30)).met_at == at(11, 30)


def test_resolution_stands_still_while_we_wait_for_the_customer():
    waiting = clock("resolution", agreed(1, 9), asked(9), answered(10))
    assert (waiting.runs_since, waiting.due_at, waiting.spent) == (None, None, timedelta(hours=1))
    again = clock("resolution", agreed(1, 9), asked(9), answered(10), asked(14))
    assert (again.spent, again.due_at) == (timedelta(hours=1), at(21))
    done = clock("resolution", agreed(1, 9), asked(9), answered(10), asked(14), closed(15))
    assert (done.met_at, done.spent, done.breached_at) == (at(15), timedelta(hours=2), None)


def test_it_runs_on_when_it_is_opened_again():
    course = (agreed(1, 9), asked(9), closed(10))
    assert clock("first_reply", *course).ended_at == at(10)
    assert clock("first_reply", *course).met_at is None
    again = clock("first_reply", *course, reopened(12))
    assert (again.ended_at, again.due_at, again.started_at) == (None, at(12), at(9))
    assert clock("resolution", *course, reopened(12)).due_at == at(19)
    assert clock("resolution", *course, reopened(12)).met_at is None


def test_a_reply_that_closes_meets_the_clock():
    found = clock("first_reply", agreed(1, 9), asked(9), closed(9, 31), answered(9, 30))
    assert (found.met_at, found.breached_at) == (at(9, 30), None)


def test_opened_again_without_a_word_of_the_customer_it_is_not_our_turn():
    found = clock("resolution", agreed(1, 9), asked(9), answered(9, 10), closed(9, 20), reopened(9, 40))
    assert (found.runs_since, found.ended_at) == (None, None)


def test_only_working_hours_count():
    evening = clock("first_reply", agreed(2, 16, 30), asked(16, 30))
    assert evening.due_at == at(9, 30, day=1)
    assert clock("first_reply", agreed(2, 16, 30), asked(16, 30), answered(20)).spent == timedelta(minutes=30)


def test_other_terms_lose_no_time_that_was_spent():
    longer = clock("first_reply", agreed(1, 9), asked(9), agreed(3, 9, 30))
    assert (longer.target, longer.spent, longer.due_at) == (240, timedelta(minutes=30), at(13))
    shorter = clock("first_reply", agreed(3, 9), asked(9), agreed(1, 11))
    assert shorter.due_at == at(11)
    saved = clock("first_reply", agreed(1, 9), asked(9), agreed(3, 11))
    assert (saved.breached_at, saved.due_at) == (None, at(13))


def test_terms_that_ask_for_nothing_end_it_until_they_do_again():
    gone = clock("first_reply", agreed(1, 9), asked(9), agreed(None, 9, 20))
    assert (gone.ended_at, gone.met_at, gone.runs_since) == (at(9, 20), None, None)
    back = clock("first_reply", agreed(1, 9), asked(9), agreed(None, 9, 20), agreed(1, 12))
    assert (back.ended_at, back.due_at) == (None, at(12, 40))
    assert clock("resolution", agreed(3, 9), asked(9)) is None


def test_a_new_level_counts_how_long_the_customer_has_waited():
    assert clock("first_reply", asked(9), agreed(1, 12)).due_at == at(10)
    assert trace([asked(9), answered(10), agreed(1, 12)], TERMS)[0].kind == "resolution"


def test_without_terms_there_is_no_clock():
    assert trace([asked(9), answered(10)], TERMS) == []


def test_what_was_told_stays_told():
    warned = Happening(at(9, 46), What.WARNED, clock=("first_reply", at(9)))
    breached = Happening(at(10, 1), What.BREACHED, clock=("first_reply", at(9)))
    soon = clock("first_reply", agreed(1, 9), asked(9), warned)
    assert (soon.warned_at, soon.warn_at) == (at(9, 46), None)
    late = clock("first_reply", agreed(1, 9), asked(9), warned, breached)
    assert (late.breached_at, late.due_at, late.breach_untold) == (at(10), at(10), False)
    assert clock("first_reply", agreed(1, 9), asked(9), answered(11)).breach_untold


def test_the_next_due_is_the_first_of_those_that_run():
    clocks = trace([agreed(1, 9), asked(9), answered(9, 30), asked(10)], TERMS)
    assert next_due(clocks) == at(12)
    assert next_due(trace([agreed(1, 9), asked(9), answered(9, 30)], TERMS)) is None


def test_where_nobody_works_nothing_is_ever_due():
    never = {1: Terms(1, TARGETS, 75, Calendar(ZoneInfo("UTC"), ()))}
    assert trace([agreed(1, 9), asked(9)], never)[0].due_at is None

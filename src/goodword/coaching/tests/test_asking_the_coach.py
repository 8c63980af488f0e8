"""The desk asks the coach through one door, which always answers and never raises."""

import json
import logging
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from goodword import coach
from goodword.coaching import actions
from goodword.coaching.actions import reviewing
from goodword.staff.models import Holiday

THURSDAY = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)


pytestmark = pytest.mark.django_db


def reviewed(draft: str, message: str = "Where is my refund?", **more: object) -> dict[str, object]:
    return actions.review_draft(
        **{"draft": draft, "customer_message": message, "now": THURSDAY, "tz": "UTC"} | more  # type: ignore[arg-type]
    )


def test_a_message_is_read_into_plain_values() -> None:
    reading = actions.read_message("Where is my parcel? I am angry.", at=THURSDAY)
    assert reading["feeling"] == "angry"
    assert reading["questions"][0]["quote"] == "Where is my parcel?"
    assert json.loads(json.dumps(reading)) == reading


def test_a_draft_is_reviewed_with_its_commitments() -> None:
    review = reviewed("Hello Carla, we will refund you by Friday.")
    commitment = review["commitments"][0]  # type: ignore[index]
    assert (commitment["due"], commitment["quote"]) == ("2026-12-25", "we will refund you by Friday")


def test_promises_in_working_days_step_over_the_house_s_holidays() -> None:
    draft = "Hello Carla, we will refund you within two working days."
    assert reviewed(draft)["commitments"][0]["due"] == "2026-12-28"  # type: ignore[index]

    Holiday.objects.create(day=date(2026, 12, 25), name="Christmas")
    assert reviewed(draft)["commitments"][0]["due"] == "2026-12-29"  # type: ignore[index]


def test_a_review_asks_for_the_holidays_and_whether_the_coach_was_changed_and_nothing_else(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        reviewed("Hello.")


@pytest.mark.parametrize("tz", ["", "Mars/Olympus", "../../etc/passwd", "\x00"])
def test_an_unknown_time_zone_counts_as_the_company_s(tz: str, caplog: pytest.LogCaptureFixture) -> None:
    assert reviewed("We will refund you by Friday.", tz=tz)["commitments"]
    assert not caplog.records


@pytest.mark.parametrize("text", ["", "\x00", "\ud800 torn", "🧵" * 5_000, "a" * 400_000, "\r\n\u2028\u202e"])
def test_odd_text_is_answered_like_any_other(text: str, caplog: pytest.LogCaptureFixture) -> None:
    assert actions.read_message(text, at=THURSDAY)["feeling"] == "calm"
    assert "findings" in reviewed(text, text, customer_name=text, agent_name=text, earlier_replies=[text])
    assert not caplog.records


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draft=st.text(max_size=300), message=st.text(max_size=300))
def test_any_text_is_answered(draft: str, message: str) -> None:
    assert set(reviewed(draft, message)) == set(reviewed(""))
    assert set(actions.read_message(message, at=THURSDAY)) == set(actions.read_message("", at=THURSDAY))


def test_a_fault_of_the_coach_is_logged_and_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(coach, "read", fail)
    monkeypatch.setattr(reviewing, "reviewed", fail)

    assert actions.read_message("Where is my parcel?", at=THURSDAY)["questions"] == []
    assert reviewed("We will refund you by Friday.")["commitments"] == []
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.ERROR]

"""Whether an installation says truly how it is."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from procrastinate.contrib.django import app

from goodword.mail.models import MailAccount, Mailbox, OutgoingMail, RawMail
from goodword.ops import health
from goodword.ops.models import Heartbeat

Asked = tuple[int, dict[str, Any]]


def ask(view: Callable[..., Any]) -> Asked:
    """Status and body of a health page."""
    answer = view(RequestFactory().get("/"))
    return answer.status_code, json.loads(answer.content)


@pytest.fixture
def alive(db: None) -> None:
    """Worker and listener gave a sign of life just now."""
    for part in ("worker", "mail listener"):
        Heartbeat.objects.update_or_create(part=part, defaults={"at": timezone.now()})


@pytest.mark.usefixtures("alive")
def test_a_house_where_all_is_well_says_so() -> None:
    status, said = ask(health.readyz)
    assert (status, said["status"]) == (200, "ok")
    assert {check["why"] for check in said["checks"].values()} == {""}


@pytest.mark.django_db
def test_the_process_is_well_without_any_worker() -> None:
    assert ask(health.healthz)[0] == 200


@pytest.mark.django_db
def test_a_worker_that_never_ran_is_told_with_what_to_do() -> None:
    status, said = ask(health.readyz)
    assert status == 503
    assert said["checks"]["worker"]["why"] == (
        "The worker has never run. Start 'goodword serve' or 'goodword worker', which run the jobs."
    )


@pytest.mark.usefixtures("alive")
def test_a_worker_that_fell_silent_is_told() -> None:
    Heartbeat.objects.filter(part="worker").update(at=timezone.now() - timedelta(seconds=100))
    status, said = ask(health.readyz)
    assert (status, said["checks"]["mail_listener"]["ok"]) == (503, True)
    assert said["checks"]["worker"]["why"].startswith(
        "The worker gave its last sign of life 100 seconds ago."
    )


@pytest.mark.usefixtures("alive")
def test_mail_that_does_not_become_a_message_is_told(mailbox: Mailbox) -> None:
    RawMail.objects.create(
        mailbox=mailbox,
        identity="a",
        raw=b"",
        size=0,
        source="smtp",
        received_at=timezone.now() - timedelta(hours=3),
    )
    why = ask(health.readyz)[1]["checks"]["mail_in"]["why"]
    assert why == "1 mail is waiting to become a message, the oldest for 3 hours."


@pytest.mark.usefixtures("alive")
@pytest.mark.parametrize(
    "signs",
    [
        {"missed": 3, "error": "imap.example.org refused to let 'care' in."},
        {"next_at": timezone.now() - timedelta(minutes=10)},
    ],
    ids=["three beats missed", "no reader at all"],
)
def test_a_mail_account_that_gives_no_answer_is_told_without_its_name(
    mailbox: Mailbox, signs: dict[str, Any]
) -> None:
    account = MailAccount.objects.create(
        mailbox=mailbox,
        host="imap.example.org",
        username="care",
        contact_at=timezone.now() - timedelta(minutes=10),
        **signs,
    )
    status, said = ask(health.readyz)
    assert status == 503
    assert said["checks"]["mail_accounts"]["why"] == (
        "1 mail account gives no answer, the longest for 10 minutes. "
        "An administrator sees why under Settings, Mailboxes."
    )
    MailAccount.objects.filter(pk=account.pk).update(paused_at=timezone.now())
    assert ask(health.readyz)[0] == 200


@pytest.mark.usefixtures("alive")
def test_mail_that_does_not_leave_is_told() -> None:
    late = timezone.now() - timedelta(minutes=20)
    for number in range(2):
        OutgoingMail.objects.create(
            message_id=f"<{number}>", sender="care@desk.example", subject="x", raw=b"", not_before=late
        )
    why = ask(health.readyz)[1]["checks"]["mail_out"]["why"]
    assert why == "2 mails are waiting to be sent, the oldest for 20 minutes."


@pytest.mark.usefixtures("alive")
def test_jobs_that_do_not_move_are_told() -> None:
    job = app.configure_task("mail.sweep", allow_unknown=True).defer(timestamp=0)
    assert ask(health.readyz)[0] == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '9 minutes' WHERE job_id = %s", [job]
        )
    why = ask(health.readyz)[1]["checks"]["jobs"]["why"]
    assert why == "1 job is waiting to run, the oldest for 9 minutes. Is a worker running?"


@pytest.mark.usefixtures("alive")
def test_a_job_for_later_is_not_late() -> None:
    later = timezone.now() + timedelta(hours=1)
    job = app.configure_task("mail.sweep", allow_unknown=True, schedule_at=later).defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '9 minutes' WHERE job_id = %s", [job]
        )
    assert ask(health.readyz)[0] == 200


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_told_without_its_address() -> None:
    connection.close()
    here = connection.settings_dict["HOST"]
    connection.close_pool()
    pool = connection.settings_dict["OPTIONS"]["pool"]
    before = pool["timeout"]
    connection.settings_dict["HOST"], pool["timeout"] = "/nowhere", 0.5
    try:
        status, said = ask(health.healthz)
    finally:
        connection.close_pool()
        connection.settings_dict["HOST"], pool["timeout"] = here, before
    assert status == 503
    assert said["checks"]["database"] == {
        "ok": False,
        "why": "The database does not answer; the server's log says why.",
    }

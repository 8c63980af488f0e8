"""Whoever was erased stays erased when an older backup is put back, and nobody else is taken for them."""

import argparse
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from tests.erasing.marks import found

from goodword.customers import actions
from goodword.customers.erasing import marks_of
from goodword.customers.models import Customer, CustomerAddress, Erasure
from goodword.inbox import actions as inbox
from goodword.mail.models import OutgoingMail
from goodword.ops.backup import erasures
from goodword.ops.backup.making import make
from goodword.ops.commands import restore as command
from goodword.promises import actions as promises

pytestmark = pytest.mark.django_db(transaction=True)


def quietly(what: str, done: int, total: int | None) -> None:
    """Nobody looks on."""


@pytest.fixture(autouse=True)
def own_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of this test alone."""
    monkeypatch.setattr(erasures, "place", lambda: tmp_path / "erasures.jsonl")
    monkeypatch.setattr(command, "keep_key", lambda folder, key: None)
    return tmp_path / "erasures.jsonl"


def put_back(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`goodword restore FILE --replace --yes`, in this database."""
    monkeypatch.setenv("DATABASE_URL", "postgresql:///this-one")  # so that none is started
    monkeypatch.setenv("GOODWORD_SECRET_KEY", settings.SECRET_KEY)
    connection.close()
    connection.close_pool()
    given = argparse.Namespace(file=file, replace=True, yes=True, keep_queue=False, erasures=None)
    assert command.run(given) == 0


def open_case(customer: Customer, agent: object) -> None:
    """A conversation with an open promise, as it stood when the backup was made."""
    place = inbox.open_conversation(customer=customer, subject="zyxmark", text="zyxmark is angry")
    promise = promises.NewPromise(what="zyxmark", quote="", due_at=None, whole_day=False, due_text="")
    inbox.add_promise(conversation=place, agent=agent, promise=promise)


def erase(customer: Customer, administrator: object) -> Erasure:
    for promise in customer.promises.all():
        promises.keep(promise=promise, agent=administrator)
    return actions.finish(actions.erase(customer=customer, by=administrator, number=str(customer.pk)))


def test_an_older_backup_does_not_bring_an_erased_person_back(owner, administrator, tmp_path, monkeypatch):
    person = actions.customer_of(address="zyxmark@example.org", name="Zyxmark")
    open_case(person, owner)
    make(tmp_path / "older", progress=quietly)
    first = erase(person, administrator)
    assert found("zyxmark") == {}
    put_back(tmp_path / "older", monkeypatch)
    assert found("zyxmark") == {}
    again = Erasure.objects.get(key=first.key)
    assert again.finished_at is not None
    assert str(Customer.objects.get(pk=person.pk)) == "Erased person"
    assert len(erasures.read(erasures.place())) == 1
    assert erasures.repeat() == 0


def test_the_list_is_made_up_from_the_database_that_is_replaced(
    administrator, own_list, tmp_path, monkeypatch
):
    person = actions.customer_of(address="zyxmark@example.org", name="Zyxmark")
    make(tmp_path / "older", progress=quietly)
    erase(person, administrator)
    own_list.unlink()  # another machine did it
    put_back(tmp_path / "older", monkeypatch)
    assert found("zyxmark") == {}


def test_who_was_joined_into_them_only_later_is_erased_too(administrator, tmp_path, monkeypatch):
    kept = actions.customer_of(address="zyxmark@example.org", name="Zyxmark")
    gone = actions.customer_of(address="second.zyxmark@example.org", name="Zyxmark Two")
    make(tmp_path / "older", progress=quietly)
    actions.join(gone=gone, kept=kept, agent=administrator)
    erase(kept, administrator)
    put_back(tmp_path / "older", monkeypatch)
    assert found("zyxmark") == {}
    assert Customer.objects.exclude(erased_at=None).count() == 2


def test_another_customer_of_the_same_number_is_left_alone_and_said(customer, capsys):
    erasures.add(
        [
            {
                "key": "7d5a7a4e-31b5-4b13-8f0e-0f3d6d1f2a11",
                "number": customer.pk,
                "numbers": [customer.pk],
                "marks": ["0" * 64],
                "at": timezone.now().isoformat(),
            }
        ]
    )
    assert erasures.repeat() == 0
    assert f"Customer {customer.pk} was erased" in capsys.readouterr().out
    assert CustomerAddress.objects.filter(customer=customer).exists()
    assert erasures.repeat() == 0


def test_a_line_cut_off_by_a_crash_costs_no_other(customer, administrator, own_list):
    own_list.write_text('{"key": "cut o')
    erase(customer, administrator)
    assert [line["number"] for line in erasures.read(own_list)] == [customer.pk]


def test_the_list_holds_no_word_of_anybody(customer, administrator, own_list):
    erase(customer, administrator)
    text = own_list.read_text().lower()
    assert "carla" not in text
    assert own_list.stat().st_mode & 0o077 == 0


def test_what_cannot_be_finished_at_once_keeps_no_house_from_starting(customer, owner, mailbox):
    place = inbox.open_conversation(customer=customer, subject="A lamp", text="Hm.", mailbox=mailbox)
    inbox.reply(conversation=place, agent=owner, markdown="Sorry.")
    OutgoingMail.objects.update(state="sending", lease_until=timezone.now() + timedelta(minutes=5))
    line = {
        "key": "7d5a7a4e-31b5-4b13-8f0e-0f3d6d1f2a12",
        "number": customer.pk,
        "numbers": [customer.pk],
        "marks": marks_of(customer, []),
        "at": timezone.now().isoformat(),
    }
    erasures.add([line])
    assert erasures.repeat() == 1
    assert Erasure.objects.get().finished_at is None
    assert not CustomerAddress.objects.filter(customer=customer).exists()

"""Mail made to hurt goes the whole way in, and the desk hands out what is enclosed in it as it came."""

import pytest
from django.test import Client

from goodword.inbox.models import Attachment, Message
from goodword.mail.actions import accept
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, RawMail
from goodword.mail.tests.hostile import MAKERS, PNG, SENDER, mixed, part
from goodword.mail.tests.test_hostile_mail import REFUSED

# Several of them are some megabytes long: one worker has them all, one after the other.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("hostile")]
FETCHED = 12


def brought_in(raw: bytes, *envelope_to: str) -> RawMail:
    accepted = accept(
        raw=raw, source="smtp", envelope_from="carla@example.org", envelope_to=envelope_to, nudged=False
    )
    turn_waiting()
    assert accepted.mail is not None
    return RawMail.objects.get(pk=accepted.mail.pk)


def downloaded(browser: Client, message: Message) -> list[bytes]:
    """The files of a message as its page links them; of hundreds the first few by the browser."""
    page = browser.get(f"/conversations/{message.conversation_id}/").content.decode()
    found = []
    for number, file in enumerate(Attachment.objects.filter(message=message).select_related("blob")):
        assert f"/attachments/{file.pk}/" in page
        data = bytes(file.blob.data)
        if number < FETCHED:
            answer = browser.get(f"/attachments/{file.pk}/{file.filename or 'file'}")
            assert answer.status_code == 200
            assert answer.getvalue() == data
        found.append(data)
    return found


@pytest.mark.parametrize("name", MAKERS)
def test_it_goes_the_whole_way_in_and_every_file_is_one_click_away(
    name: str, mailbox: Mailbox, browser: Client
) -> None:
    raw, files = MAKERS[name]()
    kept = brought_in(raw)
    assert bytes(kept.raw) == raw
    if name in REFUSED:
        assert kept.state == RawMail.State.NEEDS_PERSON
        assert "in a mail program" in kept.reason
        return
    assert kept.state == RawMail.State.DONE, kept.reason
    found = downloaded(browser, Message.objects.get(raw_mail=kept))
    assert all(data in found for data in files)


def test_a_mail_handed_over_for_three_thousand_recipients_is_one_message(mailbox: Mailbox) -> None:
    raw = MAKERS["three_thousand_recipients_in_to"]()[0]
    everybody = [mailbox.address, *(f"p{number}@example.org" for number in range(3_000))]
    assert brought_in(raw, *everybody).state == RawMail.State.DONE
    assert Message.objects.count() == 1


def test_an_enclosed_mail_is_one_file_that_holds_its_own(mailbox: Mailbox, browser: Client) -> None:
    inner = mixed(part(b"image/png", PNG, name=b"cup.png"), boundary=b"inner")
    outer = mixed(
        part(b"message/rfc822", inner, encoding=b"7bit"), part(b"image/png", PNG[:50], name=b"b.png")
    )
    kept = brought_in(outer)
    found = downloaded(browser, Message.objects.get(raw_mail=kept))
    assert len(found) == 2
    assert SENDER in found[0]
    assert found[0].strip() == inner.strip()

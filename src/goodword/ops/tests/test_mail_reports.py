"""What the large mail senders report of our mail reaches the mail and the people it is about."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.mail import get_connection

from goodword.kit import config
from goodword.mail.models import OutgoingMail, Suppression
from goodword.mail.queries import suppressed
from goodword.mail.sending import PreparedMail

from .serving import served
from .test_mail_hooks import HOOKS, KEY, Posted, basic, by_sns, signed_by_mandrill

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailWarning"),
]
OURS = "<reply-1@desk.example>"
PROVIDERS = {
    "test": {},
    "postal": {"api_key": "k", "api_url": "https://postal.example"},
    "mailersend": {"api_token": "t"},
}
PROVIDED = {"test": {"goodword_message_id": OURS}}
CARLA = "carla@example.org"
NOBODY = "550 5.1.1 There is nobody of that name"


@pytest.fixture
def house(db: None, settings: Any) -> Iterator[str]:
    """A house that lets these senders report."""
    settings.CONFIG = config.load({"GOODWORD_MAIL_HOOKS": HOOKS})
    with served() as address:
        yield address


@pytest.fixture
def mail(db: None) -> OutgoingMail:
    """A mail of ours that left."""
    return OutgoingMail.objects.create(
        message_id=OURS,
        sender="care@desk.example",
        recipients=[CARLA],
        subject="Hello",
        raw=b"",
        state="sent",
    )


def mailgun(event: str, **more: Any) -> Posted:
    token, moment = "t" * 50, "1795341600"
    signature = hmac.new(KEY.encode(), f"{moment}{token}".encode(), hashlib.sha256).hexdigest()
    said = {
        "signature": {"timestamp": moment, "token": token, "signature": signature},
        "event-data": {
            "event": event,
            "timestamp": 1795341600.1,
            "recipient": CARLA,
            "message": {"headers": {"message-id": OURS.strip("<>")}},
            **more,
        },
    }
    return Posted("mailgun/tracking/", json.dumps(said).encode())


def mailgun_bounce() -> Posted:
    return mailgun("failed", severity="permanent", **{"delivery-status": {"message": NOBODY, "code": 550}})


def postmark_bounce() -> Posted:
    said = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "Email": CARLA,
        "Details": NOBODY,
        "MessageID": "a number of Postmark's own",
        "Metadata": {"goodword_message_id": OURS},
    }
    return Posted("postmark/tracking/", json.dumps(said).encode(), headers=basic())


def amazon_bounce() -> Posted:
    event = {
        "notificationType": "Bounce",
        "mail": {"messageId": "a number of Amazon's own", "commonHeaders": {"messageId": OURS}},
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": CARLA, "diagnosticCode": NOBODY}],
        },
    }
    return by_sns("Notification", event, path="amazon_ses/tracking/")


def sendgrid_bounce() -> Posted:
    event = {"event": "bounce", "email": CARLA, "smtp-id": OURS, "reason": NOBODY, "timestamp": 1795341600}
    return Posted("sendgrid/tracking/", json.dumps([event]).encode(), headers=basic())


def mandrill_bounce() -> Posted:
    message = {"email": CARLA, "diag": NOBODY, "metadata": {"goodword_message_id": OURS}}
    return signed_by_mandrill(
        "mandrill/tracking/", [{"event": "hard_bounce", "ts": 1795341600, "msg": message}]
    )


@pytest.mark.parametrize(
    "made", [mailgun_bounce, postmark_bounce, amazon_bounce, sendgrid_bounce, mandrill_bounce]
)
def test_a_mail_that_did_not_arrive_is_marked_and_nobody_writes_there_again(
    house: str, mail: OutgoingMail, made: Callable[[], Posted]
) -> None:
    assert [made().to(house).status_code for _time in range(2)] == [200, 200]
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.FAILED
    assert NOBODY in mail.error
    assert suppressed([CARLA])[CARLA].reason == Suppression.Reason.BOUNCED


@pytest.mark.parametrize("provider", ["test", "postal", "mailersend"])
def test_our_message_id_travels_along_where_a_provider_takes_it(mail: OutgoingMail, provider: str) -> None:
    OutgoingMail.objects.update(raw=b"Message-ID: <reply-1@desk.example>\r\nSubject: Hello\r\n\r\nHello.\r\n")
    mail.refresh_from_db()
    way_out = get_connection(f"anymail.backends.{provider}.EmailBackend", **PROVIDERS[provider])
    prepared = PreparedMail(mail, way_out)
    assert getattr(prepared, "metadata", None) == PROVIDED.get(provider)
    # A provider that does not take it would refuse the whole mail here.
    way_out.build_message_payload(prepared, way_out.send_defaults)


def test_a_mail_that_only_has_to_wait_is_left_alone(house: str, mail: OutgoingMail) -> None:
    assert mailgun("failed", severity="temporary").to(house).status_code == 200
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.SENT


def test_a_mail_that_arrived_is_no_longer_in_doubt(house: str, mail: OutgoingMail) -> None:
    OutgoingMail.objects.update(state=OutgoingMail.State.UNKNOWN, error="It may have left.")
    assert mailgun("delivered").to(house).status_code == 200
    mail.refresh_from_db()
    assert (mail.state, mail.error) == (OutgoingMail.State.SENT, "")


@pytest.mark.parametrize(
    ("event", "reason"),
    [("complained", Suppression.Reason.COMPLAINED), ("unsubscribed", Suppression.Reason.UNSUBSCRIBED)],
)
def test_who_complains_or_unsubscribes_gets_no_more_notices(
    house: str, mail: OutgoingMail, event: str, reason: Suppression.Reason
) -> None:
    assert [mailgun(event).to(house).status_code for _time in range(2)] == [200, 200]
    assert [(one.address, one.reason, one.everything) for one in Suppression.objects.all()] == [
        (CARLA, reason, False)
    ]


@pytest.mark.parametrize("odd", ["\x00", "\ud800"])
def test_what_the_database_takes_in_no_text_keeps_no_report_from_it(
    house: str, mail: OutgoingMail, odd: str
) -> None:
    event = {"event": "bounce", "email": CARLA, "smtp-id": OURS, "reason": f"{NOBODY}{odd}"}
    call = Posted("sendgrid/tracking/", json.dumps([event]).encode(), headers=basic())
    assert call.to(house).status_code == 200
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.FAILED
    event |= {"event": "spamreport", "smtp-id": f"<{odd}@desk.example>"}
    assert Posted("sendgrid/tracking/", json.dumps([event]).encode(), headers=basic()).to(house).ok


def test_reports_of_strangers_and_about_others_change_nothing(house: str, mail: OutgoingMail) -> None:
    forged = mailgun_bounce()
    forged.body = forged.body.replace(b"tttt", b"ssss")
    assert forged.to(house).status_code == 403
    OutgoingMail.objects.update(message_id="<another@desk.example>")
    assert mailgun_bounce().to(house).status_code == 200
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.SENT
    assert not Suppression.objects.exists()

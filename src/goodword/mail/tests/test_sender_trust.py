"""Whether a sender is who they say is believed of our own servers, and of nothing that came with the mail."""

from dataclasses import replace

import pytest

from goodword.mail import trust
from goodword.mail.actions import accept
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, RawMail
from goodword.mail.parsing import ParsedMail, parse

OURS = "mx.desk.example"
TRUSTED = {OURS}


def mail(*fields: str, sender: str = "carla@example.org") -> ParsedMail:
    lines = "".join(f"{field}\r\n" for field in fields)
    return parse(f"{lines}From: {sender}\r\nSubject: Hello\r\n\r\nHi\r\n".encode())


def said(*fields: str, sender: str = "carla@example.org", trusted: set[str] = TRUSTED) -> dict[str, str]:
    return trust.authentication(mail(*fields, sender=sender), trusted=trusted)


def verdict(value: str, *, sender: str = "carla@example.org") -> str:
    return said(f"Authentication-Results: {OURS}; {value}", sender=sender).get("sender", "")


def test_what_a_trusted_server_found_is_kept() -> None:
    found = said(
        f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom=bounces@example.org;\r\n"
        "\tdkim=pass header.d=example.org; dmarc=pass (p=REJECT) header.from=example.org"
    )
    assert found == {
        "by": OURS,
        "spf": "pass",
        "spf_domain": "example.org",
        "dkim": "pass",
        "dkim_domain": "example.org",
        "dmarc": "pass",
        "dmarc_domain": "example.org",
        "sender": "confirmed",
    }


def test_nobody_is_believed_without_being_named() -> None:
    field = "Authentication-Results: mx.example.net; dmarc=pass"
    assert said(field) == {}
    assert said(f"Authentication-Results: {OURS}; dmarc=pass", trusted=set()) == {}


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("dmarc=pass", "confirmed"),
        ("dmarc=fail", "forged"),
        ("DMARC = Fail (p=none dis=none) header.from=example.org", "forged"),
        ("dmarc=none; spf=pass smtp.mailfrom=example.org", "confirmed"),
        ("dkim=pass header.i=@example.org", "confirmed"),
        ("dkim=fail header.d=list.example.net; dkim=pass header.d=example.org", "confirmed"),
        ("dkim=pass header.d=example.net", ""),
        ("spf=pass smtp.mailfrom=carla@example.net", ""),
        ("spf=fail smtp.mailfrom=example.org; dkim=fail header.d=example.org", "forged"),
        ("spf=softfail smtp.mailfrom=example.org; dkim=none", ""),
        ("spf=fail smtp.mailfrom=example.net; dkim=fail header.d=example.net", ""),
        ("dmarc=temperror", ""),
        ("dmarc=pass header.from=example.net", ""),
        ("none", ""),
        ("", ""),
    ],
)
def test_the_verdict_goes_by_policy_and_by_the_senders_own_domain(value: str, sender: str) -> None:
    assert verdict(value) == sender


def test_a_shared_domain_vouches_for_nobody_above_it() -> None:
    assert verdict("dkim=pass header.d=evil.pages.example", sender="team@pages.example") == ""
    assert verdict("dkim=pass header.d=example.org", sender="team@shop.example.org") == "confirmed"


@pytest.mark.parametrize(
    "field",
    [
        f"Authentication-Results: {OURS} 1; dmarc=pass",
        f"Authentication-Results: (our own) {OURS.upper()} (front) 1 (of it); (yes) dmarc (policy) = pass",
        f'Authentication-Results: "{OURS}"; dmarc=pass reason="it is; well"',
        f"authentication-results: {OURS}; none;dmarc/1=pass",
        f"Authentication-Results: {OURS};\r\n dmarc=pass (a (nested) \\) comment; dmarc=fail)",
    ],
)
def test_every_way_of_writing_the_field_is_read(field: str) -> None:
    assert said(field).get("sender") == "confirmed"


@pytest.mark.parametrize(
    "field",
    [
        f"Authentication-Results: {OURS} 2; dmarc=pass",
        f"Authentication-Results: {OURS}; dmarc/2=pass",
        f"Authentication-Results: {OURS}; x-dmarc=pass",
        f"Authentication-Results: {OURS}; (dmarc=pass)",
        f'Authentication-Results: {OURS}; spf=none reason="; dmarc=pass"',
        f"Authentication-Results: {OURS}.evil.example; dmarc=pass",
        f"Authentication-Results: evil.example ({OURS}); dmarc=pass",
        f"ARC-Authentication-Results: i=1; {OURS}; dmarc=pass",
        f"X-Authentication-Results: {OURS}; dmarc=pass",
    ],
)
def test_what_only_looks_like_it_is_no_word_of_ours(field: str) -> None:
    assert said(field).get("sender") is None


def test_several_fields_of_our_server_are_one_word() -> None:
    found = said(
        f"Authentication-Results: {OURS}; dmarc=pass header.from=example.org",
        f"Authentication-Results: {OURS}; dkim=pass header.d=example.org",
        f"Authentication-Results: {OURS}; spf=fail smtp.mailfrom=example.net",
    )
    assert (found["dmarc"], found["dkim"], found["spf"]) == ("pass", "pass", "fail")


def test_a_field_that_came_with_the_mail_counts_for_nothing() -> None:
    ours, forged = f"Authentication-Results: {OURS}; spf=none", f"Authentication-Results: {OURS}; dmarc=pass"
    assert "sender" not in said(ours, "Received: from evil.example by mx.desk.example", forged)
    assert "sender" not in said(ours, "Authentication-Results: evil.example; spf=pass", forged)
    assert said(f"Authentication-Results: {OURS}; dmarc=fail", forged)["sender"] == "forged"


def test_a_server_that_gives_no_name_is_trusted_by_that() -> None:
    field = "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.org;"
    field += " dkim=pass header.d=example.org;dmarc=pass action=none header.from=example.org;compauth=pass"
    assert said(field) == {}
    assert said(field, trusted={"unnamed"})["sender"] == "confirmed"
    assert said(f"Authentication-Results: {OURS}; dmarc=pass", trusted={"unnamed"}) == {}


def test_a_field_without_end_is_read_in_no_time() -> None:
    for value in (
        "(" * 60_000,
        '"' * 60_001,
        "dkim=fail;" * 6_000,
        "spf=" * 15_000,
        f"{OURS}; " + "a " * 30_000,
    ):
        assert isinstance(said(f"Authentication-Results: {OURS}; {value}"), dict)


@pytest.mark.django_db
def test_the_verdict_is_kept_with_the_mail(
    mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]], settings
) -> None:
    settings.CONFIG = replace(settings.CONFIG, mail_trusted_servers=(OURS,))
    raw = f"Authentication-Results: {OURS}; dmarc=fail\r\nFrom: carla@example.org\r\n\r\nHi\r\n".encode()
    accept(raw=raw, source="smtp")
    turn_waiting()
    assert RawMail.objects.get().authentication == {"by": OURS, "dmarc": "fail", "sender": "forged"}

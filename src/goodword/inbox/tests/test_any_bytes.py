"""Whatever bytes are handed over: kept and turned, kept with a reason, or refused as nothing at all."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.inbox.models import Message
from goodword.mail.actions import Unusable, accept
from goodword.mail.intake import turn_waiting
from goodword.mail.models import RawMail
from goodword.mail.tests.test_reading_mail import PIECES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]
BYTES = st.lists(st.one_of(PIECES, st.binary(max_size=40)), max_size=30).map(b"".join)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BYTES, st.sampled_from([None, "carla@example.org", "odd name@", "@"]))
def test_any_bytes_become_a_message_or_need_a_person_or_are_nothing(raw: bytes, sender: str | None) -> None:
    try:
        accepted = accept(raw=raw, source="test", envelope_from=sender, nudged=False)
    except Unusable:
        assert not raw.strip()
        return
    turn_waiting()
    assert accepted.mail is not None
    row = RawMail.objects.get(pk=accepted.mail.pk)
    if accepted.created:
        assert bytes(row.raw) == raw
    if row.state == RawMail.State.DONE:
        assert row.reason or Message.objects.filter(raw_mail=row).exists()
        return
    assert row.state == RawMail.State.NEEDS_PERSON
    assert row.reason
    assert "stumbled" not in row.reason
    assert "refused this" not in row.reason

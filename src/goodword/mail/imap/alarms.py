"""Which accounts give no answer: never a silent reader."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from goodword.mail.models import MailAccount

MISSED_BEATS = 3
# No sign of life at all for so long means that nobody reads, or that a reader hangs.
SILENCE = timedelta(minutes=6)


def silent_accounts() -> "QuerySet[MailAccount]":
    """The accounts that missed three beats, or that nobody heard of for as long; the longest silent first."""
    return (
        MailAccount.objects.filter(paused_at=None)
        .annotate(heard=Coalesce("contact_at", "created_at"))
        .annotate(expected=Greatest("heard", F("next_at")))
        .filter(Q(missed__gte=MISSED_BEATS) | Q(expected__lt=timezone.now() - SILENCE))
        .order_by("heard")
    )


def is_silent(account: MailAccount, now: datetime) -> bool:
    """The same of one account that was read already."""
    expected = max(last_heard(account), account.next_at)
    return account.paused_at is None and (account.missed >= MISSED_BEATS or expected < now - SILENCE)


def last_heard(account: MailAccount) -> datetime:
    """Its last answer or, where there never was one, when it was added."""
    return account.contact_at or account.created_at

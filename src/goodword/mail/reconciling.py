"""What was handed to us held against what became of it: each mailbox, each day, and nothing unexplained.

Every entry of the journal (`Delivery`) stands in one bucket, by one definition: the figures count these
buckets, and the lists behind the figures show them.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.mail import registry
from goodword.mail.models import Delivery, MailAccount, Mailbox, RawMail

NAMED = 100
Outcome, State = Delivery.Outcome, RawMail.State


class Bucket(models.TextChoices):
    """What became of a delivery."""

    MESSAGE = "message", _("turned into messages")
    AUTOMATIC = "automatic", _("automatic mail and reports, recorded")
    RECORDED = "recorded", _("our own mail and second copies, recorded")
    REPEATED = "repeated", _("delivered before")
    REMOVED = "removed", _("deleted here for good")
    UNUSABLE = "unusable", _("empty, refused")
    SET_ASIDE = "set-aside", _("set aside by somebody")
    NEEDS_PERSON = "needs-person", _("needs a person")
    WAITING = "waiting", _("waiting to be read")
    UNEXPLAINED = "unexplained", _("unexplained")


RECORDED_ONLY = (
    Bucket.AUTOMATIC,
    Bucket.RECORDED,
    Bucket.REPEATED,
    Bucket.REMOVED,
    Bucket.UNUSABLE,
    Bucket.SET_ASIDE,
)


@dataclass
class Line:
    """One mailbox on one day. `server` is how many mails its accounts' servers have of that day, where asked
    and known; `unmet` how many of them never came here, on days that are over.
    """

    mailbox: Mailbox
    day: date
    counts: dict[Bucket, int] = field(default_factory=lambda: dict.fromkeys(Bucket, 0))
    sources: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    kept: int = 0
    strays: int = 0
    server: int | None = None
    unmet: int = 0

    @property
    def delivered(self) -> int:
        """How often a mail was handed over."""
        return sum(self.counts.values())

    @property
    def messages(self) -> int:
        return self.counts[Bucket.MESSAGE]

    @property
    def recorded(self) -> int:
        """What needed no message that anybody answers."""
        return sum(self.counts[bucket] for bucket in RECORDED_ONLY)

    @property
    def needs_person(self) -> int:
        return self.counts[Bucket.NEEDS_PERSON]

    @property
    def waiting(self) -> int:
        return self.counts[Bucket.WAITING]

    @property
    def unexplained(self) -> int:
        """Must be nought: lost ones, stored ones without an entry, ones that only a server has."""
        return self.counts[Bucket.UNEXPLAINED] + self.strays + self.unmet


def reconcile(
    *,
    first: date,
    last: date,
    mailboxes: Collection[int] | None = None,
    ask_servers: bool = False,
) -> list[Line]:
    """The days on which anything came, newest first; of these mailboxes, or of all.

    With `ask_servers` the accounts' servers are asked how many mails they have, which takes as long as they
    take. Days are those of the house's time zone.
    """
    boxes = {box.pk: box for box in Mailbox.objects.all() if mailboxes is None or box.pk in mailboxes}
    lines: dict[tuple[int, date], Line] = {}

    def line(mailbox: int, day: date) -> Line:
        return lines.setdefault((mailbox, day), Line(boxes[mailbox], day))

    found = _entries(boxes, first, last).annotate(day=_day("at"))
    for mailbox, day, source, outcome, bucket, count in (
        found.values("mailbox", "day", "source", "outcome", "bucket")
        .annotate(count=Count("pk"))
        .values_list("mailbox", "day", "source", "outcome", "bucket", "count")
    ):
        one = line(mailbox, day)
        one.counts[Bucket(bucket)] += count
        one.sources[source] += count
        one.kept += count if outcome == Outcome.KEPT else 0
    lost = strays(mailboxes=boxes, first=first, last=last).annotate(day=_day("received_at"))
    for mailbox, day, count in (
        lost.order_by()
        .values("mailbox", "day")
        .annotate(count=Count("pk"))
        .values_list("mailbox", "day", "count")
    ):
        line(mailbox, day).strays = count
    if ask_servers:
        _ask(boxes, first, last, lines)
    return sorted(lines.values(), key=lambda one: (-one.day.toordinal(), one.mailbox.address))


def entries(
    *, mailbox: int, day: date, buckets: Collection[Bucket] | None = None, kept: bool = False
) -> "QuerySet[Delivery]":
    """The entries of the journal behind a figure, newest first: of these buckets or of all; or all kept."""
    found = _entries([mailbox], day, day)
    if buckets is not None:
        found = found.filter(Q(bucket__in=list(buckets)))
    if kept:
        found = found.filter(outcome=Outcome.KEPT)
    return found.select_related("raw_mail", "account").defer("raw_mail__raw").order_by("-id")


def strays(*, mailboxes: Collection[int], first: date, last: date) -> "QuerySet[RawMail]":
    """Mails of these days that are stored without an entry in the journal; there must be none."""
    start, end = _between(first, last)
    entry = Delivery.objects.filter(raw_mail=OuterRef("pk"))
    found = RawMail.objects.filter(mailbox__in=list(mailboxes), received_at__gte=start, received_at__lt=end)
    return found.filter(~Exists(entry)).defer("raw").order_by("-id")


def unexplained(lines: Sequence[Line]) -> list[str]:
    """What is unexplained in these lines, each named: 'delivery 12', 'mail 34', '3 on the server of …'."""
    named: list[str] = []
    for one in lines:
        if one.counts[Bucket.UNEXPLAINED]:
            found = entries(mailbox=one.mailbox.pk, day=one.day, buckets=[Bucket.UNEXPLAINED])
            named += [f"delivery {pk}" for pk in found.values_list("pk", flat=True)[:NAMED]]
        if one.strays:
            lost = strays(mailboxes=[one.mailbox.pk], first=one.day, last=one.day)
            named += [f"mail {pk}" for pk in lost.values_list("pk", flat=True)[:NAMED]]
        if one.unmet:
            named.append(f"{one.unmet} on the server of {one.mailbox.address} of {one.day}")
    return named


def _entries(mailboxes: Collection[int], first: date, last: date) -> "QuerySet[Delivery]":
    start, end = _between(first, last)
    found = Delivery.objects.filter(mailbox__in=list(mailboxes), at__gte=start, at__lt=end)
    made = next((made() for made in registry.messages), None)
    kind: F | Value = F(f"raw_mail__{made.kind}") if made else Value(None, output_field=models.CharField())
    return found.annotate(kind=kind, bucket=_bucket(made.recorded if made else ()))


def _bucket(recorded: Collection[str]) -> Case:
    """The one definition of what became of a delivery; the first that fits counts."""
    return Case(
        When(outcome=Outcome.REMOVED, then=Value(Bucket.REMOVED)),
        When(outcome=Outcome.UNUSABLE, then=Value(Bucket.UNUSABLE)),
        When(raw_mail=None, then=Value(Bucket.UNEXPLAINED)),
        When(outcome=Outcome.REPEATED, then=Value(Bucket.REPEATED)),
        When(raw_mail__state=State.WAITING, then=Value(Bucket.WAITING)),
        When(raw_mail__state=State.NEEDS_PERSON, then=Value(Bucket.NEEDS_PERSON)),
        When(raw_mail__state=State.SET_ASIDE, then=Value(Bucket.SET_ASIDE)),
        When(kind__in=list(recorded), then=Value(Bucket.AUTOMATIC)),
        When(kind__isnull=False, then=Value(Bucket.MESSAGE)),
        When(~Q(raw_mail__reason=""), then=Value(Bucket.RECORDED)),
        default=Value(Bucket.UNEXPLAINED),
        output_field=models.CharField(),
    )


def _ask(boxes: dict[int, Mailbox], first: date, last: date, lines: dict[tuple[int, date], Line]) -> None:
    """Hold what the servers have against what came from them."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    accounts = list(MailAccount.objects.filter(mailbox__in=boxes).order_by("id"))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    came = _came(accounts, first, last)
    for account in accounts:
        for day in days:
            said = [count(account, day) for count in registry.server_counts]
            known = next((number for number in said if number is not None), None)
            if known is None or (known == 0 and (account.mailbox_id, day) not in lines):
                continue
            one = lines.setdefault((account.mailbox_id, day), Line(boxes[account.mailbox_id], day))
            one.server = (one.server or 0) + known
            if day < today and _is_read(account, day):
                one.unmet += max(0, known - came[account.pk, day])


def _is_read(account: MailAccount, day: date) -> bool:
    """Whether all that the server has of a day that is over must be here by now."""
    if account.paused_at is not None:
        return False
    if day > timezone.localdate(account.created_at, timezone.get_default_timezone()):
        return True
    return account.reads_older and account.last_uid >= account.silent_to


def _came(accounts: Sequence[MailAccount], first: date, last: date) -> dict[tuple[int, date], int]:
    """How many mails of the folder, as it is numbered now, came from each account on each day."""
    start, end = _between(first, last)
    found = Delivery.objects.filter(
        account__in=accounts, uid_validity=F("account__uid_validity"), at__gte=start, at__lt=end
    )
    rows = found.annotate(day=_day("at")).values("account", "day").annotate(count=Count("pk"))
    counts: dict[tuple[int, date], int] = defaultdict(int)
    counts.update({(row["account"], row["day"]): row["count"] for row in rows})
    return counts


def _day(moment: str) -> TruncDate:
    return TruncDate(moment, tzinfo=timezone.get_default_timezone())


def _between(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments at which the first day begins and the last one is over."""
    zone = timezone.get_default_timezone()
    start = datetime.combine(first, datetime.min.time(), zone)
    return start, datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)

"""Mail of an account that a person has to look at, because it could not be fetched or kept as others are."""

import hashlib
from typing import Any

from goodword.events.actions import record
from goodword.mail.actions.accepting import Fetched
from goodword.mail.identities import tombstone_name
from goodword.mail.models import Delivery, RawMail, Tombstone


def keep_aside(*, fetched: Fetched, raw: bytes, reason: str) -> None:
    """Put a mail under 'Needs a person' with what there is of its bytes, in the caller's transaction.

    Its identity is not that of the mail itself, which may still come whole, some other way. One that was
    deleted for good stays deleted.
    """
    account = fetched.account
    which: dict[str, Any] = {"mailbox": account.mailbox, "identity": _identity(fetched, raw)}
    kept, outcome = None, Delivery.Outcome.REMOVED
    graves = Tombstone.objects.filter(
        mailbox=account.mailbox, identity__in=[which["identity"], tombstone_name(which["identity"])]
    )
    if not graves.exists():
        told = {"size": len(raw), "source": "imap", "state": RawMail.State.NEEDS_PERSON, "reason": reason}
        kept, created = RawMail.objects.get_or_create(**which, defaults={"raw": raw, **told})
        outcome = Delivery.Outcome.KEPT if created else Delivery.Outcome.REPEATED
    Delivery.objects.bulk_create(
        [
            Delivery(
                mailbox=account.mailbox,
                raw_mail=kept,
                account=account,
                uid_validity=fetched.uid_validity,
                uid=fetched.uid,
                source="imap",
                outcome=outcome,
                **({"at": fetched.at} if fetched.at else {}),
            )
        ],
        ignore_conflicts=True,
    )
    if kept is not None and outcome == Delivery.Outcome.KEPT:
        data = {"raw_mail": kept.pk, "reason": reason[:500]}
        record("mail.needs_person", mailbox_id=account.mailbox_id, data=data)


def _identity(fetched: Fetched, raw: bytes) -> str:
    if raw:
        return f"aside sha256:{hashlib.sha256(raw).hexdigest()}"
    return f"aside imap {fetched.account.pk} {fetched.uid_validity} {fetched.uid}"

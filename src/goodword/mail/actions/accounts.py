"""The verbs of accounts on other mail servers, from which mail is fetched."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from goodword.events.actions import record
from goodword.kit.sealing import seal
from goodword.mail.imap.connecting import connect
from goodword.mail.imap.credentials import Credentials
from goodword.mail.models import Delivery, MailAccount


@dataclass(frozen=True, slots=True)
class Reached:
    """What was found in a folder: how it numbers its mail, the next number, and how many mails there are."""

    uid_validity: int
    following: int
    mails: int


def try_account(*, account: MailAccount, credentials: Credentials | None = None) -> Reached:
    """Sign in and open the folder as reading will; raises Trouble with a sentence that says what failed.

    Without `credentials` by those that are kept with the account.
    """
    if credentials is not None:
        account.sealed = seal(credentials.as_text())
    server = connect(account)
    try:
        validity, following = server.look_into(account.folder)
        return Reached(validity, following, len(server.uids_from(1)))
    finally:
        server.close_politely()


def add_account(
    *, account: MailAccount, credentials: Credentials, agent_id: int | None = None
) -> MailAccount:
    """Fetch from another account from now on, once it was reached; raises Trouble and saves nothing when not.

    What is in its folder now is read silently when `account.reads_older`, else never.
    """
    reached = try_account(account=account, credentials=credentials)
    with transaction.atomic():
        _begin_at(account, reached)
        account.save()
        _record("mail_account.added", account, agent_id)
    return account


def change_account(
    *, account: MailAccount, credentials: Credentials, agent_id: int | None = None
) -> MailAccount:
    """Change how an account is reached, once that was tried; another folder is read anew. Raises Trouble."""
    before = MailAccount.objects.get(pk=account.pk)
    # Its row keeps the former credentials until the new ones are known to be good.
    tried = MailAccount(**{field: getattr(account, field) for field in _WAY})
    reached = try_account(account=tried, credentials=credentials)
    with transaction.atomic():
        elsewhere = any(getattr(before, field) != getattr(account, field) for field in _PLACE)
        if elsewhere:
            _begin_at(account, reached)
        account.sealed = tried.sealed
        _let_go(account)
        # How far it was read is for its reader to say, who may have moved on meanwhile.
        account.save(update_fields=[*_SETTLED, *(_CURSOR if elsewhere else ())])
        if elsewhere:
            # Another folder may count from one under the same UIDVALIDITY: these are not its mails. After
            # the account is saved, when no reader of the former folder can add to them.
            Delivery.objects.filter(account=account, uid_validity=account.uid_validity).update(
                uid_validity=None, uid=None
            )
        _record("mail_account.changed", account, agent_id)
    return account


def pause_account(*, account: MailAccount, agent_id: int | None = None) -> bool:
    """Fetch no more from it until it is resumed; False when it was paused already."""
    with transaction.atomic():
        done = MailAccount.objects.filter(pk=account.pk, paused_at=None).update(
            paused_at=timezone.now(), lease_token=None, lease_until=None
        )
        if done:
            _record("mail_account.paused", account, agent_id)
    return bool(done)


def resume_account(*, account: MailAccount, agent_id: int | None = None) -> bool:
    """Go on where reading stopped; False when it was not paused."""
    with transaction.atomic():
        done = MailAccount.objects.filter(pk=account.pk, paused_at__isnull=False).update(
            paused_at=None, missed=0, error="", next_at=timezone.now()
        )
        if done:
            _record("mail_account.resumed", account, agent_id)
    return bool(done)


def remove_account(*, account: MailAccount, agent_id: int | None = None) -> None:
    """Fetch from it never more; what was fetched stays, and so does the mail on the server."""
    with transaction.atomic():
        _record("mail_account.removed", account, agent_id)
        MailAccount.objects.filter(pk=account.pk).delete()


def read_again(*, account: MailAccount, agent_id: int | None = None) -> None:
    """Go through the whole folder again, also for what could not be had before; nothing comes in twice."""
    with transaction.atomic():
        Delivery.objects.filter(account=account, raw_mail__identity__startswith="aside ").update(
            uid_validity=None, uid=None
        )
        MailAccount.objects.filter(pk=account.pk).update(
            last_uid=0, lease_token=None, lease_until=None, next_at=timezone.now()
        )
        _record("mail_account.read_again", account, agent_id)


_PLACE = ("host", "username", "folder")
_WAY = (*_PLACE, "port", "security", "sign_in")
_SETTLED = (*_WAY, "mailbox", "sealed", "lease_token", "lease_until", "missed", "error", "next_at")
_CURSOR = ("uid_validity", "silent_to", "last_uid")


def _begin_at(account: MailAccount, reached: Reached) -> None:
    account.uid_validity = reached.uid_validity
    account.silent_to = reached.following - 1
    account.last_uid = 0 if account.reads_older else account.silent_to


def _let_go(account: MailAccount) -> None:
    """Whoever reads it now does so the old way, and stops."""
    account.lease_token = account.lease_until = None
    account.missed, account.error, account.next_at = 0, "", timezone.now()


def _record(kind: str, account: MailAccount, agent_id: int | None) -> None:
    data = {"account": account.pk, "name": str(account)}
    record(kind, mailbox_id=account.mailbox_id, agent_id=agent_id, data=data)

"""What an export holds, what it leaves out and why. A test holds this against every record there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

FORMAT = 1


@dataclass(frozen=True)
class Kind:
    """Records of one kind. Secret fields, or all of it, are exported only when secrets are asked for."""

    label: str
    secret_fields: tuple[str, ...] = ()
    secret: bool = False

    @property
    def room(self) -> str:
        """The room that keeps them, whose file they stand in."""
        return self.label.partition(".")[0]

    @property
    def model(self) -> type[models.Model]:
        """Their model."""
        return apps.get_model(self.label)

    def fields(self, *, secrets: bool) -> "list[models.Field[Any, Any]]":
        """The fields that are exported: those that are kept, and not computed."""
        return [
            field
            for field in self.model._meta.concrete_fields
            if not field.generated
            and (self.label, field.name) not in OF_THIS_SERVER
            and (secrets or field.name not in self.secret_fields)
        ]


# Numbers that mean something on one database server only.
OF_THIS_SERVER = {("events.event", "transaction")}

KINDS = (
    Kind("events.event"),
    Kind("mail.mailbox"),
    Kind("mail.blob"),
    Kind("mail.rawmail"),
    Kind("mail.mailaccount", secret_fields=("sealed",)),
    Kind("mail.delivery"),
    Kind("mail.tombstone"),
    Kind("mail.outgoingmail"),
    Kind("mail.suppression"),
    Kind("staff.authoritylevel"),
    Kind("staff.agent", secret_fields=("password",)),
    Kind("staff.team"),
    Kind("staff.team_mailboxes"),
    Kind("staff.membership"),
    Kind("staff.shift"),
    Kind("staff.holiday"),
    Kind("staff.skill"),
    Kind("staff.agentskill"),
    Kind("staff.capacity"),
    Kind("staff.availability"),
    Kind("customers.organisation"),
    Kind("customers.customer"),
    Kind("customers.customeraddress"),
    Kind("customers.customernote"),
    Kind("coaching.dispute"),
    Kind("coaching.override"),
    Kind("coaching.remark"),
    Kind("coaching.tailoring"),
    Kind("coaching.rulechange"),
    Kind("coaching.term"),
    Kind("coaching.topic"),
    Kind("coaching.policy"),
    Kind("coaching.ownrule"),
    Kind("promises.promise"),
    Kind("promises.outcome"),
    Kind("promises.reminder"),
    Kind("inbox.conversation"),
    Kind("inbox.participant"),
    Kind("inbox.tag"),
    Kind("inbox.conversationtag"),
    Kind("inbox.conversationpromise"),
    Kind("inbox.message"),
    Kind("inbox.draft"),
    Kind("inbox.attachment"),
    Kind("inbox.mention"),
    Kind("inbox.savedreply"),
    Kind("inbox.assignment"),
    Kind("inbox.closure"),
    Kind("inbox.snooze"),
    Kind("inbox.merge"),
    Kind("inbox.servicelevel"),
    Kind("inbox.serviceclock"),
    Kind("inbox.routingrule"),
    Kind("inbox.handover"),
    Kind("inbox.escalation"),
    Kind("inbox.call"),
    Kind("account.emailaddress"),
    Kind("api.token", secret=True),
    Kind("mfa.authenticator", secret=True),
)

LEFT_OUT = {
    "account.emailconfirmation": "letters that are under way",
    "api.idempotentcall": "calls of the last week, kept for repeats",
    "auth.group": "not used",
    "auth.group_permissions": "not used",
    "auth.permission": "made by the tables themselves",
    "axes.accessattempt": "log-ins that failed lately",
    "axes.accessattemptexpiration": "log-ins that failed lately",
    "axes.accessfailurelog": "log-ins that failed lately",
    "axes.accesslog": "log-ins and from where",
    "contenttypes.contenttype": "made by the tables themselves",
    "inbox.presence": "who looks at what right now",
    "mail.domainpace": "how fast others take our mail right now",
    "ops.heartbeat": "signs of life of processes",
    "procrastinate.procrastinateevent": "jobs, which find their work in the records",
    "procrastinate.procrastinatejob": "jobs, which find their work in the records",
    "procrastinate.procrastinateperiodicdefer": "jobs, which find their work in the records",
    "procrastinate.procrastinateworker": "jobs, which find their work in the records",
    "sessions.session": "who is logged in right now",
}


def kinds(*, secrets: bool) -> Iterator[Kind]:
    """What is exported."""
    return (kind for kind in KINDS if secrets or not kind.secret)

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
    Kind("staff.look"),
    Kind("customers.organisation"),
    Kind("customers.customer"),
    Kind("customers.customeraddress"),
    Kind("customers.customernote"),
    Kind("customers.customerphone"),
    Kind("customers.customerhandle"),
    Kind("customers.customerreference"),
    Kind("customers.consent"),
    Kind("customers.customfield"),
    Kind("customers.customvalue"),
    Kind("customers.purchase"),
    Kind("customers.subscription"),
    Kind("customers.shop", secret_fields=("secret",)),
    Kind("customers.duplicate"),
    Kind("customers.joining"),
    Kind("customers.moment"),
    Kind("customers.momentweight"),
    Kind("customers.contactrule"),
    Kind("customers.contact"),
    Kind("customers.erasure"),
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
    Kind("promises.leaddelay"),
    Kind("goodwill.approvalrequest"),
    Kind("goodwill.teambudget"),
    Kind("goodwill.gesture"),
    Kind("goodwill.voucher"),
    Kind("goodwill.voucherredemption"),
    Kind("inbox.servicelevel"),
    Kind("inbox.serviceterms"),
    Kind("inbox.routingrule"),
    Kind("inbox.escalationlevel"),
    Kind("inbox.escalationlevel_agents"),
    Kind("inbox.checkinrule"),
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
    Kind("inbox.serviceclock"),
    Kind("inbox.handover"),
    Kind("inbox.escalation"),
    Kind("inbox.call"),
    Kind("inbox.checkin"),
    Kind("inbox.hold"),
    Kind("inbox.retentionrule"),
    Kind("inbox.retentionrun"),
    Kind("inbox.keepingtimes"),
    Kind("complaints.cause"),
    Kind("complaints.procedure"),
    Kind("complaints.procedurestage"),
    Kind("complaints.numberseries"),
    Kind("complaints.complaint"),
    Kind("complaints.complaintconversation"),
    Kind("complaints.notacomplaint"),
    Kind("complaints.checklist"),
    Kind("complaints.checkitem"),
    Kind("complaints.evidence"),
    Kind("complaints.question"),
    Kind("complaints.answer"),
    Kind("complaints.prevention"),
    Kind("complaints.prevention_complaints"),
    Kind("complaints.proposal"),
    Kind("complaints.proposaloption"),
    Kind("complaints.choice"),
    Kind("complaints.remedy"),
    Kind("complaints.followup"),
    Kind("complaints.stagerecord"),
    Kind("complaints.reopening"),
    Kind("complaints.callforhelp"),
    Kind("workflows.rule"),
    Kind("workflows.firing"),
    Kind("account.emailaddress"),
    Kind("api.token", secret=True),
    Kind("mfa.authenticator", secret=True),
)

LEFT_OUT = {
    "account.emailconfirmation": "letters that are under way",
    "api.idempotentcall": "calls of the last week, kept for repeats",
    "api.wrongcode": "wrong guesses of the last hour",
    "auth.group": "not used",
    "auth.group_permissions": "not used",
    "auth.permission": "made by the tables themselves",
    "axes.accessattempt": "log-ins that failed lately",
    "axes.accessattemptexpiration": "log-ins that failed lately",
    "axes.accessfailurelog": "log-ins that failed lately",
    "axes.accesslog": "log-ins and from where",
    "contenttypes.contenttype": "made by the tables themselves",
    "customers.import": "files that wait for somebody's yes, a few days",
    "events.follower": "how far this server has read its own log",
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

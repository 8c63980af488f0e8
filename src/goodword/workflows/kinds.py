"""What rules can hear of, in the words of whoever writes one."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

EVENTS: "dict[str, str | Lazy]" = {
    "conversation.opened": _("A conversation is opened"),
    "message.received": _("A customer writes"),
    "reply.sent": _("A reply is sent"),
    "reply.failed": _("A reply does not arrive"),
    "conversation.assigned": _("A conversation is given to somebody"),
    "conversation.tagged": _("A tag is added"),
    "conversation.closed": _("A conversation is closed"),
    "conversation.reopened": _("A conversation is opened again"),
    "conversation.escalated": _("A conversation is escalated"),
    "service.warned": _("An answer is due soon"),
    "service.breached": _("An answer is late"),
    "promise.made": _("A promise is made"),
    "promise.broken": _("A promise is broken"),
    "promise.due": _("A promise comes due"),
    "complaint.opened": _("A complaint is opened"),
    "complaint.reopened": _("A complaint is opened again"),
}

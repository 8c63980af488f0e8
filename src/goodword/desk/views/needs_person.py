"""Mail that could not become a message: why, and what can be done."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.mail import actions
from goodword.mail.models import RawMail
from goodword.staff.access import hidden_mailboxes
from goodword.staff.looking import looked
from goodword.staff.models import Agent, Look

from ..files import file_response
from ..pages import AgentRequest, SeeOther, agent_page, page
from ..paging import older_than

PAGE = 25
KINDS = (RawMail.State.NEEDS_PERSON, RawMail.State.SET_ASIDE)


def _visible(agent: Agent) -> QuerySet[RawMail]:
    return RawMail.objects.filter(state__in=KINDS).exclude(mailbox_id__in=hidden_mailboxes(agent))


@require_GET
@agent_page
def needs_person(request: AgentRequest) -> HttpResponseBase:
    """What waits for a person, or with `?aside=1` what was set aside."""
    aside = bool(request.GET.get("aside"))
    mails = _visible(request.user).filter(state=KINDS[1] if aside else KINDS[0])
    before = older_than(request)
    if before:
        mails = mails.filter(pk__lt=before)
    rows = list(mails.defer("raw").select_related("mailbox").order_by("-pk")[: PAGE + 1])
    older = f"?before={rows[PAGE - 1].pk}{'&aside=1' if aside else ''}" if len(rows) > PAGE else ""
    context = {"mails": rows[:PAGE], "older": older, "aside": aside, "tab": "needs"}
    return page(request, "desk/needs_person.html", context, section="mail")


@require_GET
@agent_page
def needs_person_raw(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The bytes as they came, for a mail program."""
    mail = _visible(request.user).get(pk=pk)
    looked(request.user, Look.How.ORIGINAL)
    return file_response(bytes(mail.raw), filename=f"mail-{pk}.eml", content_type="message/rfc822")


@require_POST
@agent_page
def needs_person_retry(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Try to turn the mail into a message once more."""
    actions.retry(mails=[_visible(request.user).get(pk=pk)], agent_id=request.user.pk)
    messages.success(request, _("The mail is tried again; if it works it appears in the inbox."))
    return SeeOther(reverse("needs_person"))


@require_POST
@agent_page
def needs_person_aside(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Nobody needs to look at this mail any more; it is kept."""
    actions.set_aside(mail=_visible(request.user).get(pk=pk), agent_id=request.user.pk)
    messages.success(request, _("Set aside. It is kept and can be tried again."))
    return SeeOther(reverse("needs_person"))

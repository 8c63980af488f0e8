"""What left the house, as those who received it see it."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goodword.mail import html as mail_html
from goodword.mail.models import OutgoingMail
from goodword.mail.parsing import ParsedMail, parse
from goodword.staff.access import hidden_mailboxes
from goodword.staff.looking import looked
from goodword.staff.models import Agent, Look

from ..files import file_response, is_picture
from ..pages import AgentRequest, agent_page, page
from ..paging import older_than
from ..plain import undressed

PAGE = 25


def _visible(agent: Agent) -> QuerySet[OutgoingMail]:
    """Mails of conversations the agent may see; those to staff carry log-in links: administrators only."""
    # What its author took back is a draft again; a notice that was held back stands here with the reason.
    mails = OutgoingMail.objects.exclude(state=OutgoingMail.State.WITHDRAWN, error="")
    hidden = hidden_mailboxes(agent)
    if hidden:
        mails = mails.exclude(message__conversation__mailbox_id__in=hidden)
    if not agent.is_lead:
        mails = mails.filter(message__isnull=False)
    if not agent.is_administrator:
        mails = mails.exclude(purpose=OutgoingMail.Purpose.STAFF)
    return mails


@require_GET
@agent_page
def sent(request: AgentRequest) -> HttpResponseBase:
    """The newest mails first."""
    before = older_than(request)
    mails = _visible(request.user).filter(pk__lt=before) if before else _visible(request.user)
    rows = list(
        mails.defer("raw")
        .select_related("message__conversation", "message__agent")
        .order_by("-pk")[: PAGE + 1]
    )
    older = f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return page(
        request, "desk/sent.html", {"mails": rows[:PAGE], "older": older, "tab": "sent"}, section="mail"
    )


@require_GET
@agent_page
def sent_mail(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One mail with its head and body, as a mail program shows it."""
    mail = _visible(request.user).select_related("message__conversation").get(pk=pk)
    parsed = parse(bytes(mail.raw))
    links = _links(pk, parsed)
    shown = mail_html.clean(parsed.html or "", cid_urls=_pictures(links, parsed), pictures=False)
    files = [
        {"name": part.filename or _("file"), "size": len(part.data), "url": links[number]}
        for number, part in enumerate(parsed.attachments)
        if not (part.inline and part.content_id)
    ]
    context = {
        "mail": mail,
        "parsed": parsed,
        "body": undressed(shown),
        "files": files,
        "headers": _threading(parsed),
        "tab": "sent",
    }
    made = page(request, "desk/sent_mail.html", context, section="mail")
    _looked(request.user, mail, Look.How.PAGE)
    return made


@require_GET
@agent_page
def sent_file(request: AgentRequest, pk: int, number: int) -> HttpResponseBase:
    """A file of a mail that left."""
    mail = _visible(request.user).select_related("message__conversation").get(pk=pk)
    parsed = parse(bytes(mail.raw))
    if number >= len(parsed.attachments):
        raise Http404
    part = parsed.attachments[number]
    if not (part.inline and part.content_id):
        # Pictures within the words are part of the page that shows them.
        _looked(request.user, mail, Look.How.FILE)
    return file_response(
        part.data, filename=part.filename, content_type=part.content_type, show=bool(part.content_id)
    )


@require_GET
@agent_page
def sent_raw(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The mail itself, for a mail program."""
    mail = _visible(request.user).select_related("message__conversation").get(pk=pk)
    _looked(request.user, mail, Look.How.ORIGINAL)
    return file_response(bytes(mail.raw), filename=f"sent-{pk}.eml", content_type="message/rfc822")


def _looked(agent: Agent, mail: OutgoingMail, how: str) -> None:
    """With whom it was, where it stands in a conversation."""
    place = mail.message.conversation if hasattr(mail, "message") else None
    if place is None:
        looked(agent, how)
    else:
        looked(agent, how, customer_id=place.customer_id, conversation_id=place.pk)


def _links(pk: int, parsed: ParsedMail) -> list[str]:
    return [reverse("sent_file", args=[pk, number]) for number in range(len(parsed.attachments))]


def _pictures(links: list[str], parsed: ParsedMail) -> Mapping[str, str]:
    return {
        part.content_id: link
        for part, link in zip(parsed.attachments, links, strict=True)
        if part.content_id and is_picture(part.content_type)
    }


def _threading(parsed: ParsedMail) -> list[tuple[str, str]]:
    """The fields that make a mail program put the answer into the right thread."""
    fields = (
        ("Message-ID", parsed.message_id or ""),
        ("In-Reply-To", " ".join(parsed.in_reply_to)),
        ("References", " ".join(parsed.references)),
        ("Reply-To", ", ".join(str(person) for person in parsed.reply_to)),
    )
    return [(name, value) for name, value in fields if value]

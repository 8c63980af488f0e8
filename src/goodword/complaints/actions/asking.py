"""Asking colleagues: a mail goes out, and the answer to it comes back into the case."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from goodword.inbox.actions.sending import reply_key
from goodword.kit.jobs import nudge_at
from goodword.mail import actions as mail
from goodword.mail import addressing, composing
from goodword.mail.models import Mailbox, OutgoingMail, RawMail
from goodword.mail.parsing import Address, ParsedMail
from goodword.staff.models import Agent

from .. import access, jobs
from ..errors import ComplaintError
from ..models import Answer, Complaint, Evidence, Question
from ..tables import table
from ..telling import clean, one_line, tell

KIND = "q"


@transaction.atomic
def ask(
    *,
    complaint: Complaint,
    agent: Agent,
    text: str,
    colleague: Agent | None = None,
    address: str = "",
    due_at: datetime | None = None,
) -> Question:
    """Ask an agent, or anybody by their address; the mail leaves at once.

    The same asked of the same person while it is unanswered is one question. Raises ComplaintError for an
    empty question, an address that is none, or a time that is past.
    """
    found = access.locked(agent, complaint.pk)
    words = clean(text)
    to = colleague.email if colleague else _address(address)
    if not words:
        raise ComplaintError(gettext("The question is empty. Write what you want to know."))
    if due_at is not None and due_at <= timezone.now():
        raise ComplaintError(gettext("That time is past. Give your colleague some to answer in."))
    standing = found.questions.filter(address=to, text=words, answered_at=None).first()
    if standing is not None:
        return standing
    question = Question.objects.create(
        complaint=found, asked_by=agent, agent=colleague, address=to, text=words, due_at=due_at
    )
    question.outgoing = _send(question, colleague)
    question.save(update_fields=["outgoing"])
    if due_at is not None:
        nudge_at(jobs.watch_now, due_at)
    tell("complaint.asked", found, agent=agent, question=question.pk, address=to, text=words[:500])
    return question


@transaction.atomic
def answer(*, question: Question, agent: Agent, text: str) -> Answer:
    """The answer came by another way, or the colleague gives it in the desk."""
    found = access.get_question(agent, question.pk)
    words = clean(text)
    if not words:
        raise ComplaintError(gettext("The answer is empty. Write what you know."))
    standing = found.answers.filter(text=words, by=agent).first()
    return standing or _take(found, text=words, by=agent, sender=agent.email, raw=None)


def take_mail(address: str, raw: RawMail, parsed: ParsedMail) -> str | None:
    """A mail to a signed address: where it answers a question, keep the answer, and say so.

    A machine's mail is written into the case and leaves the question open; delivery reports, and mail whose
    sender our server calls forged, go on to where mail usually goes.
    """
    number = addressing.read_signed(address, kind=KIND, key=reply_key())
    if number is None or parsed.bounced is not None or raw.authentication.get("sender") == "forged":
        return None
    question = Question.objects.select_related("complaint__conversation").filter(pk=number).first()
    if question is None:
        return None
    named = {"number": question.complaint.number}
    sender = parsed.from_.email if parsed.from_ else ""
    words = clean(parsed.reply_text or parsed.text)
    if parsed.auto is not None:
        _note_machine(question, sender=sender, text=words)
        return gettext("A machine answered a question about complaint %(number)s.") % named
    if not Answer.objects.filter(raw_mail=raw).exists():
        taken = _take(question, text=words, by=_agent_of(sender), sender=sender, raw=raw)
        _keep_files(question, parsed, taken.by)
    return gettext("It answers a question about complaint %(number)s.") % named


def _take(question: Question, *, text: str, by: Agent | None, sender: str, raw: RawMail | None) -> Answer:
    question = (
        Question.objects.select_for_update(of=("self",))
        .select_related("complaint__conversation")
        .get(pk=question.pk)
    )
    taken = Answer.objects.create(question=question, text=text, by=by, sender=sender[:320], raw_mail=raw)
    if question.answered_at is None:
        question.answered_at = taken.at
        question.save(update_fields=["answered_at"])
    tell(
        "complaint.answered",
        question.complaint,
        agent=by,
        question=question.pk,
        sender=by.name if by else sender,
        asked_by=question.asked_by_id,
        text=text[:500],
    )
    return taken


def _note_machine(question: Question, *, sender: str, text: str) -> None:
    tell(
        "complaint.question_away",
        question.complaint,
        agent=None,
        question=question.pk,
        address=sender,
        asked_by=question.asked_by_id,
        text=text[:500],
    )


def _keep_files(question: Question, parsed: ParsedMail, by: Agent | None) -> None:
    for part in parsed.attachments:
        if part.inline or not part.data:
            continue
        Evidence.objects.create(
            complaint=question.complaint,
            kind=Evidence.Kind.FILE,
            title=one_line(part.filename, 300) or gettext("file"),
            blob=mail.keep_file(part.data),
            content_type=part.content_type[:200],
            by=by,
        )


def _agent_of(sender: str) -> Agent | None:
    return Agent.objects.filter(email=sender.lower(), is_active=True).first() if sender else None


def _address(given: str) -> str:
    address = given.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ComplaintError(
            gettext(
                "'%(given)s' is no mail address. Choose a colleague, or write one such as ada@shop.example."
            )
            % {"given": address[:100]}
        ) from error
    return address


def _send(question: Question, colleague: Agent | None) -> OutgoingMail:
    complaint = question.complaint
    box = complaint.conversation.mailbox or Mailbox.objects.order_by("id").first()
    if box is None:
        raise ComplaintError(gettext("There is no mailbox to ask from. Add one in the settings."))
    words = table("question")
    when = date_format(timezone.localtime(question.due_at), "l j F, H:i") if question.due_at else ""
    text = words["text"].format(
        name=colleague.name if colleague else question.address,
        asker=question.asked_by.name if question.asked_by else settings.CONFIG.company_name,
        number=complaint.number,
        question=question.text,
        due=words["due"].format(when=when) if when else "",
        matter=one_line(complaint.what_happened, 500),
    )
    signed = addressing.signed_address(KIND, question.pk, mailbox=box.address, key=reply_key())
    domain = box.address.rpartition("@")[2]
    letter = composing.Letter(
        message_id=addressing.message_id(domain=domain, seed=f"question {question.pk}"),
        sender=Address(question.asked_by.name if question.asked_by else box.name, box.address),
        to=[Address(colleague.name if colleague else "", question.address)],
        subject=words["subject"].format(number=complaint.number),
        text=text.strip() + "\n",
        at=timezone.localtime(),
        reply_to=Address(box.name, signed),
    )
    try:
        return mail.queue(letter=letter)
    except composing.Unsendable as error:
        raise ComplaintError(str(error)) from error

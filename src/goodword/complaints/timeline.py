"""What the events of complaints say; registered with the event log."""

from collections.abc import Callable
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop

from goodword.events.models import Event
from goodword.events.timeline import Names, register

from .models import Complaint, StageKey

# Kind of event to its sentence; what is in brackets comes from the event.
SENTENCES = {
    "complaint.opened": gettext_noop("%(who)s opened complaint %(number)s."),
    "complaint.linked": gettext_noop("%(who)s added another conversation to complaint %(number)s."),
    "complaint.stage": gettext_noop("Complaint %(number)s: %(stage)s (%(who)s)."),
    "complaint.reopened": gettext_noop("Complaint %(number)s was reopened (%(who)s)."),
    "complaint.due_soon": gettext_noop("Complaint %(number)s is to leave '%(stage)s' by %(due)s."),
    "complaint.breached": gettext_noop(
        "Complaint %(number)s is late: it should have left '%(stage)s' by %(due)s."
    ),
    "complaint.final_due_soon": gettext_noop("The final response to complaint %(number)s is due by %(due)s."),
    "complaint.final_breached": gettext_noop(
        "The final response to complaint %(number)s is late: it was due by %(due)s."
    ),
    "complaint.changed": gettext_noop("%(who)s changed complaint %(number)s."),
    "complaint.owner": gettext_noop("%(who)s gave complaint %(number)s to %(owner)s."),
    "complaint.fault": gettext_noop("%(who)s found whose fault it was in complaint %(number)s: %(fault)s."),
    "complaint.cause": gettext_noop("%(who)s wrote down the cause of complaint %(number)s: %(cause)s."),
    "complaint.ticked": gettext_noop("%(who)s ticked off in complaint %(number)s: %(text)s"),
    "complaint.evidence": gettext_noop("%(who)s added evidence to complaint %(number)s: %(title)s"),
    "complaint.asked": gettext_noop("%(who)s asked %(address)s about complaint %(number)s."),
    "complaint.answered": gettext_noop("%(sender)s answered a question about complaint %(number)s."),
    "complaint.question_away": gettext_noop(
        "A machine answered for %(address)s about complaint %(number)s: %(text)s"
    ),
    "complaint.evidence_gone": gettext_noop("%(who)s took evidence out of complaint %(number)s: %(title)s"),
    "complaint.question_late": gettext_noop(
        "%(address)s has not answered the question about complaint %(number)s in time."
    ),
    "complaint.prevention": gettext_noop(
        "%(who)s planned a change because of complaint %(number)s: %(what)s"
    ),
    "complaint.prevention_done": gettext_noop(
        "%(who)s made a change because of complaint %(number)s: %(what)s"
    ),
    "complaint.prevention_late": gettext_noop(
        "A change planned because of complaint %(number)s is late: %(what)s"
    ),
    "complaint.proposal_written": gettext_noop("%(who)s wrote a proposal for complaint %(number)s."),
    "complaint.approval_asked": gettext_noop("%(who)s asked for approval of a proposal for %(number)s."),
    "complaint.proposal_approved": gettext_noop("%(who)s approved the proposal for complaint %(number)s."),
    "complaint.proposal_refused": gettext_noop(
        "%(who)s did not approve the proposal for complaint %(number)s."
    ),
    "complaint.proposal_unsent": gettext_noop("The proposal for complaint %(number)s could not be sent."),
    "complaint.letter_unsent": gettext_noop("A letter about complaint %(number)s was not sent. %(why)s"),
    "complaint.proposed": gettext_noop("%(who)s sent a proposal for complaint %(number)s."),
    "complaint.proposal_withdrawn": gettext_noop("%(who)s withdrew the proposal for complaint %(number)s."),
    "complaint.proposal_superseded": gettext_noop(
        "A newer proposal took the place of an earlier one for complaint %(number)s."
    ),
    "complaint.proposal_expired": gettext_noop(
        "The proposal for complaint %(number)s was not answered in time."
    ),
    "complaint.chosen": gettext_noop("The customer chose for complaint %(number)s: %(what)s"),
    "complaint.declined": gettext_noop("The customer chose none of the options for complaint %(number)s."),
    "complaint.asked_back": gettext_noop("The customer asked about the proposal for complaint %(number)s."),
    "complaint.not_booked": gettext_noop(
        "What the customer chose for complaint %(number)s is not in the ledger of gestures."
    ),
    "complaint.remedy": gettext_noop("To be done for complaint %(number)s: %(what)s"),
    "complaint.remedy_under_way": gettext_noop("Under way for complaint %(number)s: %(what)s (%(proof)s)"),
    "complaint.remedy_done": gettext_noop("Proven for complaint %(number)s: %(what)s (%(proof)s)"),
    "complaint.remedy_failed": gettext_noop("It failed for complaint %(number)s: %(what)s"),
    "complaint.remedy_asked": gettext_noop("%(who)s asked to give for complaint %(number)s: %(what)s"),
    "complaint.remedy_refused": gettext_noop("Not approved for complaint %(number)s: %(what)s"),
    "complaint.remedy_again": gettext_noop("Taken up again for complaint %(number)s: %(what)s"),
    "complaint.followed_up": gettext_noop("The customer was asked whether all is well with %(number)s."),
    "complaint.not_asked": gettext_noop(
        "The customer was not asked whether all is well with %(number)s. %(why)s"
    ),
    "complaint.all_well": gettext_noop("The customer says that all is well with %(number)s."),
    "complaint.not_well": gettext_noop("The customer says that not all is well with %(number)s yet."),
    "help.called": gettext_noop("%(who)s called for help."),
    "help.joined": gettext_noop("%(who)s joined to help."),
    "help.took_over": gettext_noop("%(who)s took over, by agreement with %(asker)s."),
    "help.managed": gettext_noop("%(who)s needs no help any more."),
}


class Facts(dict[str, str]):
    """What a sentence may name; a fact that the event does not have is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def _facts(event: Event, names: Names) -> Facts:
    data = event.data
    facts = Facts({key: str(value) for key, value in data.items() if isinstance(value, str | int)})
    facts["who"] = names.who(event)
    facts["owner"] = names.of(data["owner"]) if data.get("owner") else gettext("nobody")
    facts["asker"] = names.of(data.get("asker"))
    if data.get("due_at"):
        facts["due"] = date_format(localtime(datetime.fromisoformat(data["due_at"])), "l j F, H:i")
    if data.get("stage"):
        facts["stage"] = _stage_name(data["stage"])
    if data.get("fault"):
        facts["fault"] = str(dict(Complaint.Fault.choices).get(data["fault"], data["fault"]))
    return facts


def _stage_name(key: str) -> str:
    return str(StageKey(key).label) if key in StageKey.values else key.replace("-", " ")


def _sentence(words: str) -> Callable[[Event, Names], str]:
    def say(event: Event, names: Names) -> str:
        facts = _facts(event, names)
        note = facts.get("note") or facts.get("words")
        return gettext(words) % facts + (f" “{note}”" if note else "")

    return say


for kind, words in SENTENCES.items():
    register(kind)(_sentence(words))

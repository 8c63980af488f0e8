"""What the house writes to customers about a complaint, from `data/letters.toml`."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone

from goodword.kit import links

from .models import Complaint, FollowUp, Proposal, ProposalOption, Remedy
from .remedies import next_words
from .tables import table

# A link outlives what it asks for, so that the customer can see later what became of it.
CHOICE_DAYS = 400
FOLLOW_UP_DAYS = 120
COMPLAINT_DAYS = 400
_GAP = re.compile(r"\n{3,}")
_PLACE = re.compile(r"\[[^\]\n]{1,40}\](?!\()")
CHOICE, FOLLOW_UP, COMPLAINT = "choice", "follow-up", "complaint"


def proposal_letter(proposal: Proposal, options: Sequence[ProposalOption], *, agent: str) -> str:
    """The reply that brings the options to the customer, as Markdown."""
    form = table("letters")["proposal"]["several" if len(options) > 1 else "one"]
    return _filled(
        form,
        name=greeting_name(proposal.complaint),
        number=proposal.complaint.number,
        words=proposal.text.strip(),
        count=str(len(options)),
        options="\n".join(f"- {option.text}" for option in options),
        link=choice_link(proposal),
        until=day(proposal.expires_at),
        rights=rights(proposal.complaint),
        agent=agent,
    )


def rights(complaint: Complaint) -> str:
    """What a final response has to say: where the customer can go who does not agree; '' where none is due.

    Each line stands by itself, as an address does.
    """
    procedure = complaint.procedure
    if procedure.final_response_days is None:
        return ""
    return "\n\n".join(line.strip() for line in procedure.body_text.splitlines() if line.strip())


def where_to_go(complaint: Complaint) -> str:
    """The same for the customer's own pages, by every procedure that says it; '' before it is filled in."""
    said = complaint.procedure.body_text
    return "" if _PLACE.search(said) else said


def to_fill_in(complaint: Complaint) -> list[str]:
    """What nobody has filled in of it yet, such as '[name]'."""
    return _PLACE.findall(rights(complaint))


def chosen_letter(proposal: Proposal, remedy: Remedy) -> str:
    """The mail that confirms a choice."""
    return _filled(
        table("letters")["chosen"]["text"],
        name=greeting_name(proposal.complaint),
        number=proposal.complaint.number,
        option=remedy.what,
        next=next_words(remedy),
        link=choice_link(proposal),
    )


def follow_up_letter(follow_up: FollowUp, done: Sequence[Remedy]) -> str:
    """The mail that asks whether all is well."""
    link = follow_up_link(follow_up)
    return _filled(
        table("letters")["follow_up"]["text"],
        name=greeting_name(follow_up.complaint),
        number=follow_up.complaint.number,
        remedies="; ".join(remedy.what.strip().rstrip(".") for remedy in done) + ".",
        yes=f"{link}?all=well",
        no=f"{link}?all=not-yet",
    )


def received_letter(complaint: Complaint, due_at: datetime | None) -> str:
    """The mail that says that a complaint by the form has arrived."""
    form = table("letters")["received"]
    step = form["step"].format(day=day(due_at)) if due_at else form["no_step"]
    return _filled(form["text"], number=complaint.number, next=step, link=complaint_link(complaint))


def choice_link(proposal: Proposal) -> str:
    """The customer's page with the options."""
    return _address("choice", links.sign(CHOICE, proposal.pk, days=CHOICE_DAYS))


def follow_up_link(follow_up: FollowUp) -> str:
    """The customer's page that asks whether all is well."""
    return _address("follow_up", links.sign(FOLLOW_UP, follow_up.pk, days=FOLLOW_UP_DAYS))


def complaint_link(complaint: Complaint) -> str:
    """The customer's page that says how far their complaint is."""
    return _address("complaint", links.sign(COMPLAINT, complaint.pk, days=COMPLAINT_DAYS))


def greeting_name(complaint: Complaint) -> str:
    """How to address the customer: as they wish, else by their name."""
    customer = complaint.customer
    wished = str(getattr(customer, "greeting_name", "") or "").strip()
    return wished or customer.name or str(customer)


def day(moment: datetime | None) -> str:
    """A day in words, in the company's time zone."""
    if moment is None:
        return ""
    return formats.date_format(timezone.localtime(moment, timezone.get_default_timezone()), "l j F")


def _address(page: str, token: str) -> str:
    return settings.CONFIG.url + reverse(f"portal:{page}", args=[token])


def _filled(form: str, **words: str) -> str:
    """The form with its words; what was left empty leaves no gap."""
    lines = form.format(**words).strip().split("\n")
    return _GAP.sub("\n\n", "\n".join(line.rstrip() for line in lines))

"""First drafts for handing a conversation over: the summary for who takes it, and the words to the customer.

Both come from what is on record; no model writes them.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from goodword.mail import suppressions
from goodword.mail.models import Mailbox
from goodword.promises.models import Promise
from goodword.staff.models import Agent, Team

from .actions.recipients import last_said_by_its_customer, requester
from .models import Conversation, Message

LAST_WORDS = 400
READ_BACK = 40
QUESTIONS = 10
OTHERWISE = "en"
GAP = "{{to}}"


def first_summary(place: Conversation) -> str:
    """Who it is, what they said last, what is still to be answered, and what was promised; as Markdown."""
    said = list(
        place.messages.filter(kind__in=[Message.Kind.CUSTOMER, Message.Kind.REPLY])
        .order_by("-at", "-id")
        .values("kind", "text", "at", "reading")[:READ_BACK]
    )
    parts = [_who(place), *_last_words(said), *_questions(said), *_promises(place)]
    return "\n\n".join(parts)


def words_to_customer(place: Conversation) -> str:
    """What to tell the customer in the house's name, as Markdown with the gap {{to}} that `filled` fills."""
    letter, box = _letter(place), _mailbox(place)
    name = place.customer.name.split(" ")[0] if place.customer.name else ""
    text = f"{letter['greeting' if name else 'no_name']}\n\n{letter['text']}"
    return text.replace("{customer}", name).replace("{house}", box.name if box else "").rstrip()


def can_tell(place: Conversation) -> bool:
    """Whether the customer can be told: a person, who gets mail from us, while the conversation is open."""
    asked = [person.email for person in requester(place, last_said_by_its_customer(place)).to]
    if place.state == Conversation.State.CLOSED or not asked or _mailbox(place) is None:
        return False
    return not suppressions.unwanted(asked)


def filled(words: str, place: Conversation, *, to: Agent | Team) -> str:
    """The words with the name of whoever takes it in the gap."""
    team = _letter(place)["team"].replace("{name}", to.name)
    return words.replace(GAP, team if isinstance(to, Team) else to.name.split(" ")[0])


def _mailbox(place: Conversation) -> Mailbox | None:
    return place.mailbox or Mailbox.objects.order_by("id").first()


def _letter(place: Conversation) -> dict[str, str]:
    letters = _letters()
    return letters.get(place.language.partition("-")[0], letters[OTHERWISE])


@cache
def _letters() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("goodword.inbox") / "data" / "handing_over.toml").read_text("utf-8"))


def _who(place: Conversation) -> str:
    about = {"customer": place.customer, "subject": place.subject or gettext("no subject")}
    return gettext("%(customer)s writes about '%(subject)s'.") % about


def _last_words(said: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    last = next((one for one in said if one["kind"] == Message.Kind.CUSTOMER), None)
    if last is None:
        return
    words = " ".join(last["text"].split())
    short = words if len(words) <= LAST_WORDS else words[:LAST_WORDS].rsplit(" ", 1)[0] + " …"
    when = date_format(localtime(last["at"]), "j F Y, H:i")
    yield gettext("Last words, %(when)s: '%(words)s'") % {"when": when, "words": short}


def _questions(said: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The questions since our last reply; none where we have answered."""
    asked = list(takewhile(lambda one: one["kind"] == Message.Kind.CUSTOMER, said))[::-1]
    found = [
        " ".join(str(question["quote"]).split())
        for one in asked
        for question in (one["reading"] or {}).get("questions", [])
    ]
    if found:
        lines = "\n".join(f"- {question}" for question in dict.fromkeys(found[:QUESTIONS]))
        yield gettext("Still to answer:") + "\n\n" + lines


def _promises(place: Conversation) -> Iterator[str]:
    waiting = Promise.objects.filter(place__conversation=place, state=Promise.State.OPEN)
    lines = [_promise(promise) for promise in waiting.select_related("owner").order_by("due_at", "id")]
    if lines:
        yield gettext("Promised and still open:") + "\n\n" + "\n".join(f"- {line}" for line in lines)


def _promise(promise: Promise) -> str:
    due = localtime(promise.due_at) if promise.due_at else None
    when = date_format(due, "j F Y" if promise.whole_day else "j F Y, H:i") if due else ""
    said = {"what": promise.what, "when": when, "who": promise.owner or gettext("nobody yet")}
    if when:
        return gettext("%(what)s, by %(when)s (%(who)s)") % said
    return gettext("%(what)s, no time named (%(who)s)") % said

"""What rules can do: each action is a small object {"do": <name>, ...}, checked when it is kept."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodword.coaching import access as coaching_access
from goodword.coaching import actions as coaching
from goodword.complaints import actions as complaints
from goodword.inbox import actions as inbox
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation, Message, SavedReply
from goodword.promises.actions import NewPromise, PromiseError
from goodword.promises.models import Promise
from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent, Team

from .errors import RuleError
from .models import Rule

log = logging.getLogger(__name__)

LONGEST_TEXT = 5_000
LONGEST_HOURS = 24 * 366
MOST_ACTIONS = 10
REFUSALS = (NotPossible, NotAllowed, PromiseError, RuleError, ObjectDoesNotExist, ValidationError, ValueError)

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """Something a rule can do. `needs` are the names of what it must be told, each with its kind:
    'text', 'hours', 'agent', 'team', 'saved_reply', 'priority', 'level'.
    """

    name: str
    label: "str | Lazy"
    needs: Mapping[str, str]
    do: Callable[[Rule, Conversation, Given], str]


def _tag(rule: Rule, place: Conversation, given: Given) -> str:
    inbox.add_tag(conversation=place, agent=None, name=given["text"])
    return gettext("Tagged it '%(tag)s'.") % {"tag": given["text"]}


def _untag(rule: Rule, place: Conversation, given: Given) -> str:
    inbox.remove_tag(conversation=place, agent=None, name=given["text"])
    return gettext("Took the tag '%(tag)s' off.") % {"tag": given["text"]}


def _assign(rule: Rule, place: Conversation, given: Given) -> str:
    to = Agent.objects.get(pk=given["agent"], is_active=True)
    inbox.assign(conversation=place, agent=None, to=to)
    return gettext("Gave it to %(name)s.") % {"name": to.name}


def _give_to_team(rule: Rule, place: Conversation, given: Given) -> str:
    team = Team.objects.get(pk=given["team"])
    inbox.assign_team(conversation=place, agent=None, team=team)
    return gettext("Gave it to the team %(name)s.") % {"name": team.name}


def _priority(rule: Rule, place: Conversation, given: Given) -> str:
    inbox.prioritise(conversation=place, agent=None, priority=given["priority"])
    word = Conversation.Priority(given["priority"]).label
    return gettext("Set its priority to %(priority)s.") % {"priority": word}


def _note(rule: Rule, place: Conversation, given: Given) -> str:
    inbox.note(conversation=place, agent=None, markdown=given["text"])
    return gettext("Added a note.")


def _draft(rule: Rule, place: Conversation, given: Given) -> str:
    saved = SavedReply.objects.get(pk=given["saved_reply"])
    if place.assignee is None:
        raise RuleError(gettext("Nobody has the conversation, so there was nobody to draft a reply for."))
    inbox.save_draft(conversation=place, agent=place.assignee, kind="reply", markdown=_filled(saved, place))
    return gettext("Drafted '%(name)s' for %(agent)s.") % {"name": saved.name, "agent": place.assignee.name}


def _send(rule: Rule, place: Conversation, given: Given) -> str:
    """Sends a saved reply; what the coach would stop becomes a note for a person instead."""
    saved = SavedReply.objects.get(pk=given["saved_reply"])
    words = _filled(saved, place)
    stopped = _stops(place, words)
    if stopped:
        text = gettext("Goodword did not send '%(name)s' by itself: %(why)s") % {
            "name": saved.name,
            "why": stopped,
        }
        inbox.note(conversation=place, agent=None, markdown=text)
        return gettext("Did not send '%(name)s', because the coach would stop it.") % {"name": saved.name}
    inbox.reply(conversation=place, agent=None, markdown=words, undo_seconds=0, automatic=True)
    return gettext("Sent '%(name)s'.") % {"name": saved.name}


def _close(rule: Rule, place: Conversation, given: Given) -> str:
    inbox.close(conversation=place, agent=None)
    return gettext("Closed it.")


def _snooze(rule: Rule, place: Conversation, given: Given) -> str:
    until = timezone.now() + timedelta(hours=given["hours"])
    inbox.snooze(conversation=place, agent=None, until=until)
    return gettext("Put it away for %(hours)s hours.") % {"hours": given["hours"]}


def _escalate(rule: Rule, place: Conversation, given: Given) -> str:
    inbox.escalate(conversation=place, agent=None, level=given["level"], reason=given["text"])
    return gettext("Escalated it to level %(level)s.") % {"level": given["level"]}


def _complaint(rule: Rule, place: Conversation, given: Given) -> str:
    opened = complaints.open_complaint(
        conversation=place, agent=None, what_happened=_newest_words(place) or place.subject
    )
    return gettext("Opened the complaint %(number)s.") % {"number": opened.number}


def _promise(rule: Rule, place: Conversation, given: Given) -> str:
    due = timezone.now() + timedelta(hours=given["hours"])
    owner = place.assignee_id
    promise = NewPromise(
        what=given["text"],
        quote="",
        due_at=due,
        whole_day=False,
        due_text="",
        owner_id=owner,
        source=Promise.Source.SYSTEM,
    )
    inbox.add_promise(conversation=place, agent=None, promise=promise)
    return gettext("Wrote the promise '%(what)s' into the ledger.") % {"what": given["text"]}


ACTIONS: dict[str, Action] = {
    one.name: one
    for one in (
        Action("tag", _("Add a tag"), {"text": "text"}, _tag),
        Action("untag", _("Take a tag off"), {"text": "text"}, _untag),
        Action("assign", _("Give it to an agent"), {"agent": "agent"}, _assign),
        Action("team", _("Give it to a team"), {"team": "team"}, _give_to_team),
        Action("priority", _("Set the priority"), {"priority": "priority"}, _priority),
        Action("note", _("Add a note"), {"text": "text"}, _note),
        Action("draft", _("Draft a saved reply"), {"saved_reply": "saved_reply"}, _draft),
        Action("send", _("Send a saved reply"), {"saved_reply": "saved_reply"}, _send),
        Action("snooze", _("Put it away"), {"hours": "hours"}, _snooze),
        Action("escalate", _("Escalate it"), {"level": "level", "text": "text"}, _escalate),
        Action("complaint", _("Open a complaint"), {}, _complaint),
        Action("promise", _("Promise something"), {"text": "text", "hours": "hours"}, _promise),
        Action("close", _("Close it"), {}, _close),
    )
}


def do_all(rule: Rule, place: Conversation) -> tuple[list[str], bool]:
    """Do the rule's actions in their order: a sentence for each, and whether one could not be done.

    One that cannot be done, or that stumbles, is taken back alone, and those after it are done all the same;
    a database that is away ends everything, to be done again.
    """
    said, failed = [], False
    for given in rule.actions:
        try:
            with transaction.atomic():
                fresh = Conversation.objects.select_related("assignee", "customer", "mailbox").get(
                    pk=place.pk
                )
                said.append(ACTIONS[given["do"]].do(rule, fresh, given))
        except REFUSALS as error:
            failed = True
            said.append(_refusal(given, error))
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("An action of the rule %s stumbled.", rule.pk)
            failed = True
            said.append(_refusal(given, RuleError(gettext("Goodword stumbled (%s).") % type(error).__name__)))
    return said, failed


def checked(actions: Sequence[object]) -> list[dict[str, Any]]:
    """The actions as they are kept; raises RuleError with a sentence that says what is wrong."""
    if not actions:
        raise RuleError(gettext("The rule does nothing yet. Add at least one action."))
    if len(actions) > MOST_ACTIONS:
        raise RuleError(
            gettext("A rule has %(most)d actions at most. Make a second rule.") % {"most": MOST_ACTIONS}
        )
    return [_checked(one) for one in actions]


def _checked(one: object) -> dict[str, Any]:
    name = str(one.get("do", "")) if isinstance(one, Mapping) else ""
    if not isinstance(one, Mapping) or name not in ACTIONS:
        known = ", ".join(ACTIONS)
        raise RuleError(
            gettext("'%(name)s' is no action. Use one of: %(known)s.") % {"name": name[:40], "known": known}
        )
    action = ACTIONS[name]
    return {"do": name, **{key: _value(action, kind, one.get(key)) for key, kind in action.needs.items()}}


def _value(action: Action, kind: str, value: object) -> str | int:
    if kind == "text":
        text = str(value or "").replace("\x00", "").strip()
        if not text or len(text) > LONGEST_TEXT:
            raise RuleError(
                gettext("'%(label)s' needs words: write 1 to %(most)d characters.")
                % {"label": action.label, "most": LONGEST_TEXT}
            )
        return text
    if kind == "priority":
        if value not in Conversation.Priority.values:
            known = ", ".join(Conversation.Priority.values)
            raise RuleError(
                gettext("'%(value)s' is no priority. Use one of: %(known)s.")
                % {"value": str(value)[:40], "known": known}
            )
        return str(value)
    return _number(action, kind, value)


def _number(action: Action, kind: str, value: object) -> int:
    most = {"hours": LONGEST_HOURS, "level": 9}.get(kind, 2**63 - 1)
    text = str(value if value is not None else "").strip()
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise RuleError(
            gettext("'%(label)s' needs a choice or a whole number from 1 to %(most)d, not '%(value)s'.")
            % {"label": action.label, "most": most, "value": text[:40]}
        )
    number = int(text)
    whose = {"agent": Agent, "team": Team, "saved_reply": SavedReply}.get(kind)
    if whose is not None and not whose._default_manager.filter(pk=number).exists():
        raise RuleError(
            gettext("What '%(label)s' was told is gone meanwhile. Choose again.") % {"label": action.label}
        )
    return number


def _filled(saved: SavedReply, place: Conversation) -> str:
    """The saved reply's words with the customer's name; signed by the mailbox, as no agent wrote it."""
    house = place.mailbox.name if place.mailbox else ""
    return saved.markdown.replace("{{customer}}", place.customer.name or gettext("there")).replace(
        "{{agent}}", house
    )


def _stops(place: Conversation, words: str) -> str:
    """What the coach would stop this reply for, or ''."""
    told = coaching.review_draft(
        team_id=coaching_access.team_answering(None, place.mailbox_id),
        draft=words,
        customer_message=_newest_words(place),
        customer_name=place.customer.name,
    )
    grave = [finding for finding in told["findings"] if finding["severity"] == "stop"]
    return str(grave[0]["message"]) if grave else ""


def _newest_words(place: Conversation) -> str:
    heard = place.messages.filter(kind=Message.Kind.CUSTOMER).order_by("-at", "-id")
    return heard.values_list("text", flat=True).first() or ""


def _refusal(given: Given, error: Exception) -> str:
    label = ACTIONS[given["do"]].label if given.get("do") in ACTIONS else given.get("do")
    if isinstance(error, ObjectDoesNotExist):
        why = gettext("what it was told is gone meanwhile.")
    else:
        why = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    return gettext("'%(label)s' could not be done: %(why)s") % {"label": label, "why": why}

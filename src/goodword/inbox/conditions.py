"""Conditions on a conversation, as service levels, routing and automation keep them.

    {"all": [{"field": "priority", "is": ["high", "urgent"]}, {"field": "words", "has": ["refund"]}]}

All rows of `all` must hold, and at least one of `any` where there are some; without rows they fit everything.
A row names a field and asks one question, with one or several answers of which one is enough: `is`, `is_not`
(values and tags), `has`, `has_not` (texts: words that begin so), `at_least`, `at_most` (one number).
Rooms above add fields of their own with `add_field`.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import Left
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .errors import NotPossible
from .models import Conversation, ConversationTag, Message

ROWS = 20
VALUES = 50
LENGTH = 200
WORDS_READ = 20_000
MESSAGES_READ = 20


class Sort(StrEnum):
    """What a field holds, which says what can be asked of it."""

    VALUE = "value"
    NUMBER_OF = "number_of"
    SEVERAL = "several"
    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"


QUESTIONS: dict[Sort, tuple[str, ...]] = {
    Sort.VALUE: ("is", "is_not"),
    Sort.NUMBER_OF: ("is", "is_not"),
    Sort.SEVERAL: ("is", "is_not"),
    Sort.TEXT: ("has", "has_not"),
    Sort.NUMBER: ("at_least", "at_most"),
    Sort.YES_NO: ("is",),
}
ALL_QUESTIONS = tuple(dict.fromkeys(question for some in QUESTIONS.values() for question in some))


@dataclass(frozen=True, slots=True)
class Field:
    """Something that can be asked of a conversation.

    `choices` are the only answers there are, when there are such. A field of a room above brings `read`,
    which gives the answers for the conversations of these ids in one query; what it leaves out is None.
    """

    name: str
    label: "str | Lazy"
    sort: Sort
    choices: tuple[str, ...] = ()
    read: Callable[[Sequence[int]], Mapping[int, object]] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a conversation when its conditions are looked at.

    `words` is all that the customer wrote in it; `more` are the answers of fields that rooms above added.
    """

    channel: str = ""
    mailbox_id: int | None = None
    team_id: int | None = None
    priority: str = Conversation.Priority.NORMAL
    language: str = ""
    tier: str = ""
    tags: frozenset[str] = frozenset()
    subject: str = ""
    words: str = ""
    feeling: str = ""
    strength: int = 0
    urgency: int = 0
    escalation: int = 0
    more: Mapping[str, object] = field(default_factory=dict)

    def of(self, name: str) -> object:
        """The answer of a field."""
        return getattr(self, _KEPT_AS.get(name, name)) if name in _OWN else self.more.get(name)


_CUSTOMER: Any = Conversation._meta.get_field("customer")
_KEPT_AS = {"mailbox": "mailbox_id", "team": "team_id"}
_OWN: dict[str, Field] = {
    one.name: one
    for one in (
        Field("priority", _("Priority"), Sort.VALUE, tuple(Conversation.Priority.values)),
        Field("tier", _("Customer's tier"), Sort.VALUE),
        Field("channel", _("Channel"), Sort.VALUE, tuple(Conversation.Channel.values)),
        Field("mailbox", _("Mailbox"), Sort.NUMBER_OF),
        Field("team", _("Team"), Sort.NUMBER_OF),
        Field("language", _("Language"), Sort.VALUE),
        Field("tags", _("Tags"), Sort.SEVERAL),
        Field("subject", _("Subject"), Sort.TEXT),
        Field("words", _("What the customer wrote"), Sort.TEXT),
        Field("feeling", _("Feeling"), Sort.VALUE),
        Field("strength", _("Strength of feeling"), Sort.NUMBER),
        Field("urgency", _("Urgency"), Sort.NUMBER),
        Field("escalation", _("Escalation level"), Sort.NUMBER),
    )
}
_added: dict[str, Field] = {}


def add_field(one: Field) -> None:
    """Let conditions ask something more; called in the `AppConfig.ready()` of a room above."""
    _added[one.name] = one


def fields() -> dict[str, Field]:
    """Every field there is, by its name, in the order to offer them."""
    return {**_OWN, **_added}


def fields_of(*conditions: Mapping[str, Any]) -> frozenset[str]:
    """The names of the fields that these conditions ask about."""
    return frozenset(row["field"] for each in conditions for row in _rows(each))


def facts_of(place: Conversation, *, only: Collection[str] | None = None) -> Facts:
    """What is known of a conversation. `only` names the fields that are needed: the fewer, the cheaper."""
    return facts_of_each([place], only=only)[place.pk]


def facts_of_each(places: Sequence[Conversation], *, only: Collection[str] | None = None) -> dict[int, Facts]:
    """What is known of each of these conversations, by id: one query for what does not stand on them, none
    where none of it is needed, and one for each field of a room above.
    """
    wanted = set(fields()) if only is None else set(only)
    further = _further(places, wanted)
    more = _more([place.pk for place in places], wanted)
    return {place.pk: _facts(place, further.get(place.pk, {}), more.get(place.pk, {})) for place in places}


def fits(conditions: Mapping[str, Any], facts: Facts) -> bool:
    """Whether the conditions hold. A field that no room knows any more never holds."""
    some = conditions.get("any") or ()
    return all(_holds(row, facts) for row in conditions.get("all") or ()) and (
        not some or any(_holds(row, facts) for row in some)
    )


def checked(conditions: object) -> dict[str, list[dict[str, Any]]]:
    """The conditions as they are kept; raises NotPossible with a sentence that says what is wrong."""
    if not isinstance(conditions, Mapping):
        raise NotPossible(gettext("Conditions are an object with 'all' or 'any', each a list of rows."))
    strange = next((key for key in conditions if key not in ("all", "any")), None)
    if strange is not None:
        raise NotPossible(
            gettext("'%(key)s' is not known in conditions. Use 'all' or 'any'.") % {"key": str(strange)[:40]}
        )
    kept: dict[str, list[dict[str, Any]]] = {}
    for key, rows in conditions.items():
        if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) > ROWS:
            raise NotPossible(
                gettext("'%(key)s' is a list of up to %(limit)d rows.") % {"key": key, "limit": ROWS}
            )
        if rows:
            kept[key] = [_checked_row(row) for row in rows]
    return kept


def _rows(conditions: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*(conditions.get("all") or ()), *(conditions.get("any") or ())]


def _further(places: Sequence[Conversation], wanted: set[str]) -> dict[int, dict[str, Any]]:
    """What has to be looked up of each conversation."""
    asked: dict[str, Any] = {}
    if "tags" in wanted:
        own = ConversationTag.objects.filter(conversation=OuterRef("pk")).order_by("tag__name")
        asked["its_tags"] = ArraySubquery(own.values("tag__name"))
    if "words" in wanted:
        said = Message.objects.filter(conversation=OuterRef("pk"), kind=Message.Kind.CUSTOMER)
        newest = said.order_by("-at", "-id").annotate(begins=Left("text", WORDS_READ)).values("begins")
        asked["its_words"] = ArraySubquery(newest[:MESSAGES_READ])
    if "tier" in wanted and not all(map(_CUSTOMER.is_cached, places)):
        asked["its_tier"] = F("customer__tier")
    if not asked or not places:
        return {}
    rows: Any = (
        Conversation.objects.filter(pk__in=[place.pk for place in places]).order_by().values("pk", **asked)
    )
    return {row["pk"]: row for row in rows}


def _more(pks: list[int], wanted: set[str]) -> dict[int, dict[str, object]]:
    """The answers of the fields that rooms above added."""
    found: dict[int, dict[str, object]] = {}
    for name in sorted(wanted & set(_added)):
        read = _added[name].read
        for pk, answer in (read(pks) if read else {}).items():
            found.setdefault(pk, {})[name] = answer
    return found


def _known_tier(place: Conversation) -> str:
    return place.customer.tier if _CUSTOMER.is_cached(place) else ""


def _facts(place: Conversation, further: Mapping[str, Any], more: Mapping[str, object]) -> Facts:
    return Facts(
        channel=place.channel,
        mailbox_id=place.mailbox_id,
        team_id=place.team_id,
        priority=place.priority,
        language=place.language,
        tier=further["its_tier"] if "its_tier" in further else _known_tier(place),
        tags=frozenset(further.get("its_tags") or ()),
        subject=place.subject,
        words="\n".join(further.get("its_words") or ()),
        feeling=place.feeling,
        strength=place.feeling_strength,
        urgency=place.urgency,
        escalation=place.escalation_level,
        more=more,
    )


def _holds(row: Mapping[str, Any], facts: Facts) -> bool:
    one = fields().get(row["field"])
    if one is None:
        return False
    answer = facts.of(one.name)
    question, wanted = next((key, row[key]) for key in ALL_QUESTIONS if key in row)
    match question:
        case "is":
            return _is_one_of(one, answer, wanted)
        case "is_not":
            return not _is_one_of(one, answer, wanted)
        case "has":
            return _has_one_of(str(answer or ""), wanted)
        case "has_not":
            return not _has_one_of(str(answer or ""), wanted)
    number = answer if isinstance(answer, int | float) else 0
    return bool(number >= wanted if question == "at_least" else number <= wanted)


def _is_one_of(one: Field, answer: object, wanted: Sequence[object]) -> bool:
    if one.sort == Sort.YES_NO:
        return bool(answer) in wanted
    if one.sort == Sort.SEVERAL:
        several = answer if isinstance(answer, Collection) and not isinstance(answer, str) else ()
        return bool({_folded(value) for value in several} & {_folded(value) for value in wanted})
    return _folded(answer) in {_folded(value) for value in wanted}


def _folded(value: object) -> object:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _has_one_of(text: str, wanted: Sequence[str]) -> bool:
    """Whether one of the phrases stands in the text; each may go on in its last word, but begins with one."""
    folded = " ".join(text.casefold().split())
    return any(re.search(r"(?<!\w)" + re.escape(str(_folded(phrase))), folded) for phrase in wanted)


def _checked_row(row: object) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        raise NotPossible(gettext("Each row of conditions is an object with 'field' and a question."))
    known = fields()
    name = row.get("field")
    one = known.get(name) if isinstance(name, str) else None
    if one is None:
        raise NotPossible(
            gettext("There is no field '%(field)s'. The fields are %(fields)s.")
            % {"field": str(name)[:40], "fields": ", ".join(known)}
        )
    asked = [key for key in row if key != "field"]
    possible = QUESTIONS[one.sort]
    if len(asked) != 1 or asked[0] not in possible:
        raise NotPossible(
            gettext("Of '%(field)s' one of these can be asked: %(questions)s.")
            % {"field": one.name, "questions": ", ".join(possible)}
        )
    return {"field": one.name, asked[0]: _checked_answer(one, asked[0], row[asked[0]])}


def _checked_answer(one: Field, question: str, given: object) -> object:
    if one.sort == Sort.NUMBER:
        if isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < math.inf:
            return given
        raise NotPossible(
            gettext("'%(field)s' is compared with a number, and '%(value)s' is none.")
            % {"field": one.name, "value": str(given)[:40]}
        )
    values = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    if not 0 < len(values) <= VALUES:
        raise NotPossible(
            gettext("'%(field)s' needs one to %(limit)d answers to compare with.")
            % {"field": one.name, "limit": VALUES}
        )
    return [_checked_value(one, value) for value in values]


def _checked_value(one: Field, value: object) -> object:
    if one.sort == Sort.YES_NO:
        if not isinstance(value, bool):
            raise NotPossible(gettext("'%(field)s' is true or false.") % {"field": one.name})
        return value
    if one.sort == Sort.NUMBER_OF:
        if not isinstance(value, int) or isinstance(value, bool):
            raise NotPossible(
                gettext("'%(field)s' is compared with the number of one, and '%(value)s' is none.")
                % {"field": one.name, "value": str(value)[:40]}
            )
        return value
    kept = " ".join(value.split()) if isinstance(value, str) else ""
    if not isinstance(value, str) or len(kept) > LENGTH or (not kept and one.sort == Sort.TEXT):
        raise NotPossible(
            gettext("'%(field)s' is compared with a text of up to %(limit)d characters.")
            % {"field": one.name, "limit": LENGTH}
        )
    if one.choices and kept not in one.choices:
        raise NotPossible(
            gettext("'%(value)s' is no %(field)s. Choose from %(choices)s.")
            % {"value": kept[:40], "field": one.name, "choices": ", ".join(one.choices)}
        )
    return kept

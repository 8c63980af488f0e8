"""Conditions as rows of a form: a field, a question, and answers with commas between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodword.inbox import conditions
from goodword.inbox.conditions import Field, Sort
from goodword.inbox.errors import NotPossible
from goodword.mail.models import Mailbox
from goodword.staff.models import Team

EMPTY_ROWS = 2
QUESTIONS: "dict[str, Lazy]" = {
    "is": _("is one of"),
    "is_not": _("is none of"),
    "has": _("has one of the words"),
    "has_not": _("has none of the words"),
    "at_least": _("is at least"),
    "at_most": _("is at most"),
}
YES = {"yes", "true", "1"}
NO = {"no", "false", "0"}


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One row as the form shows it."""

    field: str = ""
    question: str = "is"
    answers: str = ""


@dataclass(frozen=True, slots=True)
class ConditionRows:
    """What `desk/condition_rows.html` shows: the rows with some empty ones, and what can be chosen."""

    rows: Sequence[ConditionRow]
    any: bool
    fields: Sequence[tuple[str, str]]
    questions: Sequence[tuple[str, str]]


def shown(kept: Mapping[str, Any]) -> ConditionRows:
    """Kept conditions as rows of the form; those of 'any' win where a form can show one sort only."""
    some = bool(kept.get("any"))
    rows = [_row(one) for one in (kept.get("any") if some else kept.get("all")) or ()]
    return _rows(rows, some=some)


def sent(data: QueryDict) -> ConditionRows:
    """The rows as they were sent, to be shown again."""
    return _rows(_sent(data), some=data.get("condition_join") == "any")


def read(data: QueryDict) -> dict[str, Any]:
    """The conditions of a sent form; raises NotPossible with a sentence. Empty rows count for nothing."""
    rows = [
        {"field": row.field, row.question: _answers(row)}
        for row in _sent(data)
        if row.field and row.answers.strip()
    ]
    half = next((row for row in _sent(data) if row.field and not row.answers.strip()), None)
    if half is not None:
        raise NotPossible(
            gettext("The condition on '%(field)s' has no answer yet. Write one, or clear the row.")
            % {"field": _label(half.field)}
        )
    key = "any" if data.get("condition_join") == "any" else "all"
    return conditions.checked({key: rows} if rows else {})


def in_words(kept: Mapping[str, Any]) -> str:
    """The conditions as a line to read, '' when there are none."""
    some = [_row(one) for one in (*(kept.get("all") or ()), *(kept.get("any") or ()))]
    join = gettext(" or ") if kept.get("any") else gettext(" and ")
    return join.join(
        f"{_label(row.field)} {QUESTIONS.get(row.question, row.question)} {row.answers}" for row in some
    )


def _rows(rows: Sequence[ConditionRow], *, some: bool) -> ConditionRows:
    empty = [ConditionRow()] * EMPTY_ROWS
    return ConditionRows(
        rows=[*rows, *empty],
        any=some,
        fields=[("", "–"), *((one.name, str(one.label)) for one in conditions.fields().values())],
        questions=[(key, str(label)) for key, label in QUESTIONS.items()],
    )


def _sent(data: QueryDict) -> list[ConditionRow]:
    parts = (data.getlist(f"condition_{name}") for name in ("field", "question", "answers"))
    return [ConditionRow(*each) for each in zip(*parts, strict=False) if each[0] or each[2].strip()]


def _answers(row: ConditionRow) -> object:
    one = conditions.fields().get(row.field)
    given = [part.strip() for part in row.answers.split(",") if part.strip()]
    if one is None:
        return given
    if one.sort == Sort.NUMBER:
        return _number(row.answers)
    if one.sort == Sort.YES_NO:
        return [_yes_or_no(part) for part in given]
    if one.sort == Sort.NUMBER_OF:
        return [_number_of(one, part) for part in given]
    return given


def _yes_or_no(word: str) -> object:
    """What a word says, in English or as this page says it; one that says neither stays as it is."""
    tidy = word.casefold()
    if tidy in {*YES, gettext("yes").casefold()}:
        return True
    return False if tidy in {*NO, gettext("no").casefold()} else word


def _number(text: str) -> object:
    try:
        return int(text.strip())
    except ValueError:
        return text.strip()


def _number_of(one: Field, name: str) -> object:
    """The number of the mailbox or team of that name."""
    found = _named(one.name, name)
    if found is None:
        raise NotPossible(
            gettext("There is no %(what)s '%(name)s'. Write its name as it stands in the settings.")
            % {"what": str(one.label).lower(), "name": name[:60]}
        )
    return found


def _named(field: str, name: str) -> int | None:
    if name.isascii() and name.isdigit():
        return int(name)
    if field == "team":
        return Team.objects.filter(name__iexact=name).values_list("pk", flat=True).first()
    boxes = Mailbox.objects.filter(name__iexact=name) | Mailbox.objects.filter(address__iexact=name)
    return boxes.values_list("pk", flat=True).first()


def _row(kept: Mapping[str, Any]) -> ConditionRow:
    field = str(kept.get("field", ""))
    question = next((key for key in QUESTIONS if key in kept), "is")
    given = kept.get(question)
    values = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    return ConditionRow(field, question, ", ".join(_said(field, value) for value in values))


def _said(field: str, value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    whose = {"team": Team, "mailbox": Mailbox}.get(field)
    if whose is not None and isinstance(value, int):
        return whose._default_manager.filter(pk=value).values_list("name", flat=True).first() or str(value)
    return str(value)


def _label(field: str) -> str:
    one = conditions.fields().get(field)
    return str(one.label) if one else field

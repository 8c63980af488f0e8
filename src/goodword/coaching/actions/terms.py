"""The team's own words, and what it says instead of others."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.staff.models import Agent, Team

from ..models import Term
from .writing import changed, may_change, one_line, required, short

TERM_LENGTH = 120
MOST_TERMS = 1_000
ARROWS = ("→", "=>", "->")


@dataclass(frozen=True, slots=True)
class Imported:
    """How many words an import added or changed; lines that were not understood, with the reason."""

    added: int
    refused: tuple[str, ...]


@transaction.atomic
def add_term(*, by: Agent, team: Team | None, words: str, instead: str = "") -> Term:
    """Words that are never jargon or misspelled; with `instead` words that have better ones.

    Adding the same words again changes what to say instead. Raises NotAllowed, ValidationError by field.
    """
    may_change(by, team)
    made, new = _kept(by, team, words, instead)
    if new:
        changed("term.added", by, team, term=made.pk, words=made.words)
    return made


@transaction.atomic
def import_terms(*, by: Agent, team: Team | None, text: str) -> Imported:
    """One a line: 'SKU', or with an arrow what to say instead: 'RMA → return'.

    Good lines are kept, what is wrong with the others is said.
    """
    may_change(by, team)
    added, refused = 0, []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            added += _kept(by, team, *_parts(line))[1]
        except ValidationError as error:
            said = _("Line %(number)d: %(sentence)s")
            refused.append(said % {"number": number, "sentence": " ".join(error.messages)})
    if added:
        changed("term.added", by, team, count=added)
    return Imported(added, tuple(refused))


@transaction.atomic
def remove_term(*, by: Agent, term: Term) -> None:
    """The coach knows nothing of these words any more. Removing them twice is harmless."""
    may_change(by, term.team)
    if Term.objects.filter(pk=term.pk).delete()[0]:
        changed("term.removed", by, term.team, words=term.words)


def _kept(by: Agent, team: Team | None, words: str, instead: str) -> tuple[Term, bool]:
    """The term, and whether anything is new about it."""
    words = required("words", words, _("Write the words."), longest=TERM_LENGTH)
    if not any(char.isalnum() for char in words):
        raise ValidationError({"words": _("'%(words)s' holds no letter or digit.") % {"words": words}})
    instead = short("instead", one_line(instead), longest=TERM_LENGTH)
    if instead.lower() == words.lower():
        raise ValidationError({"instead": _("That is the same. Write what to say in its place, or nothing.")})
    known = Term.objects.filter(team=team, words__iexact=words).first()
    if known and (known.words, known.instead) == (words, instead):
        return known, False
    if known is None and Term.objects.filter(team=team).count() >= MOST_TERMS:
        said = _("There are %(most)d words already. Remove some that nobody needs.")
        raise ValidationError({"words": said % {"most": MOST_TERMS}})
    term = known or Term(team=team)
    term.words, term.instead, term.by, term.at = words, instead, by, timezone.now()
    term.save()
    return term, True


def _parts(line: str) -> tuple[str, str]:
    for arrow in ARROWS:
        if arrow in line:
            words, _arrow, instead = line.partition(arrow)
            return words, instead
    return line, ""

"""Simple rules of the team: words to find, what to say of them, and lines that try it at once."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword import coach
from goodword.coach import tailor
from goodword.coach.errors import CoachError
from goodword.staff.models import Agent, Team

from ..models import OwnRule
from ..tailoring import rule_of
from .writing import changed, lines, may_change, one_line, required, short

WORDS_LENGTH = 120
LINE_LENGTH = 500
MESSAGE_LENGTH = 300
WHY_LENGTH = 500
MOST_WORDS = 50
MOST_LINES = 10
MOST_RULES = 100


@transaction.atomic
def set_own_rule(
    *,
    by: Agent,
    team: Team | None,
    words: Iterable[str],
    message: str,
    why: str,
    good: Iterable[str],
    bad: Iterable[str],
    instead: str = "",
    subject: str = OwnRule.Subject.TONE,
    severity: str = OwnRule.Severity.WARN,
    own: OwnRule | None = None,
) -> OwnRule:
    """A rule, new or changed, tried on its own lines before it is kept.

    Raises NotAllowed, and ValidationError by field, which says which line is found and which is not.
    """
    may_change(by, team)
    if own is None and OwnRule.objects.filter(team=team).count() >= MOST_RULES:
        said = _("There are %(most)d rules already. Remove one that nobody needs.")
        raise ValidationError({"words": said % {"most": MOST_RULES}})
    own = own or OwnRule(team=team)
    own.subject, own.severity = _choice("subject", subject), _choice("severity", severity)
    own.message = required("message", message, _("Write what to say."), longest=MESSAGE_LENGTH)
    own.why = required("why", why, _("Say why it matters to the customer."), longest=WHY_LENGTH)
    own.instead = short("instead", one_line(instead), longest=WORDS_LENGTH)
    own.words = lines(
        "words",
        words,
        _("Write the words to find, one a line."),
        longest=WORDS_LENGTH,
        most=MOST_WORDS,
    )
    lengths = {"longest": LINE_LENGTH, "most": MOST_LINES}
    own.good = lines("good", good, _("Write a line in which the rule finds nothing."), **lengths)
    own.bad = lines("bad", bad, _("Write a line in which the rule finds something."), **lengths)
    _try(own)
    own.by, own.at = by, timezone.now()
    own.save()
    changed("own_rule.changed", by, team, own_rule=own.pk, words=own.words[:5])
    return own


@transaction.atomic
def remove_own_rule(*, by: Agent, own: OwnRule) -> None:
    """The coach looks for these words no more; numbers of the past stay. Twice is harmless."""
    may_change(by, own.team)
    rule, words = own.rule, own.words[:5]
    if OwnRule.objects.filter(pk=own.pk).delete()[0]:
        changed("own_rule.removed", by, own.team, rule=rule, words=words)


def _choice(field: str, value: str) -> str:
    choices: Any = OwnRule.Subject if field == "subject" else OwnRule.Severity
    if value not in choices.values:
        raise ValidationError({field: _("'%(value)s' is none of the choices.") % {"value": value}})
    return value


def _try(own: OwnRule) -> None:
    """Raise ValidationError that names each line that does not show what it should."""
    pack = coach.load_pack()
    try:
        rule = rule_of(own)
        missed = [line for line in own.bad if not tailor.fires(rule, line, pack)]
        caught = [line for line in own.good if tailor.fires(rule, line, pack)]
    except CoachError as error:
        raise ValidationError({"words": error.sentence}) from error
    wrong: dict[str, list[str]] = {}
    if missed:
        said = _("The rule finds nothing in '%(line)s'. Put one of its words there, or add the words.")
        wrong["bad"] = [said % {"line": line} for line in missed]
    if caught:
        said = _("The rule finds something in '%(line)s'. Take the words out, or make them more exact.")
        wrong["good"] = [said % {"line": line} for line in caught]
    if wrong:
        raise ValidationError(wrong)

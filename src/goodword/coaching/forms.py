"""What is typed about the coach. `save` runs the action and puts refusals into the form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goodword.staff import queries as staff
from goodword.staff.forms import ActionForm
from goodword.staff.models import Agent, Team

from . import actions
from .actions.terms import Imported
from .models import OwnRule, Policy, RuleChange, Term, Topic
from .rulebook import RuleLine
from .tailoring import StandardTopic, details

OFF = "off"
IMPORT_LENGTH = 100_000


class DisputeForm(forms.Form):
    """The finding and, if they like, why it is wrong."""

    rule = forms.CharField(max_length=120)
    quote = forms.CharField(max_length=actions.QUOTE_LENGTH, required=False, strip=False)
    reason = forms.CharField(label=_("Why"), max_length=actions.REASON_LENGTH, required=False)


def _lines(label: Any, *, rows: int, hint: Any = "", required: bool = True) -> forms.CharField:
    """Lines of text, one thing a line."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=IMPORT_LENGTH,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class RuleForm(ActionForm):
    """How a rule stands for a team."""

    severity = forms.ChoiceField(label=_("How grave"))
    message = forms.CharField(
        label=_("What it says"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Empty: the standard words. {quote} becomes the words it is about."),
    )
    why = forms.CharField(
        label=_("Why, for the agent"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Empty: the standard reason."),
    )
    reason = forms.CharField(label=_("Why you change it"), help_text=_("Stands in the history of the rule."))

    def __init__(self, data: Any = None, *, line: RuleLine, change: RuleChange | None) -> None:
        names = dict(OwnRule.Severity.choices)
        known = change or RuleChange()
        initial = {
            "severity": OFF if line.off else line.severity,
            "message": known.message,
            "why": known.why,
        }
        super().__init__(data, initial=initial)
        choices = [(one, names[one]) for one in actions.milder_or_same(line.standard)]
        severity = self.fields["severity"]
        assert isinstance(severity, forms.ChoiceField)
        severity.choices = [*choices, (OFF, _("Off: it says nothing"))]

    def save(self, *, by: Agent, team: Team | None, rule: str) -> RuleChange | None:
        """The change, or None when the form says why not."""
        given = dict(self.cleaned_data)
        off = given["severity"] == OFF
        given |= {"off": off, "severity": "" if off else given["severity"]}
        return self.tried(lambda: actions.change_rule(by=by, team=team, rule=rule, **given))


class TermForm(ActionForm):
    """A word of the team."""

    words = forms.CharField(label=_("Words"), help_text=_("A product, or a term that customers know."))
    instead = forms.CharField(
        label=_("Say instead"), required=False, help_text=_("Empty: these words are fine.")
    )

    def save(self, *, by: Agent, team: Team | None) -> Term | None:
        """The term, or None when the form says why not."""
        return self.tried(lambda: actions.add_term(by=by, team=team, **self.cleaned_data))


class TermsForm(ActionForm):
    """Many words at once."""

    text = _lines(
        _("One a line"),
        rows=6,
        hint=_("'Kettle Pro' is a word of ours; 'RMA → return' says what to write in its place."),
    )

    def save(self, *, by: Agent, team: Team | None) -> Imported | None:
        """What was added, or None when the form says why not."""
        return self.tried(lambda: actions.import_terms(by=by, team=team, text=self.cleaned_data["text"]))


class TopicForm(ActionForm):
    """A topic, the words that mark it, and the details that an answer needs."""

    name = forms.CharField(label=_("Topic"), max_length=60)
    words = _lines(
        _("Words that mark it"),
        rows=5,
        required=False,
        hint=_("One a line, as customers write them: 'where is my parcel'."),
    )
    details_needed = forms.MultipleChoiceField(
        label=_("Details an answer needs"), widget=forms.CheckboxSelectMultiple, required=False
    )
    one_is_enough = forms.BooleanField(label=_("One of these is enough"), required=False, initial=True)
    ask = forms.CharField(
        label=_("Question to suggest"), help_text=_("Such as 'Could you send me your order number?'")
    )

    def __init__(self, data: Any = None, *, topic: Topic | StandardTopic | None = None) -> None:
        initial: dict[str, Any] = {}
        if topic is not None:
            initial = {"name": topic.name, "ask": topic.ask, "details_needed": list(topic.details)}
        if isinstance(topic, Topic):
            initial |= {"words": "\n".join(topic.words), "one_is_enough": topic.one_is_enough}
        super().__init__(data, initial=initial)
        chosen = self.fields["details_needed"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = list(details().items())

    def save(self, *, by: Agent, team: Team | None, topic: Topic | None) -> Topic | None:
        """The topic, or None when the form says why not."""
        given = self.cleaned_data | {"words": self.cleaned_data["words"].splitlines()}
        return self.tried(lambda: actions.set_topic(by=by, team=team, topic=topic, **given))


class PolicyForm(ActionForm):
    """A fact that the team stands by."""

    text = forms.CharField(
        label=_("The fact, in a sentence"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Begin with what it is about: 'Refunds take 5 to 7 working days.'"),
    )
    owner = forms.ModelChoiceField(
        label=_("Whose it is"), queryset=staff.at_work(), help_text=_("Whoever knows when it changes.")
    )
    review_by = forms.DateField(
        label=_("Look at it again by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @classmethod
    def of(cls, policy: Policy) -> "PolicyForm":
        """The form as it shows a policy."""
        return cls(initial={"text": policy.text, "owner": policy.owner_id, "review_by": policy.review_by})

    def save(self, *, by: Agent, team: Team | None, policy: Policy | None) -> Policy | None:
        """The policy, or None when the form says why not."""
        return self.tried(lambda: actions.set_policy(by=by, team=team, policy=policy, **self.cleaned_data))


class OwnRuleForm(ActionForm):
    """A simple rule of the team."""

    words = _lines(_("Words to find"), rows=3, hint=_("One a line, in small or capital letters."))
    message = forms.CharField(
        label=_("What to say"), help_text=_("{quote} becomes the words found: “'{quote}' shuts the door.”")
    )
    why = forms.CharField(label=_("Why it matters to the customer"))
    instead = forms.CharField(
        label=_("Write instead"), required=False, help_text=_("Put in with one click. Empty: no suggestion.")
    )
    severity = forms.ChoiceField(
        label=_("How grave"), choices=OwnRule.Severity.choices, initial=OwnRule.Severity.WARN
    )
    subject = forms.ChoiceField(label=_("What it is about"), choices=OwnRule.Subject.choices)
    bad = _lines(
        _("Bad lines"), rows=3, hint=_("Sentences in which the rule must find something, one a line.")
    )
    good = _lines(_("Good lines"), rows=3, hint=_("Sentences that it must leave alone, one a line."))

    @classmethod
    def of(cls, own: OwnRule) -> "OwnRuleForm":
        """The form as it shows a rule."""
        given = {name: getattr(own, name) for name in ("message", "why", "instead", "severity", "subject")}
        return cls(initial=given | {name: "\n".join(getattr(own, name)) for name in ("words", "bad", "good")})

    def save(self, *, by: Agent, team: Team | None, own: OwnRule | None) -> OwnRule | None:
        """The rule, or None when the form says why not."""
        given = dict(self.cleaned_data)
        given |= {name: given[name].splitlines() for name in ("words", "bad", "good")}
        return self.tried(lambda: actions.set_own_rule(by=by, team=team, own=own, **given))

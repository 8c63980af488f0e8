"""Forms about handing a conversation over and raising it."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodword.inbox import access, escalations, handovers
from goodword.inbox.actions.escalating import WORDS_LENGTH
from goodword.inbox.actions.handing_over import SUMMARY_LENGTH
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent, Team
from goodword.staff.queries import at_work

LEADS = (Agent.Role.LEAD, Agent.Role.ADMINISTRATOR)


def who_sees(place: Conversation) -> list[Agent]:
    """Everybody at work who may see the conversation, by name."""
    doors = Team.objects.filter(mailboxes=place.mailbox_id) if place.mailbox_id else Team.objects.none()
    if not doors.exists():
        return list(at_work())
    return [agent for agent in at_work() if access.conversations(agent).filter(pk=place.pk).exists()]


class HandoverForm(forms.Form):
    """Who takes it, what they need to know, and whether the customer is told."""

    to = forms.ChoiceField(label=_("To"))
    summary = forms.CharField(
        label=_("What they need to know"),
        max_length=SUMMARY_LENGTH,
        widget=forms.Textarea({"rows": 10}),
        help_text=_("A first draft from what is on record. It stands in the conversation as a note."),
    )
    with_promises = forms.BooleanField(
        label=_("My open promises in this conversation go along"), required=False, initial=True
    )
    tell = forms.BooleanField(label=_("Tell the customer now"), required=False)
    words = forms.CharField(
        label=_("What the customer reads"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("{{to}} becomes the name of whoever takes it."),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, place: Conversation, promises: bool) -> None:
        initial = {
            "summary": handovers.first_summary(place) if data is None else "",
            "tell": True,
            "words": handovers.words_to_customer(place),
            "revision": place.revision,
        }
        super().__init__(data, initial=initial)
        people = [(f"agent-{one.pk}", one.name) for one in who_sees(place) if one.pk != place.assignee_id]
        teams = [(f"team-{one.pk}", one.name) for one in Team.objects.order_by("name")]
        groups = [("", "")] + ([(gettext("Teams"), teams)] if teams else []) + [(gettext("People"), people)]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = groups
        if not promises:
            del self.fields["with_promises"]
        if "tell" not in (data or {}) and not handovers.can_tell(place):
            for name in ("tell", "words", "revision"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Whoever is told something has to be told something."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("tell") and not cleaned.get("words", "").strip():
            self.add_error("words", _("Write what the customer reads, or do not tell them now."))
        return cleaned

    def taker(self) -> Agent | Team:
        """Whoever takes it."""
        kind, _dash, number = self.cleaned_data["to"].partition("-")
        return Team.objects.get(pk=number) if kind == "team" else Agent.objects.get(pk=number)


class EscalationForm(forms.Form):
    """To which level, and why."""

    level = forms.TypedChoiceField(label=_("To"), coerce=int)
    reason = forms.CharField(
        label=_("Why"),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What you need decided, and by when. They have the whole conversation before them."),
    )

    def __init__(self, data: QueryDict | None = None, *, place: Conversation) -> None:
        super().__init__(data)
        field = self.fields["level"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (
                step.rank,
                f"{step.name}: {', '.join(one.name for one in step.asked(place)) or gettext('nobody')}",
            )
            for step in escalations.steps_above(place)
        ]


class DecisionForm(forms.Form):
    """What was decided."""

    decision = forms.CharField(
        label=_("What was decided"), max_length=WORDS_LENGTH, widget=forms.Textarea({"rows": 4})
    )

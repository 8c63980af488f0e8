"""Writing a call down."""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.inbox.actions import NewCall
from goodword.inbox.actions.calling import LONGEST, STEP_LENGTH, TEXT_LENGTH
from goodword.inbox.actions.opening import SUBJECT_LENGTH
from goodword.inbox.models import Call
from goodword.mail.models import Mailbox
from goodword.promises.actions import NewPromise
from goodword.promises.forms import DueForm
from goodword.promises.models import Promise

ROWS = 2
MOMENT = "%Y-%m-%dT%H:%M"
UNTOLD = ("key", "csrfmiddlewaretoken")  # what a form carries beside the words


class CallForm(DueForm):
    """What was said, how it sounded, and what comes next. Sent twice with the same words it is one call."""

    direction = forms.ChoiceField(
        label=_("Who called?"),
        choices=[
            (Call.Direction.INCOMING, _("The customer called")),
            (Call.Direction.OUTGOING, _("We called")),
        ],
        widget=forms.RadioSelect,
        initial=Call.Direction.INCOMING,
    )
    answered = forms.BooleanField(label=_("We spoke"), required=False, initial=True)
    phone = forms.CharField(
        label=_("Number"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off", "list": "call-phones"}),
    )
    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT),
        help_text=_("Empty: just now."),
    )
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=LONGEST)
    tone = forms.ChoiceField(
        label=_("How did they sound?"), required=False, choices=[("", _("Not noted")), *Call.Tone.choices]
    )
    said = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 7}),
    )
    next_step = forms.CharField(
        label=_("Next step"),
        required=False,
        max_length=STEP_LENGTH,
        help_text=_("Such as 'Call back with an answer'; it becomes a promise of yours."),
    )

    key = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"key": secrets.token_urlsafe(16)} | (initial or {}))

    def clean_at(self) -> datetime | None:
        """A moment that has come."""
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and at > timezone.now():
            raise ValidationError(_("That moment is still to come. Say when the call was."))
        return at

    def new_call(self) -> NewCall:
        """The call of a valid form."""
        given = self.cleaned_data
        due, whole_day = self.due()
        return NewCall(
            direction=given["direction"],
            answered=given["answered"],
            minutes=given["minutes"],
            tone=given["tone"],
            phone=given["phone"],
            said=given["said"],
            at=given["at"],
            next_step=given["next_step"],
            next_due=due,
            next_whole_day=whole_day,
            reference=f"form {given['key']} {self._digest()}" if given["key"] else "",
        )

    def _digest(self) -> str:
        """Of all that was typed and ticked: gone back to and filled in anew, it tells of another call."""
        assert isinstance(self.data, QueryDict)
        told = {
            name: [" ".join(value.split()) for value in values]
            for name, values in self.data.lists()
            if name not in UNTOLD
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class FirstCallForm(CallForm):
    """A call that begins a conversation."""

    subject = forms.CharField(label=_("What is it about?"), max_length=SUBJECT_LENGTH)
    mailbox = forms.ModelChoiceField(
        label=_("Answers leave from"), required=False, queryset=Mailbox.objects.none(), empty_label=_("–")
    )

    def __init__(
        self, data: QueryDict | None = None, *, hidden: list[int], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["mailbox"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Mailbox.objects.exclude(pk__in=hidden).order_by("address")
        if data is None:
            self.initial.setdefault("mailbox", field.queryset.first())


class CallPromiseForm(DueForm):
    """One promise made on the call."""

    what = forms.CharField(label=_("What"), required=False, max_length=500)

    def clean(self) -> None:
        """A time without a promise says nothing."""
        super().clean()
        if self.cleaned_data.get("due_day") and not self.cleaned_data.get("what", "").strip():
            self.add_error("what", _("What is due then? Write it, or take the day away."))

    def new_promise(self) -> NewPromise | None:
        """The promise of a valid form; None when nothing was written."""
        what = self.cleaned_data["what"].strip()
        if not what:
            return None
        due_at, whole_day = self.due()
        return NewPromise(
            what=what,
            quote="",
            due_at=due_at,
            whole_day=whole_day,
            due_text="",
            source=Promise.Source.CALL,
        )


def promise_rows(data: QueryDict | None) -> list[CallPromiseForm]:
    """The rows for promises made on the call."""
    return [CallPromiseForm(data, prefix=f"promise{number}") for number in range(ROWS)]

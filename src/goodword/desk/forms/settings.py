"""Forms about saved replies and mailboxes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.inbox.models import SavedReply
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent

from .account import MailAddressField


class SavedReplyForm(forms.Form):
    """A name and the words."""

    name = forms.CharField(label=_("Name"), max_length=200)
    markdown = forms.CharField(
        label=_("Words"),
        max_length=50_000,
        widget=forms.Textarea({"rows": 12}),
        help_text=_(
            "{{customer}} and {{agent}} become the names, {{promises_link}} the customer's own page of "
            "promises. Markdown: **bold**, - list, [words](address)."
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, reply: SavedReply) -> None:
        self.reply = reply
        super().__init__(data, initial={"name": reply.name, "markdown": reply.markdown})

    def clean_name(self) -> str:
        """One saved reply for each name."""
        name: str = self.cleaned_data["name"]
        if SavedReply.objects.filter(name=name).exclude(pk=self.reply.pk).exists():
            raise ValidationError(_("There is a saved reply '%(name)s' already."), params={"name": name})
        return name

    def save(self, *, by: Agent) -> SavedReply:
        """The saved reply, new or changed."""
        self.reply.name, self.reply.markdown = self.cleaned_data["name"], self.cleaned_data["markdown"]
        self.reply.by, self.reply.updated_at = by, timezone.now()
        self.reply.save()
        return self.reply


class MailboxForm(forms.Form):
    """An address customers write to."""

    name = forms.CharField(label=_("Name customers see"), max_length=200)
    address = MailAddressField(
        label=_("Mail address"), max_length=254, help_text=_("Mail to this address becomes a conversation.")
    )

    def __init__(self, *args: Any, mailbox: Mailbox | None = None, **kwargs: Any) -> None:
        self.mailbox = mailbox
        super().__init__(*args, **kwargs)

    def clean_address(self) -> str:
        """One mailbox for each address."""
        address: str = self.cleaned_data["address"]
        same = Mailbox.objects.filter(address__iexact=address)
        if self.mailbox is not None:
            same = same.exclude(pk=self.mailbox.pk)
        if same.exists():
            raise ValidationError(_("There is a mailbox %(address)s already."), params={"address": address})
        return address

    def save(self) -> Mailbox:
        """The mailbox, new or changed."""
        box = self.mailbox or Mailbox()
        box.name, box.address = self.cleaned_data["name"], self.cleaned_data["address"]
        box.save()
        return box

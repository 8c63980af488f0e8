"""What is typed about accounts on other mail servers. What was typed secret is never shown again."""

from ipaddress import ip_address
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from goodword.kit.sealing import Unsealable
from goodword.mail.imap import oauth
from goodword.mail.imap.credentials import Credentials, credentials_of
from goodword.mail.models import MailAccount, Mailbox

Security, SignIn = MailAccount.Security, MailAccount.SignIn
OLDER = (
    ("", _("From now on: what is there already stays where it is")),
    ("yes", _("Everything: older mail comes in too, silently")),
)


def _secret(label: Any, *, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        strip=False,
        max_length=2000,
        help_text=hint,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AccountForm(forms.Form):
    """What every account has; `kept` is the account that is changed, if it is no new one."""

    kind: MailAccount.SignIn

    mailbox = forms.ModelChoiceField(
        label=_("Mailbox"),
        queryset=Mailbox.objects.order_by("address"),
        empty_label=None,
        help_text=_("Where its mail becomes conversations."),
    )
    username = forms.CharField(
        label=_("User name"), max_length=320, help_text=_("Most often the mail address itself.")
    )
    folder = forms.CharField(label=_("Folder"), max_length=255, initial="INBOX")
    older = forms.ChoiceField(
        label=_("Which mail"), choices=OLDER, required=False, widget=forms.RadioSelect, initial=""
    )

    def __init__(self, data: QueryDict | None = None, *, kept: MailAccount | None = None) -> None:
        self.kept = kept
        super().__init__(data, initial=_initial(kept) if kept else None)
        if kept:
            del self.fields["older"]

    def clean(self) -> dict[str, Any]:
        """One account for each folder."""
        given = super().clean() or {}
        same = MailAccount.objects.filter(
            host=self.host(), username=given.get("username", ""), folder=given.get("folder", "")
        )
        if (same.exclude(pk=self.kept.pk) if self.kept else same).exists():
            raise ValidationError(_("This folder is fetched already."))
        return given

    def host(self) -> str:
        """The name of the server."""
        raise NotImplementedError

    def account(self) -> MailAccount:
        """The account as it was typed, not saved."""
        given = self.cleaned_data
        account = self.kept or MailAccount(reads_older=given["older"] == "yes")
        account.sign_in, account.host = self.kind, self.host()
        account.mailbox, account.username, account.folder = (
            given["mailbox"],
            given["username"],
            given["folder"],
        )
        return account

    def former(self) -> Credentials:
        """What is kept of the account so far."""
        try:
            return credentials_of(self.kept) if self.kept else Credentials()
        except Unsealable:
            return Credentials()


class PasswordAccountForm(AccountForm):
    """An account on any server, with name and password."""

    kind = SignIn.PASSWORD
    field_order = ("mailbox", "server", "security", "port", "username", "password", "folder", "older")

    server = forms.CharField(
        label=_("Server"), max_length=255, help_text=_("Its name, such as imap.example.com.")
    )
    security = forms.ChoiceField(label=_("Encryption"), choices=Security.choices, initial=Security.TLS)
    port = forms.IntegerField(
        label=_("Port"), min_value=1, max_value=65535, initial=993, help_text=_("993 for TLS, 143 otherwise.")
    )
    password = _secret(_("Password"))

    def __init__(self, data: QueryDict | None = None, *, kept: MailAccount | None = None) -> None:
        super().__init__(data, kept=kept)
        if kept:
            self.fields["password"].help_text = _("Empty: it stays as it is.")

    def clean_server(self) -> str:
        """A name without anything around it."""
        name: str = self.cleaned_data["server"].strip().lower().rstrip(".")
        if not name or any(mark in name for mark in "/@ "):
            raise ValidationError(
                _("'%(name)s' is no name of a server; write it like imap.example.com."), params={"name": name}
            )
        return name

    def clean(self) -> dict[str, Any]:
        """A password goes over no network unencrypted."""
        given = super().clean()
        if given.get("security") == Security.NONE and not _is_this_machine(given.get("server", "")):
            self.add_error("security", _("Without encryption only a server on this machine is used."))
        if not given.get("password"):
            if not self.kept:
                self.add_error("password", _("Enter the password."))
            elif given.get("server") not in (None, self.kept.host):
                # Nobody learns a password that is kept by naming a server of theirs.
                self.add_error("password", _("Enter the password again: the server is another one now."))
        return given

    def host(self) -> str:
        """The name of the server."""
        return str(self.cleaned_data.get("server", ""))

    def account(self) -> MailAccount:
        """The account as it was typed, not saved."""
        account = super().account()
        account.port, account.security = self.cleaned_data["port"], self.cleaned_data["security"]
        return account

    def credentials(self) -> Credentials:
        """The password that was typed, or the kept one."""
        return Credentials(password=self.cleaned_data["password"] or self.former().password)


class ProviderAccountForm(AccountForm):
    """An account at Google or Microsoft, who are asked for permission."""

    field_order = (
        "mailbox",
        "username",
        "client_id",
        "client_secret",
        "tenant",
        "folder",
        "older",
    )

    client_id = forms.CharField(label=_("Client ID"), max_length=500)
    client_secret = _secret(_("Client secret"))
    tenant = forms.RegexField(
        label=_("Tenant"),
        regex=r"^[A-Za-z0-9.-]+$",
        max_length=200,
        required=False,
        help_text=_("The directory's ID or its domain; empty for any organisation."),
    )

    def __init__(
        self, data: QueryDict | None = None, *, kind: MailAccount.SignIn, kept: MailAccount | None = None
    ) -> None:
        self.kind = kind
        super().__init__(data, kept=kept)
        self.fields["username"].label = _("Mail address")
        self.fields["username"].help_text = ""
        if kept:
            former = self.former()
            self.initial["client_id"], self.initial["tenant"] = former.client_id, former.tenant
            self.fields["client_secret"].help_text = _("Empty: it stays as it is.")
        if kind != SignIn.MICROSOFT:
            del self.fields["tenant"]

    def host(self) -> str:
        """The provider's server."""
        return oauth.server_of(self.kind)[0]

    def account(self) -> MailAccount:
        """The account as it was typed, not saved."""
        account = super().account()
        account.port, account.security = oauth.server_of(self.kind)[1], Security.TLS
        return account

    def credentials(self) -> Credentials:
        """The client; its tokens come from the provider."""
        given = self.cleaned_data
        return Credentials(
            client_id=given["client_id"],
            client_secret=given["client_secret"] or self.former().client_secret,
            tenant=given.get("tenant", ""),
        )


def _initial(account: MailAccount) -> dict[str, Any]:
    fields = ("mailbox", "username", "folder", "security", "port")
    return {name: getattr(account, name) for name in fields} | {"server": account.host}


def _is_this_machine(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False

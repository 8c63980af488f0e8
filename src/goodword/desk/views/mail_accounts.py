"""Mail that is fetched from other servers; only administrators set it up."""

import hmac
import json
import time
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.kit.sealing import Unsealable, seal, unseal
from goodword.mail import actions
from goodword.mail.imap import oauth
from goodword.mail.imap.credentials import Credentials
from goodword.mail.imap.trouble import Trouble
from goodword.mail.models import MailAccount, Mailbox
from goodword.staff.access import require_administrator

from ..forms.mail_accounts import AccountForm, PasswordAccountForm, ProviderAccountForm
from ..mail_account_words import state_of
from ..pages import AgentRequest, Refused, SeeOther, agent_page, page

SignIn = MailAccount.SignIn
JOURNEY = "mail_account_journey"
JOURNEY_SECONDS = 30 * 60
_FIELDS = ("mailbox", "host", "port", "security", "username", "sign_in", "folder", "reads_older")


@require_GET
@agent_page
def mail_accounts(request: AgentRequest) -> HttpResponseBase:
    """The accounts and how each is doing."""
    require_administrator(request.user)
    found = MailAccount.objects.select_related("mailbox").order_by("mailbox__address", "username", "folder")
    context = {
        "accounts": [{"account": one, "state": state_of(one)} for one in found],
        "any_mailbox": Mailbox.objects.exists(),
        "tab": "mailboxes",
    }
    return page(request, "desk/mail_accounts.html", context, section="settings")


@require_http_methods(["GET", "POST"])
@agent_page
def mail_account_new(request: AgentRequest) -> HttpResponseBase:
    """Fetch from another account."""
    require_administrator(request.user)
    kind = SignIn(_kind_asked(request))
    return _edit(request, _form(request, kind, None), _("Fetch from a mail server"))


@require_http_methods(["GET", "POST"])
@agent_page
def mail_account(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Change how an account is reached."""
    require_administrator(request.user)
    kept = _account(pk)
    return _edit(request, _form(request, SignIn(kept.sign_in), kept), str(kept))


@require_GET
@agent_page
def mail_account_back(request: AgentRequest) -> HttpResponseBase:
    """Where the provider sends an administrator who allowed us in, or did not."""
    require_administrator(request.user)
    journey, account, client = _arrived(request)
    if "code" not in request.GET:
        why = request.GET.get("error_description") or request.GET.get("error") or ""
        raise Refused(_("The permission was not given: %(why)s") % {"why": why[:300] or _("no reason given")})
    try:
        tokens = oauth.exchange(
            account.sign_in, client, journey=journey, back=_back(), code=request.GET["code"]
        )
        _save(request, account, tokens)
    except Trouble as trouble:
        raise Refused(str(trouble)) from trouble
    return SeeOther(reverse("mail_accounts"))


@require_POST
@agent_page
def mail_account_test(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Reach the server now, as reading does."""
    require_administrator(request.user)
    account = _account(pk)
    try:
        reached = actions.try_account(account=account)
    except Trouble as trouble:
        messages.error(request, str(trouble))
    else:
        messages.success(request, _reached(account, reached))
    return SeeOther(reverse("mail_accounts"))


@require_POST
@agent_page
def mail_account_pause(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Fetch no more for now."""
    require_administrator(request.user)
    if actions.pause_account(account=_account(pk), agent_id=request.user.pk):
        messages.success(request, _("Paused. Mail waits on its server until you resume."))
    return SeeOther(reverse("mail_accounts"))


@require_POST
@agent_page
def mail_account_resume(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Go on fetching."""
    require_administrator(request.user)
    if actions.resume_account(account=_account(pk), agent_id=request.user.pk):
        messages.success(request, _("Resumed, with the mail that came meanwhile."))
    return SeeOther(reverse("mail_accounts"))


@require_POST
@agent_page
def mail_account_again(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Go through the whole folder once more."""
    require_administrator(request.user)
    actions.read_again(account=_account(pk), agent_id=request.user.pk)
    messages.success(request, _("The folder is gone through again; nothing comes in twice."))
    return SeeOther(reverse("mail_accounts"))


@require_POST
@agent_page
def mail_account_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Fetch from it never more."""
    require_administrator(request.user)
    actions.remove_account(account=_account(pk), agent_id=request.user.pk)
    messages.success(request, _("Removed. What was fetched stays, and so does the mail on its server."))
    return SeeOther(reverse("mail_accounts"))


def _edit(
    request: AgentRequest, form: PasswordAccountForm | ProviderAccountForm, title: str
) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        if isinstance(form, ProviderAccountForm):
            return _go_to_provider(request, form)
        try:
            _save(request, form.account(), form.credentials())
            return SeeOther(reverse("mail_accounts"))
        except Trouble as trouble:
            form.add_error(None, str(trouble))
    context = {
        "form": form,
        "title": title,
        "kind": form.kind.value,
        "kinds": SignIn.choices,
        "back": _back(),
        "tab": "mailboxes",
    }
    return page(
        request,
        "desk/mail_account.html",
        context,
        section="settings",
        status=422 if form.errors else 200,
    )


def _form(
    request: AgentRequest, kind: MailAccount.SignIn, kept: MailAccount | None
) -> PasswordAccountForm | ProviderAccountForm:
    data = request.POST if request.method == "POST" else None
    if kind == SignIn.PASSWORD:
        return PasswordAccountForm(data, kept=kept)
    return ProviderAccountForm(data, kind=kind, kept=kept)


def _save(request: AgentRequest, account: MailAccount, credentials: Credentials) -> None:
    act = actions.change_account if account.pk else actions.add_account
    act(account=account, credentials=credentials, agent_id=request.user.pk)
    messages.success(request, _("%(account)s answers; its mail comes in now.") % {"account": account})


def _go_to_provider(request: AgentRequest, form: AccountForm) -> HttpResponseBase:
    """The way to the provider; what was typed waits in the session, sealed.

    It is a page with a link, as a form may not lead to another host.
    """
    assert isinstance(form, ProviderAccountForm)
    account, client, journey = form.account(), form.credentials(), oauth.Journey.begin()
    remembered = {
        "pk": account.pk,
        "account": model_to_dict(account, fields=_FIELDS),
        "client": asdict(client),
        "journey": asdict(journey),
        "at": time.time(),
    }
    request.session[JOURNEY] = seal(json.dumps(remembered))
    url = oauth.authorize_url(
        account.sign_in, client, journey=journey, back=_back(), username=account.username
    )
    context = {"url": url, "account": account, "provider": account.get_sign_in_display(), "tab": "mailboxes"}
    return page(request, "desk/mail_account_go.html", context, section="settings")


def _arrived(request: AgentRequest) -> tuple[oauth.Journey, MailAccount, Credentials]:
    """What was remembered of the one who comes back; raises Refused for anybody else."""
    try:
        known: dict[str, Any] = json.loads(unseal(request.session.pop(JOURNEY, "")))
    except Unsealable:
        known = {}
    state = str(known.get("journey", {}).get("state", ""))
    is_same = hmac.compare_digest(state.encode(), request.GET.get("state", "").encode())
    if not state or not is_same or time.time() - known["at"] > JOURNEY_SECONDS:
        raise Refused(_("This sign-in was not begun here, or too long ago. Begin it once more."))
    fields = known["account"] | {"mailbox": Mailbox.objects.get(pk=known["account"]["mailbox"])}
    account = _account(known["pk"]) if known["pk"] else MailAccount()
    for name, value in fields.items():
        setattr(account, name, value)
    return oauth.Journey(**known["journey"]), account, Credentials(**known["client"])


def _account(pk: int) -> MailAccount:
    return MailAccount.objects.select_related("mailbox").get(pk=pk)


def _kind_asked(request: AgentRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in SignIn.values else SignIn.PASSWORD.value


def _back() -> str:
    return f"{settings.CONFIG.url}{reverse('mail_account_back')}"


def _reached(account: MailAccount, reached: actions.Reached) -> str:
    words = ngettext(
        "%(account)s answers; there is %(n)d mail in %(folder)s.",
        "%(account)s answers; there are %(n)d mails in %(folder)s.",
        reached.mails,
    )
    return words % {"account": account, "n": reached.mails, "folder": account.folder}

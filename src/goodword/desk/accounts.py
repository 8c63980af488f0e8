"""How agents log in: no sign-up from outside, an administrator invites; guessing passwords is stopped."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.mail import actions as mail
from goodword.mail.composing import Letter
from goodword.mail.models import Mailbox, OutgoingMail
from goodword.mail.parsing import Address
from goodword.ui.times import say_span


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes allauth's public sign-up and says a lock-out in a sentence on the log-in page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account by themselves."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check the password, unless this address was tried wrongly too often from this machine."""
        # Axes counts by the name it finds under `username`; ours log in by address.
        named = {"username": credentials.get("email", "").lower()} | credentials
        AxesProxyHandler.update_request(request)
        if not AxesProxyHandler.is_allowed(request, named):
            raise _locked()
        agent: AbstractBaseUser | None = super().authenticate(request, **named)
        if agent is None and getattr(request, "axes_locked_out", False):
            # The middleware of axes would answer with a bare page of its own.
            request.axes_locked_out = False  # type: ignore[attr-defined]
            raise _locked()
        return agent

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put a mail about an account into the outbox: it is tried again, and stands under 'Sent mail'."""
        made = self.render_mail(template_prefix, email, context)
        sender = _sender()
        letter = Letter(
            message_id=OutgoingMail.new_message_id(sender.email.rpartition("@")[2]),
            sender=sender,
            to=[Address("", email)],
            subject=made.subject,
            text=str(made.body),
            at=timezone.now(),
            automatic=True,
        )
        mail.queue(letter=letter, purpose=OutgoingMail.Purpose.STAFF)

    def format_email_subject(self, subject: str) -> str:
        """As it is, without the name of a site before it."""
        return subject


def _sender() -> Address:
    """The oldest mailbox; an address at the desk's own host as long as there is none."""
    mailbox = Mailbox.objects.order_by("id").first()
    host = urlsplit(settings.CONFIG.url).hostname or "localhost"
    return Address("Goodword", mailbox.address if mailbox else f"goodword@{host}")


def _locked() -> ValidationError:
    span = say_span(settings.AXES_COOLOFF_TIME)
    return ValidationError(
        _("Too many wrong passwords. For safety this log-in is closed for %(span)s; then try again.")
        % {"span": span}
    )

"""How agents log in: no sign-up from outside, an administrator invites; guessing passwords is stopped."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

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


def _locked() -> ValidationError:
    span = say_span(settings.AXES_COOLOFF_TIME)
    return ValidationError(
        _("Too many wrong passwords. For safety this log-in is closed for %(span)s; then try again.")
        % {"span": span}
    )

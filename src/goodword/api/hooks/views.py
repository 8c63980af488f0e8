"""The addresses that mail senders call, `/hooks/mail/<sender>/inbound/` and `…/tracking/`.

A sender that is not set answers like any address that is not there. Whatever is not 200 makes the sender call
again later, and a mail that is brought twice is kept once.
"""

import binascii
import logging
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.db import DataError, Error
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from goodword.api.forms import BadForm
from goodword.kit import mail_hooks
from goodword.mail.actions import Unusable

from .amazon import NotAllowedHere
from .fetching import NotFetched
from .refusing import Refusals
from .senders import INBOUND, SENDERS
from .taking import TooLarge, take_mail, take_report

LATER = {"Retry-After": "60"}
log = logging.getLogger(__name__)
refusals = Refusals()


@csrf_exempt  # the caller is a program, which its secret or signature lets in
@never_cache
def hook(request: HttpRequest, name: str, what: str) -> HttpResponse:
    """A call of the mail sender `name` with mail or with reports."""
    try:
        view = _view(name, what, request.path)
    except (AnymailConfigurationError, ValueError) as error:  # a key is missing, or is none
        return _not_as_set(error, name)
    if view is None:
        raise Http404
    view.setup(request)
    if request.method != "POST":
        return (
            HttpResponse(status=200)
            if request.method == "HEAD"
            else _say(405, "Use POST.", {"Allow": "POST"})
        )
    return _answer(view, request, name, what)


def _view(name: str, what: str, path: str) -> AnymailCoreWebhookView | None:
    """The view of a sender; None unless something is set that proves its calls genuine."""
    options = settings.CONFIG.mail_hooks.get(name, {})
    known = mail_hooks.SENDERS.get(name)
    if known is None or not set(options) & set(known.inbound if what == INBOUND else known.tracking):
        return None
    return SENDERS[name].view(what, options, path)


def _answer(view: Any, request: HttpRequest, name: str, what: str) -> HttpResponse:
    _kept = request.body  # read before anything looks at its fields, or it could not be had as it came
    try:
        view.run_validators(request)
        _take_all([event for event in view.parse_events(request) if event], name, what)
    except AnymailWebhookValidationFailure as error:
        return _refused(request, error, name)
    except DataError as error:
        # Calling again would bring the same.
        log.error("A call of %s holds what cannot be kept: %s", name, error)
        return _say(422, "The call holds what cannot be kept; the server's log says what.")
    except Error as error:
        log.warning("A call of %s could not be written down: %s", name, error)
        return _say(503, "The database does not answer; call again later.", LATER)
    except NotFetched as error:
        log.warning("%s: %s", name, error)
        return _say(503, str(error), LATER)
    except TooLarge as error:
        return _say(413, str(error))
    except Unusable as error:
        # Calling again would bring nothing else, and it stands in the journal.
        log.warning("%s brought no mail: %s", name, error)
        return _say(200, str(error))
    except (AnymailConfigurationError, NotAllowedHere) as error:
        return _not_as_set(error, name)
    except (
        AnymailAPIError,
        BadForm,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        binascii.Error,
    ) as error:
        log.error("A call of %s could not be read: %s: %s", name, type(error).__name__, error)
        return _say(422, f"The call could not be read as one of {name} to its {what} address.")
    return HttpResponse(status=200)


def _take_all(events: list[Any], name: str, what: str) -> None:
    """Take each event; one that can never be taken keeps no other from it."""
    never: Exception | None = None
    for event in events:
        try:
            (take_mail if what == INBOUND else take_report)(event, name=name)
        except (TooLarge, Unusable) as error:
            never = error
    if never is not None:
        raise never


def _not_as_set(error: Exception, name: str) -> HttpResponse:
    log.error("A call of %s cannot be taken as things are set: %s", name, error)
    return _say(500, "The call cannot be taken as things are set; the server's log says why.")


def _refused(request: HttpRequest, error: Exception, name: str) -> HttpResponse:
    if "Authorization" not in request.headers and "secret" in settings.CONFIG.mail_hooks[name]:
        # Some senders show their secret only when they are asked to.
        return _say(401, "A secret is needed.", {"WWW-Authenticate": 'Basic realm="Goodword"'})
    caller = request.META.get("REMOTE_ADDR", "")
    refusals.add(caller)
    if refusals.too_many(caller):
        return _say(429, "Too many calls from here were refused; wait a minute.", LATER)
    log.warning("A call of %s was refused: %s", name, error)
    return _say(403, "The call is not signed as it should be, or the secret is another one.")


def _say(status: int, sentence: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        sentence + "\n", status=status, content_type="text/plain; charset=utf-8", headers=headers
    )

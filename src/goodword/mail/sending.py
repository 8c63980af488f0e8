"""One delivery through Django's mail backend, and what its end means."""

import enum
import logging
import smtplib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage as ParsedEmail
from email.policy import default
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from goodword.mail.models import OutgoingMail

# The whole of a delivery; each network step has its own, shorter deadline (settings.EMAIL_TIMEOUT).
SEND_SECONDS = 300

# Django's own backend does not tell how far a delivery came before it broke; ours does.
_WATCHED = {"django.core.mail.backends.smtp.EmailBackend": "goodword.mail.backends.WatchedSmtpBackend"}
_OWN_FIELDS = {"from", "to", "cc", "bcc", "subject", "reply-to", "content-type", "mime-version"}
_OWN_FIELDS |= {"content-transfer-encoding"}

log = logging.getLogger(__name__)


class Outcome(enum.Enum):
    """What a delivery came to."""

    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome and, unless all is well, a sentence about it."""

    outcome: Outcome
    error: str = ""


class PreparedMail(EmailMultiAlternatives):
    """A mail whose bytes are made already: SMTP sends exactly these, a provider's API gets the parts
    they hold.
    """

    def __init__(self, mail: OutgoingMail, connection: BaseEmailBackend | None = None) -> None:
        self.raw = bytes(mail.raw)
        content: ParsedEmail = message_from_bytes(self.raw, policy=default)
        plain = content.get_body(("plain",))
        super().__init__(
            subject=mail.subject,
            body=plain.get_content() if plain else "",
            from_email=mail.sender,
            to=list(mail.recipients),
            headers={key: str(value) for key, value in content.items() if key.casefold() not in _OWN_FIELDS},
            reply_to=[str(value) for value in content.get_all("Reply-To", [])],
            connection=connection,
        )
        html = content.get_body(("html",))
        if html:
            self.attach_alternative(html.get_content(), "text/html")
        for part in content.walk():
            if part.get_content_disposition() in {"attachment", "inline"}:
                self.attachments.append(part)

    def message(self, **_options: Any) -> Any:
        """The mail as it is sent."""
        return _AsMade(self.raw)


class _AsMade:
    """The little of a message that Django's SMTP backend asks for."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def as_bytes(self, **_options: Any) -> bytes:
        return self._raw

    def as_string(self, **_options: Any) -> str:
        return self._raw.decode("utf-8", errors="replace")


def deliver(mail: OutgoingMail) -> Result:
    """Hand `mail` to the mail server or provider; never raises."""
    connection: Any = None
    try:
        backend = settings.EMAIL_BACKEND
        connection = get_connection(backend=_WATCHED.get(backend, backend))
        message = PreparedMail(mail, connection)
        timer = threading.Timer(SEND_SECONDS, _cut, [connection])
        timer.daemon = True
        timer.start()
        try:
            connection.open()
            connection.send_messages([message])
            return Result(Outcome.SENT, _refused_sentence(getattr(connection, "refused", {})))
        finally:
            timer.cancel()
    except Exception as error:
        return _meaning(error, begun=bool(getattr(connection, "data_begun", False)))
    finally:
        _close(connection)


def _meaning(error: Exception, *, begun: bool) -> Result:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _recipients_refused(error.recipients)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = _said(error.smtp_error)
        return Result(
            Outcome.LATER, f"The mail server did not accept our log-in ({said}). Check the name and password."
        )
    if isinstance(error, smtplib.SMTPResponseException):
        outcome = Outcome.LATER if 400 <= error.smtp_code < 500 else Outcome.FAILED
        return Result(outcome, f"The mail server said: {error.smtp_code} {_said(error.smtp_error)}.")
    if isinstance(error, AnymailError):
        return _provider_refused(error)
    if begun:
        return Result(
            Outcome.UNKNOWN,
            "The connection broke while the mail was handed over, so it may or may not have left. "
            "Ask the customer, or send it again.",
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Result(Outcome.FAILED, f"The mail server lacks what this mail needs: {error}.")
    if isinstance(error, OSError):
        return Result(Outcome.LATER, f"The mail server could not be reached: {error}.")
    log.error("An outgoing mail could not be sent.", exc_info=error)
    return Result(
        Outcome.FAILED, f"The mail could not be made ready for sending ({type(error).__name__}: {error})."
    )


def _recipients_refused(refused: Mapping[str, tuple[int, bytes]]) -> Result:
    outcome = Outcome.LATER if any(400 <= code < 500 for code, _text in refused.values()) else Outcome.FAILED
    return Result(outcome, _refused_sentence(refused))


def _refused_sentence(refused: Mapping[str, tuple[int, bytes]]) -> str:
    each = [f"{address} ({code} {_said(text)})" for address, (code, text) in list(refused.items())[:5]]
    return f"The mail server did not take it for {', '.join(each)}." if each else ""


def _provider_refused(error: AnymailError) -> Result:
    said = " ".join(str(error).split())[:300]
    if not isinstance(error, AnymailAPIError):
        return Result(Outcome.FAILED, f"The mail provider did not take it: {said}")
    code = getattr(error, "status_code", None)
    if code is None:
        # No answer at all: the request may have gone through.
        return Result(
            Outcome.UNKNOWN, "The mail provider gave no answer, so the mail may or may not have left."
        )
    outcome = Outcome.LATER if code == 429 or code >= 500 else Outcome.FAILED
    return Result(outcome, f"The mail provider said: {said}")


def _said(text: bytes | str) -> str:
    words = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
    return " ".join(words.split()).rstrip(".")[:300]


def _cut(connection: Any) -> None:
    """End a delivery that drags on: the thread that waits for the server gets an error."""
    smtp = getattr(connection, "connection", None) or getattr(connection, "_partial_connection", None)
    if smtp is not None and getattr(smtp, "sock", None) is not None:
        smtp.sock.close()


def _close(connection: Any) -> None:
    try:
        if connection is not None:
            connection.close()
    except Exception:  # the mail's fate is settled; a goodbye that fails changes nothing
        log.debug("The connection to the mail server did not close cleanly.", exc_info=True)

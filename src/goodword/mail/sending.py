"""Deliveries through Django's mail backend, and what the end of each means."""

import contextlib
import enum
import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage as ParsedEmail
from email.policy import default
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from goodword.mail import refusals, returning, signing
from goodword.mail.backends import NotOurs, WatchedSmtpBackend
from goodword.mail.models import OutgoingMail

# The whole of a delivery; each network step has its own, shorter deadline (settings.EMAIL_TIMEOUT).
SEND_SECONDS = 300
# Mail servers dislike connections that never end.
MAILS_EACH_CONNECTION = 100
# So often a mail waits for all of its recipients; later it goes to those whom the server takes.
PATIENT_ATTEMPTS = 3

# Django's own backend does not tell how far a delivery came before it broke; ours does.
_WATCHED = {"django.core.mail.backends.smtp.EmailBackend": "goodword.mail.backends.WatchedSmtpBackend"}
_OWN_FIELDS = {"from", "to", "cc", "bcc", "subject", "reply-to", "content-type", "mime-version"}
_OWN_FIELDS |= {"content-transfer-encoding"}
# What a provider is given along with a mail and gives back in its reports, whatever Message-ID it puts there.
METADATA_KEY = "goodword_message_id"
# These take no such thing along.
_WITHOUT_METADATA = {"anymail.backends.mailersend", "anymail.backends.postal"}
# Amazon's library would send a mail again by itself when it hears nothing; what that means is for us to say.
_ONCE: dict[str, dict[str, Any]] = {
    "anymail.backends.amazon_ses.EmailBackend": {
        "client_params": {"config": {"retries": {"total_max_attempts": 1, "mode": "standard"}}}
    }
}
# Without one of these there was no connection, and nothing can have been handed over.
_NO_CONNECTION = (
    ConnectionRefusedError,
    socket.gaierror,
    ssl.SSLCertVerificationError,
    NewConnectionError,
    ConnectTimeoutError,
)
_TOO_MANY, _TIMED_OUT = 429, 408

log = logging.getLogger(__name__)


class Outcome(enum.Enum):
    """What a delivery came to."""

    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    UNKNOWN = "unknown"


class About(enum.Enum):
    """What an outcome says something about: this mail alone, its domain, or our own way out."""

    MAIL = "mail"
    DOMAIN = "domain"
    WAY_OUT = "way out"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome and, unless all is well, a sentence about it; `nobody` are recipients that do not exist."""

    outcome: Outcome
    error: str = ""
    about: About = About.MAIL
    nobody: tuple[str, ...] = ()


class SmtpMail(EmailMessage):
    """A mail whose bytes are made already: SMTP sends exactly these, signed where a key is set."""

    def __init__(self, mail: OutgoingMail, connection: BaseEmailBackend) -> None:
        super().__init__(
            from_email=returning.address_for(mail), to=list(mail.recipients), connection=connection
        )
        self.raw = bytes(mail.raw)

    def message(self, **_options: Any) -> Any:
        """The mail as it is sent."""
        return _AsMade(signing.signed(self.raw))


class PreparedMail(EmailMultiAlternatives):
    """A mail whose bytes are made already, as a provider's API wants it: in the parts they hold."""

    def __init__(self, mail: OutgoingMail, connection: BaseEmailBackend | None = None) -> None:
        content: ParsedEmail = message_from_bytes(bytes(mail.raw), policy=default)
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
        if type(connection).__module__ not in _WITHOUT_METADATA:
            self.metadata = {METADATA_KEY: mail.message_id}
        html = content.get_body(("html",))
        if html:
            self.attach_alternative(html.get_content(), "text/html")
        for part in content.walk():
            if part.get_content_disposition() in {"attachment", "inline"}:
                self.attachments.append(part)


class _AsMade:
    """The little of a message that Django's SMTP backend asks for."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def as_bytes(self, **_options: Any) -> bytes:
        return self._raw

    def as_string(self, **_options: Any) -> str:
        return self._raw.decode("utf-8", errors="replace")


class Sender:
    """A way out for several mails, one after the other, over one connection for as long as that holds."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._used = 0
        self._handed = False

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def deliver(self, mail: OutgoingMail, *, hand_over: Callable[[bool], bool]) -> Result:
        """Hand `mail` to the mail server or provider; never raises.

        `hand_over` is asked right before the bytes flow, and told whether reports will come to the mail's
        signed address; when it says no, nothing is sent.
        """
        kept = self._connection is not None
        result, stale = self._try(mail, hand_over)
        if kept and stale:
            # The server ended a connection that stood open; nothing of this mail had been said yet.
            result, _stale = self._try(mail, hand_over)
        return result

    def close(self) -> None:
        """Say goodbye to the server."""
        connection, self._connection, self._used = self._connection, None, 0
        try:
            if connection is not None:
                connection.close()
        except Exception:  # the mail's fate is settled; a goodbye that fails changes nothing
            log.debug("The connection to the mail server did not close cleanly.", exc_info=True)

    def _try(self, mail: OutgoingMail, hand_over: Callable[[bool], bool]) -> tuple[Result, bool]:
        """What became of it, and whether only the connection was to blame."""
        try:
            self._send(mail, hand_over)
            refused = getattr(self._connection, "refused", {})
            self._used += 1
            if self._used >= MAILS_EACH_CONNECTION:
                self.close()
            sentence, nobody = refusals.each_explained(refused), refusals.unknown_addresses(refused)
            return Result(Outcome.SENT, sentence, nobody=nobody), False
        except Exception as error:
            watched = isinstance(self._connection, WatchedSmtpBackend)
            begun = self._connection.data_begun if watched else self._handed
            self.close()
            # Only of a watched connection is it known that nothing was handed over yet.
            return _meaning(error, begun=begun), watched and not begun and _is_hung_up(error)

    def _send(self, mail: OutgoingMail, hand_over: Callable[[bool], bool]) -> None:
        self._handed = False
        if self._connection is None:
            backend = settings.EMAIL_BACKEND
            self._connection = get_connection(
                backend=_WATCHED.get(backend, backend), **_ONCE.get(backend, {})
            )
        connection = self._connection
        watched = isinstance(connection, WatchedSmtpBackend)
        message = SmtpMail(mail, connection) if watched else PreparedMail(mail, connection)
        timer = threading.Timer(SEND_SECONDS, _cut, [connection])
        timer.daemon = True
        timer.start()
        try:
            connection.open()
            if isinstance(connection, WatchedSmtpBackend):
                patient = mail.attempts <= PATIENT_ATTEMPTS
                connection.watch(hand_over, patient=patient, plain=returning.plain_address(mail))
            elif not hand_over(False):
                raise NotOurs
            else:
                # What a provider's backend does from here on nobody sees.
                self._handed = True
            connection.send_messages([message])
        finally:
            timer.cancel()


def _is_hung_up(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == 421
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == 421 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPServerDisconnected) or (
        isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)
    )


def _meaning(error: Exception, *, begun: bool) -> Result:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _recipients_refused(error.recipients)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = refusals.words(error.smtp_error)
        sentence = f"The mail server did not accept our log-in ({said}). Check the name and password."
        return Result(Outcome.LATER, sentence, About.WAY_OUT)
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(error)
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
        return Result(Outcome.LATER, f"The mail server could not be reached: {error}.", About.WAY_OUT)
    if isinstance(error, signing.DkimTrouble):
        return Result(Outcome.LATER, f"The mail could not be signed: {error}", About.WAY_OUT)
    if isinstance(error, NotOurs):
        return Result(Outcome.LATER, "Somebody else has this mail by now.")
    if isinstance(error, Error):
        # It is asked right before the bytes flow, and they flow at its word only.
        return Result(Outcome.LATER, "The database gave no answer while the mail was made ready.")
    log.error("An outgoing mail could not be sent.", exc_info=error)
    return Result(
        Outcome.FAILED, f"The mail could not be made ready for sending ({type(error).__name__}: {error})."
    )


def _recipients_refused(refused: refusals.Refused) -> Result:
    sentence, nobody = refusals.each_explained(refused), refusals.unknown_addresses(refused)
    passing = [text for code, text in refused.values() if 400 <= code < 500]
    if not passing:
        return Result(Outcome.FAILED, sentence, nobody=nobody)
    own = all(refusals.is_of_one_recipient(text) for text in passing)
    return Result(Outcome.LATER, sentence, About.MAIL if own else About.DOMAIN, nobody)


def _refused(error: smtplib.SMTPResponseException) -> Result:
    sentence = refusals.explained(error.smtp_code, error.smtp_error)
    if not 400 <= error.smtp_code < 500:
        return Result(Outcome.FAILED, sentence)
    at_the_door = isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError)
    own = refusals.is_of_one_recipient(error.smtp_error)
    about = About.WAY_OUT if at_the_door else About.MAIL if own else About.DOMAIN
    return Result(Outcome.LATER, sentence, about)


def _provider_refused(error: AnymailError) -> Result:
    """Only what surely says that the mail was not taken may be tried again or called failed."""
    said = " ".join(str(error).split())[:300]
    if not isinstance(error, AnymailAPIError):
        return Result(Outcome.FAILED, f"The mail provider did not take it: {said}")
    code = _status(error)
    if code is None and _nobody_answered(error):
        return Result(Outcome.LATER, f"The mail provider could not be reached: {said}", About.WAY_OUT)
    if code is None:
        return Result(
            Outcome.UNKNOWN, "The mail provider gave no answer, so the mail may or may not have left."
        )
    if code == _TOO_MANY:
        return Result(Outcome.LATER, f"The mail provider said: {said}", About.WAY_OUT)
    if 400 <= code < 500 and code != _TIMED_OUT:
        return Result(Outcome.FAILED, f"The mail provider said: {said}")
    # A fault of theirs, or of a gateway before them, may come after the mail was taken; so may an answer that
    # cannot be read.
    sentence = (
        f"The mail provider gave no clear answer, so the mail may or may not have left. It said: {said}"
    )
    return Result(Outcome.UNKNOWN, sentence)


def _status(error: AnymailAPIError) -> int | None:
    """The HTTP status that the provider answered with; None when it gave no answer."""
    answer: Any = error.response
    if error.status_code is None and isinstance(answer, dict):  # by Amazon's library
        answer = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return int(answer) if answer else None
    return int(error.status_code) if error.status_code is not None else None


def _nobody_answered(error: BaseException | None) -> bool:
    """Whether there was no connection at all, so that nothing can have been handed over."""
    while error is not None:
        if isinstance(error, _NO_CONNECTION):
            return True
        error = error.__cause__ or error.__context__
    return False


def _cut(connection: Any) -> None:
    """End a delivery that drags on: the thread that waits for the server gets an error at once."""
    smtp = getattr(connection, "connection", None)
    sock = getattr(smtp, "sock", None)
    if sock is not None:
        # Closing alone would not wake a thread that waits for bytes.
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

"""Where outgoing mail goes when no way out is set."""

import smtplib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from goodword.mail import refusals

Way = tuple[str, int, str]
# A refusal may have been about spam as well, so whether another sender is allowed is found out anew.
PLAIN_ONLY = timedelta(hours=1)
# Servers, with the senders whom they allow nothing else, as far as this process found out, and until when.
_plain_only: dict[Way, datetime] = {}


class KeptMailBackend(BaseEmailBackend):
    """Sends nothing: the mail stays readable under 'Sent mail', and nothing leaves the machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Say that all were taken."""
        return len(email_messages)


class NotOurs(Exception):
    """The mail was given to somebody else, or taken back, before its bytes began to flow."""


def _always(_signed: bool) -> bool:
    return True


class _Watching:
    """Mixed into a connection to a mail server: knows whether it broke after the mail began to flow.

    `hand_over` is asked in the last moment before that, and told whether the sender on the envelope is
    another than the `plain` address; when it says no, nothing is sent. A `patient` connection sends to nobody
    while the server asks to come again for one of the recipients. A server that lets us use no other sender
    gets the plain one.
    """

    data_begun = False
    patient = False
    plain = ""
    way: Way = ("", 0, "")
    signed = False
    hand_over: Callable[[bool], bool] = staticmethod(_always)
    refused: dict[str, tuple[int, bytes]]
    postponed: dict[str, tuple[int, bytes]]

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Name a recipient."""
        answer: tuple[int, bytes] = super().rcpt(recip, options)  # type: ignore[misc]
        if 400 <= answer[0] < 500:
            self.postponed[recip] = answer
        return answer

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the mail itself."""
        if self.patient and self.postponed:
            raise smtplib.SMTPRecipientsRefused(self.postponed)
        if not self.hand_over(self.signed):
            raise NotOurs
        self.data_begun = True
        answer: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
        self.data_begun = False
        return answer

    def sendmail(self, *arguments: Any, **options: Any) -> dict[str, tuple[int, bytes]]:
        """Send, and remember who was refused while others were not."""
        sender, *rest = arguments
        if not self.plain or sender == self.plain or self._allows_plain_only():
            return self._sendmail(self.plain or sender, *rest, **options)
        try:
            return self._sendmail(sender, *rest, **options)
        except smtplib.SMTPException as error:
            if not _is_about_sender(error):
                raise
        # Where the mail itself was refused before it flowed, its envelope is still open.
        super().rset()  # type: ignore[misc]
        done = self._sendmail(self.plain, *rest, **options)
        # It was not about the recipients, then; the next mails need not be refused first.
        _plain_only[self.way] = timezone.now() + PLAIN_ONLY
        return done

    def _allows_plain_only(self) -> bool:
        return self.way in _plain_only and timezone.now() < _plain_only[self.way]

    def _sendmail(self, sender: str, *arguments: Any, **options: Any) -> dict[str, tuple[int, bytes]]:
        self.refused, self.postponed = {}, {}
        self.data_begun = False
        self.signed = bool(self.plain) and sender != self.plain
        self.refused = super().sendmail(sender, *arguments, **options)  # type: ignore[misc]
        return self.refused


def _is_about_sender(error: smtplib.SMTPException) -> bool:
    """Whether a mail was refused, for good and whole, because of the sender on its envelope."""
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error.smtp_code >= 500
    if isinstance(error, smtplib.SMTPDataError):
        return refusals.is_about_sender(error.smtp_code, error.smtp_error, mail_seen=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = error.recipients.values()
        return bool(answers) and all(refusals.is_about_sender(code, text) for code, text in answers)
    return False


class _Smtp(_Watching, smtplib.SMTP):
    """A plain or STARTTLS connection."""


class _SmtpSsl(_Watching, smtplib.SMTP_SSL):
    """A connection inside TLS from its first byte."""


class WatchedSmtpBackend(EmailBackend):
    """Django's SMTP backend, which can tell afterwards how far a delivery came."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The kind of connection the settings ask for."""
        return _SmtpSsl if self.use_ssl else _Smtp

    def watch(self, hand_over: Callable[[bool], bool], *, patient: bool, plain: str = "") -> None:
        """Say for the next mail whom to ask before its bytes flow, whether to wait for everybody, and the
        sender for a server that refuses another one.
        """
        connection: Any = self.connection
        if connection is not None:
            connection.hand_over, connection.patient = hand_over, patient
            connection.plain, connection.way = plain, (self.host, self.port, plain)

    @property
    def data_begun(self) -> bool:
        """Whether the mail began to flow and the server gave no answer to it."""
        return bool(getattr(self.connection, "data_begun", False))

    @property
    def refused(self) -> dict[str, tuple[int, bytes]]:
        """The recipients the server refused although it took the mail for others."""
        return getattr(self.connection, "refused", None) or {}

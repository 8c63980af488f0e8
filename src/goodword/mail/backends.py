"""Where outgoing mail goes when no way out is set."""

import smtplib
from collections.abc import Callable, Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend


class KeptMailBackend(BaseEmailBackend):
    """Sends nothing: the mail stays readable under 'Sent mail', and nothing leaves the machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Say that all were taken."""
        return len(email_messages)


class NotOurs(Exception):
    """The mail was given to somebody else, or taken back, before its bytes began to flow."""


def _always() -> bool:
    return True


class _Watching:
    """Mixed into a connection to a mail server: knows whether it broke after the mail began to flow.

    `hand_over` is asked in the last moment before that; when it says no, nothing is sent. A `patient`
    connection sends to nobody while the server asks to come again for one of the recipients.
    """

    data_begun = False
    patient = False
    hand_over: Callable[[], bool] = staticmethod(_always)
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
        if not self.hand_over():
            raise NotOurs
        self.data_begun = True
        answer: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
        self.data_begun = False
        return answer

    def sendmail(self, *arguments: Any, **options: Any) -> dict[str, tuple[int, bytes]]:
        """Send, and remember who was refused while others were not."""
        self.refused, self.postponed = {}, {}
        self.refused = super().sendmail(*arguments, **options)  # type: ignore[misc]
        return self.refused


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

    def watch(self, hand_over: Callable[[], bool], *, patient: bool) -> None:
        """Say for the next mail whom to ask before its bytes flow, and whether to wait for everybody."""
        connection: Any = self.connection
        if connection is not None:
            connection.hand_over, connection.patient = hand_over, patient

    @property
    def data_begun(self) -> bool:
        """Whether the mail began to flow and the server gave no answer to it."""
        return bool(getattr(self.connection, "data_begun", False))

    @property
    def refused(self) -> dict[str, tuple[int, bytes]]:
        """The recipients the server refused although it took the mail for others."""
        return getattr(self.connection, "refused", None) or {}

"""Where outgoing mail goes when no way out is set."""

import smtplib
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend


class KeptMailBackend(BaseEmailBackend):
    """Sends nothing: the mail stays readable under 'Sent mail', and nothing leaves the machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Say that all were taken."""
        return len(email_messages)


class _Watching:
    """Mixed into a connection to a mail server: knows whether it broke after the mail began to flow."""

    data_begun = False
    refused: dict[str, tuple[int, bytes]]

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the mail itself."""
        self.data_begun = True
        answer: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
        self.data_begun = False
        return answer

    def sendmail(self, *arguments: Any, **options: Any) -> dict[str, tuple[int, bytes]]:
        """Send, and remember who was refused while others were not."""
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

    @property
    def data_begun(self) -> bool:
        """Whether the mail began to flow and the server gave no answer to it."""
        return bool(getattr(self.connection, "data_begun", False))

    @property
    def refused(self) -> dict[str, tuple[int, bytes]]:
        """The recipients the server refused although it took the mail for others."""
        return getattr(self.connection, "refused", None) or {}

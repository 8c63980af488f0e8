"""What can go wrong with a mail server, each as a sentence for whoever set the account up."""

import imaplib
import socket
import ssl

from django.utils.translation import gettext as _


class Trouble(Exception):
    """A mail server that cannot be read; the text says what is wrong and what to do."""


class SignInRefused(Trouble):
    """The server knows the account by another password, or not at all."""


def sentence_for(error: Exception, *, host: str, port: int) -> Trouble:
    """The Trouble that `error` is, met while talking to `host`:`port`."""
    if isinstance(error, Trouble):
        return error
    where = {"host": host, "port": port, "why": _reason(error)}
    return Trouble(_words_for(error) % where)


def _words_for(error: Exception) -> str:
    # From the special to the general: most of these are OSErrors.
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (socket.gaierror, _("There is no server named '%(host)s'. Check the name.")),
        (
            ssl.SSLCertVerificationError,
            _("The certificate of %(host)s cannot be trusted (%(why)s). Check the name of the server."),
        ),
        (
            ssl.SSLError,
            _("%(host)s does not speak TLS on port %(port)d. Check the port and the kind of encryption."),
        ),
        (TimeoutError, _("%(host)s did not answer in time on port %(port)d.")),
        (
            ConnectionRefusedError,
            _("Nothing answers on port %(port)d of %(host)s. Check the port, or whether the server runs."),
        ),
        (imaplib.IMAP4.abort, _("%(host)s broke the connection off (%(why)s).")),
        (imaplib.IMAP4.error, _("%(host)s answered with an error: %(why)s")),
        (OSError, _("The connection to %(host)s failed: %(why)s.")),
    )
    return next((words for kind, words in kinds if isinstance(error, kind)), _("%(host)s: %(why)s"))


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    given = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(str(given).split())[:300] or type(error).__name__

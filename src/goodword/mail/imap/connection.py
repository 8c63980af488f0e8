"""One connection to an IMAP server, on which each step has a deadline of its own.

Built on the standard library: it takes back nothing it read when a wait ends, which is what loses half a line
elsewhere, and its reading and writing may be replaced.
"""

import imaplib
import re
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from django.utils.translation import gettext as _

from goodword.mail.imap.names import folder_name, quoted
from goodword.mail.imap.responses import Listed, listed
from goodword.mail.imap.trouble import SignInRefused, Trouble, sentence_for

CONNECT_SECONDS = 20
STEP_SECONDS = 30
LINE_LIMIT = 32 * 1024 * 1024
# Slower than this no line is taken to be: a mail gets its time by its size.
BYTES_A_SECOND = 50_000
MORE = 65_536
UID_DIGITS = 10  # of 32 bits
CONTROL = re.compile(r"[\x00-\x1f\x7f]")

# The library knows the command by itself from Python 3.14 on.
imaplib.Commands.setdefault("IDLE", ("SELECTED",))


class Connection(imaplib.IMAP4):
    """Connected when it is made; raises Trouble, with a sentence, wherever it fails."""

    def __init__(self, *, host: str, port: int, security: str, largest: int) -> None:
        self._security = security
        self._largest = largest
        self._held = bytearray()
        self._until = time.monotonic() + CONNECT_SECONDS
        self.host, self.port = host, port
        with self._told(CONNECT_SECONDS):
            super().__init__(host, port)
        if security == "starttls":
            self._start_tls()

    # What the library leaves to be replaced.

    def open(self, host: str = "", port: int = 993, timeout: float | None = None) -> None:
        """Connect, and speak TLS from the start where that is wanted."""
        self.sock = socket.create_connection((host, port), timeout=self._left())
        if self._security == "tls":
            self.sock = self._wrapped(self.sock)

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes, or what there was before the connection ended."""
        if size > self._largest + MORE:
            raise self.abort(f"an answer of {size} bytes was announced")
        while len(self._held) < size and self._more():
            pass
        return self._taken(size)

    def readline(self) -> bytes:
        """A line with its end, or what there was before the connection ended."""
        seen = 0
        while (end := self._held.find(b"\n", seen)) < 0:
            seen = len(self._held)
            if seen > LINE_LIMIT:
                raise self.abort("a line of the answer never ends")
            if not self._more():
                return self._taken(seen)
        return self._taken(end + 1)

    def send(self, data: bytes) -> None:  # type: ignore[override]
        """Write all of `data` before the deadline of the step."""
        self.sock.settimeout(self._left())
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """Let the connection go, whatever state it is in."""
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    # The steps.

    def sign_in(self, username: str, password: str) -> None:
        """Sign in with a password."""
        if CONTROL.search(username + password):
            raise SignInRefused(_("The name or the password has a character in it that no server takes."))
        with self._told(STEP_SECONDS):
            try:
                self._give_password(username, password)
            except self.abort:
                raise
            except self.error as error:
                raise self._refused(username, error) from None
            self._learn()

    def sign_in_with_token(self, username: str, token: str) -> None:
        """Sign in with an access token of OAuth 2."""
        words = f"user={username}\1auth=Bearer {token}\1\1".encode()
        with self._told(STEP_SECONDS):
            try:
                # A refusal comes as a question first, to be answered with nothing.
                self.authenticate("XOAUTH2", lambda asked: b"" if asked else words)
            except self.abort:
                raise
            except self.error as error:
                raise self._refused(username, error) from None
            self._learn()

    def look_into(self, folder: str) -> tuple[int, int]:
        """Open a folder to be read only; returns its UIDVALIDITY and the UID that its next mail gets."""
        with self._told(STEP_SECONDS):
            kind, said = self.select(quoted(folder_name(folder)).decode("ascii"), readonly=True)
            if kind != "OK":
                raise Trouble(
                    _("There is no folder '%(folder)s' on %(host)s (%(why)s).")
                    % {"folder": folder, "host": self.host, "why": _text(said)}
                )
            validity, following = self._number("UIDVALIDITY"), self._number("UIDNEXT")
            if not validity:
                raise Trouble(
                    _(
                        "%(host)s does not number its mail for good (it gives no UIDVALIDITY), so that no "
                        "mail could be told from another. Have its mail forwarded here instead."
                    )
                    % {"host": self.host}
                )
        return validity, following or max(self.uids_from(1), default=0) + 1

    def uids_from(self, first: int, last: str | int = "*") -> list[int]:
        """The UIDs there are from `first` on, in order; one that vanished meanwhile is not among them."""
        return sorted(uid for uid in self.search_uids("UID", f"{first}:{last}") if uid >= first)

    def search_uids(self, *criteria: str) -> list[int]:
        """The UIDs of all mail that meets the criteria."""
        with self._told(2 * STEP_SECONDS):
            kind, said = self.uid("SEARCH", *criteria)
            self._expect(kind, said)
        words = (word for line in said if isinstance(line, bytes) for word in line.split())
        return [int(word) for word in words if word.isdigit() and len(word) <= UID_DIGITS]

    def facts(self, uids: Sequence[int]) -> dict[int, Listed]:
        """Size and day of arrival of each of these mails that is still there."""
        return self._fetched(uids, "(UID RFC822.SIZE INTERNALDATE)", 0)

    def mails(self, uids: Sequence[int], size: int) -> dict[int, Listed]:
        """Whole mails, `size` bytes in all; nobody will know that they were read."""
        return self._fetched(uids, "(UID INTERNALDATE BODY.PEEK[])", size)

    def fields(self, uid: int) -> bytes:
        """The header fields of a mail, as far as they are of a sensible length."""
        found = self._fetched([uid], "(UID BODY.PEEK[HEADER]<0.262144>)", 262_144)
        return (found[uid].raw if uid in found else None) or b""

    def told_of_mail(self) -> bool:
        """Whether it told of mail by the way since this was asked last; it will not tell of it again."""
        return bool(self.untagged_responses.pop("EXISTS", None))

    @property
    def can_wait(self) -> bool:
        """Whether the server tells of new mail by itself."""
        return "IDLE" in self.capabilities

    def wait_for_news(self, seconds: float, stopping: Callable[[], bool], held: Callable[[], None]) -> None:
        """Return when the server says anything, after `seconds`, or when `stopping`; `held` is called all
        along.
        """
        with self._told(STEP_SECONDS):
            tag = self._command("IDLE")
            while self._get_response():
                if self.tagged_commands[tag]:
                    raise Trouble(_("%(host)s does not let us wait for mail.") % {"host": self.host})
        until = time.monotonic() + seconds
        while time.monotonic() < until and not stopping() and not self._speaks(0.25):
            held()
        with self._told(STEP_SECONDS):
            self.send(b"DONE\r\n")
            kind, said = self._get_tagged_response(tag)
            self._expect(kind, said)
        self.untagged_responses.clear()

    def close_politely(self) -> None:
        """Say goodbye where there is still somebody to say it to."""
        self._until = time.monotonic() + 2
        with suppress(Exception):
            self.logout()
        with suppress(Exception):
            self.shutdown()

    # The means.

    def _give_password(self, username: str, password: str) -> None:
        if "AUTH=PLAIN" in self.capabilities:
            words = f"\0{username}\0{password}".encode()
            self.authenticate("PLAIN", lambda asked: words)
            return
        kind, said = self._simple_command("LOGIN", quoted(username.encode()), quoted(password.encode()))
        if kind != "OK":
            raise self.error(_text(said))
        self.state = "AUTH"

    def _start_tls(self) -> None:
        with self._told(CONNECT_SECONDS):
            kind, _said = self._simple_command("STARTTLS")
            if kind != "OK" or self._held:
                # Words that came before the encryption may be anybody's.
                raise Trouble(
                    _("%(host)s does not offer STARTTLS on port %(port)d. Try TLS from the start.")
                    % {"host": self.host, "port": self.port}
                )
            self.sock = self._wrapped(self.sock)
            self._learn()

    def _wrapped(self, plain: socket.socket) -> ssl.SSLSocket:
        plain.settimeout(self._left())
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def _learn(self) -> None:
        kind, said = self.capability()
        self._expect(kind, said)
        self.capabilities = tuple(_text(said).upper().split())

    def _fetched(self, uids: Sequence[int], what: str, size: int) -> dict[int, Listed]:
        if not uids:
            return {}
        with self._told(fetch_seconds(size)):
            kind, said = self.uid("FETCH", ",".join(map(str, uids)), what)
            self._expect(kind, said)
        asked = set(uids)
        found: dict[int, Listed] = {}
        for one in listed(said):
            if one.uid in asked:
                found[one.uid] = found[one.uid].with_more(one) if one.uid in found else one
        return found

    def _number(self, name: str) -> int:
        found = self.response(name)[1]
        text = _text(found)
        return int(text) if text.isdigit() else 0

    def _refused(self, username: str, error: Exception) -> SignInRefused:
        return SignInRefused(
            _("%(host)s refused to let '%(user)s' in: %(why)s")
            % {"host": self.host, "user": username, "why": str(sentence_words(error))}
        )

    def _expect(self, kind: str, said: Sequence[object]) -> None:
        if kind != "OK":
            raise Trouble(
                _("%(host)s answered with an error: %(why)s") % {"host": self.host, "why": _text(said)}
            )

    @contextmanager
    def _told(self, seconds: float) -> Iterator[None]:
        """A step that ends by then, and says in a sentence what went wrong."""
        self._until = time.monotonic() + seconds
        try:
            yield
        except (OSError, imaplib.IMAP4.error) as error:
            raise sentence_for(error, host=self.host, port=self.port) from error

    def _speaks(self, seconds: float) -> bool:
        if self._held or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
            return True
        # Not `select.select`, which knows no more than a thousand open files and sockets.
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.sock, selectors.EVENT_READ)
            return bool(waiting.select(seconds))

    def _more(self) -> bool:
        self.sock.settimeout(self._left())
        got = self.sock.recv(MORE)
        self._held += got
        return bool(got)

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left


def fetch_seconds(size: int) -> float:
    """How long a fetch of `size` bytes may take."""
    return STEP_SECONDS + size / BYTES_A_SECOND


def sentence_words(error: Exception) -> str:
    """What the server said, without the marks that are meant for programs."""
    return re.sub(r"^\[[^\]]*\]\s*", "", " ".join(str(error).split()))[:300] or _("no reason given")


def _text(said: Sequence[object]) -> str:
    words = [one.decode("utf-8", "replace") for one in said if isinstance(one, bytes)]
    return " ".join(" ".join(words).split())[:2000]

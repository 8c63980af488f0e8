"""A real IMAP server for tests: Debian's dovecot, in a folder and on ports of its own."""

import getpass
import grp
import imaplib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import free_port

HOST = "127.0.0.1"
START_SECONDS = 30
PASSWORD = "letterbox"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = {host}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login {more_mechanisms}
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 1000
imap_capability = {capability}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = static
  args = password={password}
}}
{more}
userdb {{
  driver = static
  args = home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service auth {{
  user = {internal_user}
}}
"""
TOKENS = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""
TOKENS_CONFIG = """
introspection_url = {url}
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"""


def executable() -> str:
    """Path of dovecot; as root, Debian's is installed when it is missing."""
    places = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    found = shutil.which("dovecot", path=places)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for step in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", "dovecot-imapd"],
        ):
            subprocess.run(
                ["apt-get", *step],
                check=True,
                timeout=600,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
                stdout=subprocess.DEVNULL,
            )
        found = shutil.which("dovecot", path=places)
    if found is None:
        pytest.fail("The mail tests need dovecot, which is missing. Install the package 'dovecot-imapd'.")
    return found


@dataclass
class Dovecot:
    """The server; `port` takes plain connections and STARTTLS, `tls_port` TLS from the start."""

    folder: Path
    tokens_url: str = ""
    host: str = HOST
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def certificate(self) -> Path:
        """What a client has to trust."""
        return self.folder / "cert.pem"

    def start(self, *, without_idle: bool = False) -> None:
        """Start it and wait until it answers."""
        self._write_config(without_idle=without_idle)
        self.process = subprocess.Popen(
            [executable(), "-F", "-c", str(self.folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            log = self.folder / "log"
            if self.process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"dovecot did not start:\n{log.read_text() if log.exists() else ''}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it, with every session."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(10)
        self.process = None

    def log_in(self, user: str) -> imaplib.IMAP4:
        """A client of the tests' own, with the inbox open; every name has a mailbox."""
        client = imaplib.IMAP4(self.host, self.port, timeout=30)
        client.login(user, PASSWORD)
        client.select("INBOX")
        return client

    def deliver(self, user: str, *mails: bytes, at: datetime | None = None) -> None:
        """Put mails into the inbox, unseen."""
        with self.log_in(user) as client:
            for mail in mails:
                moment = imaplib.Time2Internaldate(at or datetime.now(UTC))
                kind, said = client.append("INBOX", "", moment, mail)
                assert kind == "OK", said

    def flags(self, user: str) -> list[str]:
        """The flags of each mail in the inbox, in order."""
        with self.log_in(user) as client:
            client.select("INBOX", readonly=True)
            _kind, said = client.fetch("1:*", "(FLAGS)")
        return [line.decode() for line in said if isinstance(line, bytes)]

    def delete(self, user: str, uid: int) -> None:
        """Take a mail out of the inbox."""
        with self.log_in(user) as client:
            client.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)")
            client.expunge()

    def number_anew(self, user: str) -> None:
        """Forget the numbers of the inbox: the same mail gets another UIDVALIDITY."""
        box = self.folder / "mail" / user
        listing = box / "dovecot-uidlist"
        before = listing.read_text(encoding="utf-8").split()[1]
        for old in box.glob("dovecot*"):
            old.unlink()
        fresh = f"3 V{int(before.lstrip('V')) + 1000} N1 G{os.urandom(16).hex()}\n"
        listing.write_text(fresh, encoding="utf-8")
        listing.chmod(0o600)
        owner = box.stat()
        os.chown(listing, owner.st_uid, owner.st_gid)

    def _answers(self) -> bool:
        try:
            with imaplib.IMAP4(self.host, self.port, timeout=5):
                return True
        except (OSError, imaplib.IMAP4.error):
            return False

    def _write_config(self, *, without_idle: bool) -> None:
        root = os.geteuid() == 0
        me = getpass.getuser()
        my_group = grp.getgrgid(os.getegid()).gr_name
        nobodys_group = grp.getgrgid(65534).gr_name if root else my_group
        for part in ("run", "mail"):
            (self.folder / part).mkdir(exist_ok=True)
        if root:
            os.chown(self.folder / "mail", 65534, 65534)
        if not self.certificate.exists():
            _make_certificate(self.folder)
        capability = "IMAP4rev1 SASL-IR LITERAL+ UIDPLUS" if without_idle else ""
        text = CONFIG.format(
            folder=self.folder,
            host=self.host,
            port=self.port,
            tls_port=self.tls_port,
            capability=capability,
            password=PASSWORD,
            mail_user="nobody" if root else me,
            mail_group=nobodys_group,
            internal_user="dovecot" if root else me,
            internal_group="dovecot" if root else my_group,
            login_user="dovenull" if root else me,
            more_mechanisms="xoauth2 oauthbearer" if self.tokens_url else "",
            more=TOKENS.format(folder=self.folder) if self.tokens_url else "",
        )
        (self.folder / "dovecot.conf").write_text(text, encoding="utf-8")
        (self.folder / "oauth2.conf").write_text(TOKENS_CONFIG.format(url=self.tokens_url), encoding="utf-8")


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One server for all tests of a session; each test takes a user of its own."""
    with at_work() as server:
        yield server


@contextmanager
def at_work(*, tokens_url: str = "") -> Iterator[Dovecot]:
    """A server in a folder of its own until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        server = start(Path(name), tokens_url=tokens_url)
        try:
            yield server
        finally:
            server.stop()


def start(folder: Path, *, tokens_url: str = "") -> Dovecot:
    """A server at work in `folder`; call its `stop` in the end. Every user's password is PASSWORD.

    With `tokens_url` it takes access tokens, too, and asks there whose they are (RFC 7662).
    """
    # Its processes run as other users than root and have to reach their files.
    folder.chmod(0o711)
    server = Dovecot(folder, tokens_url)
    server.start()
    return server


def _make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )

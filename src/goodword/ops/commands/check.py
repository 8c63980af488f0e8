"""`goodword check`: what is misconfigured, and how to mend it."""

import argparse
import smtplib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

from goodword.coaching import actions as coaching
from goodword.kit import config, postgres
from goodword.kit.terminal import say
from goodword.mail import signing

DEADLINE_SECONDS = 10
LOCAL = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Remark:
    """One line of the report: what was looked at, whether it is well, and what to do if not."""

    part: str
    well: bool
    text: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no options."""


def run(arguments: argparse.Namespace) -> int:
    """Print one line per part; exit code 1 when something must be mended."""
    remarks = list(remarks_on(config.load()))
    for remark in remarks:
        say(f"{'ok  ' if remark.well else 'MEND'} {remark.part}: {remark.text}")
    return 0 if all(remark.well for remark in remarks) else 1


def remarks_on(installation: config.Config) -> Iterator[Remark]:
    """Look at the secret key, host names, database, mail and coach of an installation."""
    yield _secret(installation)
    yield _hosts(installation)
    yield _database(installation)
    yield _mail_in(installation)
    yield _mail_out(installation)
    yield _signing()
    yield _coach()


def _secret(installation: config.Config) -> Remark:
    key = installation.secret_key
    if not key:
        return Remark("secret key", True, f"made by Goodword and kept in {installation.data / 'secret-key'}")
    if len(key) < 40:
        return Remark(
            "secret key",
            False,
            f"GOODWORD_SECRET_KEY has {len(key)} characters; use 40 or more, or unset it.",
        )
    return Remark("secret key", True, "set by GOODWORD_SECRET_KEY")


def _hosts(installation: config.Config) -> Remark:
    open_to_others = installation.host not in LOCAL
    name = urlsplit(installation.url).hostname or ""
    if open_to_others and (name in LOCAL or name in {"0.0.0.0", "::"}):  # noqa: S104 a name to look for
        return Remark(
            "host names",
            False,
            f"GOODWORD_HOST is '{installation.host}' but GOODWORD_URL is '{installation.url}'; "
            "set GOODWORD_URL to the address people type.",
        )
    if name not in LOCAL and not installation.url.startswith("https://"):
        return Remark(
            "host names",
            False,
            f"GOODWORD_URL is '{installation.url}'; put it behind https, passwords travel here.",
        )
    return Remark(
        "host names", True, f"{installation.url}, also {', '.join(installation.allowed_hosts) or 'no other'}"
    )


def _database(installation: config.Config) -> Remark:
    try:
        if not installation.database_url:
            postgres.start(installation.data)
        where = settings.DATABASES["default"]
        with psycopg.connect(
            host=where.get("HOST") or None,
            port=where.get("PORT") or None,
            user=where.get("USER") or None,
            password=where.get("PASSWORD") or None,
            dbname=where["NAME"],
            connect_timeout=DEADLINE_SECONDS,
        ) as connection:
            version = connection.info.server_version // 10000
    except (postgres.PostgresError, psycopg.Error, OSError) as error:
        return Remark("database", False, f"cannot be reached: {str(error).strip()}")
    if version < 15:
        return Remark("database", False, f"PostgreSQL {version} is too old; Goodword needs 15 or newer.")
    own = "your own" if installation.database_url else f"embedded, in {installation.data}"
    return Remark("database", True, f"PostgreSQL {version}, {own}")


def _signing() -> Remark:
    if not signing.is_set_up():
        return Remark("signature", True, "mail leaves unsigned; the mail server it leaves by may sign it")
    try:
        name, text = signing.dns_record()
    except signing.DkimTrouble as trouble:
        return Remark("signature", False, f"mail cannot be signed by DKIM: {trouble}")
    return Remark("signature", True, f'DKIM; publish in DNS:\n     {name}. IN TXT "{text}"')


def _coach() -> Remark:
    trouble = coaching.trouble()
    return Remark("coach", not trouble, trouble or "its rules are loaded")


def _mail_in(installation: config.Config) -> Remark:
    hooks = ", ".join(f"{installation.url}/hooks/mail/{name}/inbound/" for name in installation.mail_hooks)
    if not installation.smtp_port and not installation.lmtp_port:
        ways = hooks or "by 'goodword mail receive' or the API only"
        return Remark("mail in", True, f"no listener; mail comes {ways}")
    listeners = [f"SMTP {installation.smtp_port}"] if installation.smtp_port else []
    listeners += [f"LMTP {installation.lmtp_port}"] if installation.lmtp_port else []
    where = f"{', '.join(listeners)} on {installation.smtp_host}"
    return Remark("mail in", True, f"{where}, {hooks}" if hooks else where)


def _mail_out(installation: config.Config) -> Remark:
    way = urlsplit(installation.email_url)
    if not installation.email_url:
        return Remark(
            "mail out",
            False,
            "GOODWORD_EMAIL_URL is not set, so replies stay under 'Sent mail' and reach nobody; "
            "set it to something like smtp+tls://user:password@mail.example.org:587.",
        )
    if way.scheme == "anymail":
        return Remark("mail out", True, f"by the provider {way.hostname}")
    host, port = way.hostname or "", way.port or (465 if way.scheme == "smtp+ssl" else 25)
    try:
        opening = smtplib.SMTP_SSL if way.scheme == "smtp+ssl" else smtplib.SMTP
        with opening(host, port, timeout=DEADLINE_SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        return Remark(
            "mail out",
            False,
            f"{host}:{port} does not answer ({error}); mend GOODWORD_EMAIL_URL or that server.",
        )
    return Remark("mail out", True, f"by SMTP at {host}:{port}")

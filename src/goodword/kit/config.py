"""Every setting of an installation, read from the environment, each in one line of one table.

`docs/settings.md` shows the same table; a test holds the two together.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from goodword.kit import mail_hooks

PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}


class ConfigError(Exception):
    """A setting has a value that cannot be used; the text is a sentence for the person who set it."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: how to read it, what holds without it, and what it does."""

    name: str
    attribute: str
    default: str
    read: Callable[[str], Any]
    meaning: str
    secret: bool = False


@dataclass(frozen=True)
class Config:
    """The settings of this installation, read and checked."""

    data: Path
    host: str
    port: int
    url: str
    allowed_hosts: tuple[str, ...]
    smtp_host: str
    smtp_port: int
    lmtp_port: int
    mail_max_bytes: int
    mail_catch_all: bool
    mail_trusted_servers: tuple[str, ...]
    mail_hooks: Mapping[str, Mapping[str, str]]
    email_url: str
    mail_per_minute: int
    dkim_domain: str
    dkim_selector: str
    dkim_key: str
    database_url: str
    secret_key: str
    time_zone: str
    currency: str
    company_name: str
    company_logo: Path | None
    company_colour: str
    log_level: str
    trusted_proxies: int
    model_url: str
    model_key: str
    model_name: str
    sample: bool


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ConfigError(f"must be a whole number from {low} to {high}")
        return int(value)

    return read


def _yes_no(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ConfigError("must be yes or no")


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _folder(value: str) -> Path:
    path = Path(value).expanduser()
    if path.exists() and not path.is_dir():
        raise ConfigError("must be a folder, and it is a file")
    return path.absolute()


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError("must be the name of a time zone such as Europe/Berlin") from error
    return value


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", value):
        raise ConfigError("must be the three letters of a currency such as EUR")
    return value.upper()


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in choices:
            raise ConfigError(f"must be one of {', '.join(choices)}")
        return value.lower()

    return read


def _web_address(value: str) -> str:
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
        raise ConfigError("must be a web address such as https://care.example.org")
    return value.rstrip("/")


def _url_with(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value and urlsplit(value).scheme not in schemes:
            raise ConfigError(f"must begin with {' or '.join(scheme + '://' for scheme in schemes)}")
        return value

    return read


def _hooks(value: str) -> dict[str, dict[str, str]]:
    try:
        return mail_hooks.read(value)
    except ValueError as error:
        raise ConfigError(str(error)) from error


def _domain(value: str) -> str:
    labels = value.rstrip(".").lower()
    if labels and not re.fullmatch(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", labels):
        raise ConfigError("must be a name such as example.org")
    return labels


def _colour(value: str) -> str:
    if value and not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise ConfigError("must be a colour such as #1d5fa8")
    return value.lower()


def _picture(value: str) -> Path | None:
    if not value:
        return None
    path = Path(value).expanduser().absolute()
    if path.suffix.lower() not in PICTURES or not path.is_file():
        raise ConfigError(f"must be a file that ends in {', '.join(PICTURES)}")
    return path


def _text(value: str) -> str:
    return value


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "GOODWORD_DATA",
        "data",
        "~/.local/share/goodword",
        _folder,
        "Folder for the database, the secret key and everything kept.",
    ),
    Setting("GOODWORD_HOST", "host", "127.0.0.1", _text, "Address the web server listens on."),
    Setting("GOODWORD_PORT", "port", "8000", _whole(1, 65535), "Port of the web server."),
    Setting(
        "GOODWORD_URL",
        "url",
        "",
        _web_address,
        "Address people use in their browser; without it, http with host and port.",
    ),
    Setting(
        "GOODWORD_ALLOWED_HOSTS",
        "allowed_hosts",
        "",
        _names,
        "Further host names to answer to, with commas between them.",
    ),
    Setting("GOODWORD_SMTP_HOST", "smtp_host", "127.0.0.1", _text, "Address the mail listeners listen on."),
    Setting(
        "GOODWORD_SMTP_PORT",
        "smtp_port",
        "2525",
        _whole(0, 65535),
        "Port that takes mail in by SMTP; 0 turns it off.",
    ),
    Setting(
        "GOODWORD_LMTP_PORT",
        "lmtp_port",
        "0",
        _whole(0, 65535),
        "Port that takes mail in by LMTP; 0 turns it off.",
    ),
    Setting(
        "GOODWORD_MAIL_MAX_BYTES",
        "mail_max_bytes",
        "36700160",
        _whole(1024, 209715200),
        "Largest mail taken in, in bytes.",
    ),
    Setting(
        "GOODWORD_MAIL_CATCH_ALL",
        "mail_catch_all",
        "no",
        _yes_no,
        "Take mail for any address, also those of no mailbox.",
    ),
    Setting(
        "GOODWORD_MAIL_TRUSTED_SERVERS",
        "mail_trusted_servers",
        "",
        _names,
        "Names of your own receiving servers, whose Authentication-Results are believed; see docs/mail.md.",
    ),
    Setting(
        "GOODWORD_MAIL_HOOKS",
        "mail_hooks",
        "",
        _hooks,
        "Mail senders that may bring mail and reports by HTTP, each with its secret, such as "
        "mailgun?webhook_signing_key=… postmark?secret=user:password; see docs/mail.md.",
        secret=True,
    ),
    Setting(
        "GOODWORD_EMAIL_URL",
        "email_url",
        "",
        _url_with("smtp", "smtp+tls", "smtp+ssl", "anymail"),
        "Where replies are sent, such as smtp+tls://user:password@mail.example.org:587; "
        "without it they stay under 'Sent mail'.",
    ),
    Setting(
        "GOODWORD_MAIL_PER_MINUTE",
        "mail_per_minute",
        "300",
        _whole(1, 1_000_000),
        "Most notices to the addresses of one domain in a minute; replies do not wait for it.",
    ),
    Setting(
        "GOODWORD_DKIM_DOMAIN",
        "dkim_domain",
        "",
        _domain,
        "Domain that signs outgoing mail by DKIM; without it mail leaves unsigned.",
    ),
    Setting(
        "GOODWORD_DKIM_SELECTOR",
        "dkim_selector",
        "goodword",
        _domain,
        "Name under which the public key stands in the DNS of that domain.",
    ),
    Setting(
        "GOODWORD_DKIM_KEY",
        "dkim_key",
        "",
        _text,
        "File of the private RSA key in PEM form; 'goodword check' shows the DNS record that belongs to it.",
    ),
    Setting(
        "DATABASE_URL",
        "database_url",
        "",
        _url_with("postgres", "postgresql"),
        "A PostgreSQL of your own (15 or newer); without it Goodword runs one inside the data folder.",
    ),
    Setting(
        "GOODWORD_SECRET_KEY",
        "secret_key",
        "",
        _text,
        "Key that signs sessions and links; without it one is made and kept in the data folder.",
    ),
    Setting("GOODWORD_TIME_ZONE", "time_zone", "UTC", _zone, "Time zone of the company."),
    Setting(
        "GOODWORD_CURRENCY",
        "currency",
        "EUR",
        _currency,
        "The company's currency, in which goodwill is counted.",
    ),
    Setting(
        "GOODWORD_COMPANY_NAME",
        "company_name",
        "",
        _text,
        "Name of the company on customers' pages; without it the name of a mailbox.",
    ),
    Setting(
        "GOODWORD_COMPANY_LOGO",
        "company_logo",
        "",
        _picture,
        "File of the company's logo (svg, png, jpg or webp), for customers' pages.",
    ),
    Setting(
        "GOODWORD_COMPANY_COLOUR",
        "company_colour",
        "",
        _colour,
        "Colour of the company, such as #1d5fa8, for customers' pages; "
        "it is made lighter or darker where words need it.",
    ),
    Setting(
        "GOODWORD_LOG_LEVEL",
        "log_level",
        "info",
        _one_of("debug", "info", "warning", "error"),
        "How much is written to the log.",
    ),
    Setting(
        "GOODWORD_TRUSTED_PROXIES",
        "trusted_proxies",
        "0",
        _whole(0, 9),
        "How many proxies stand in front; their X-Forwarded headers are believed.",
    ),
    Setting(
        "GOODWORD_MODEL_URL",
        "model_url",
        "",
        _web_address,
        "A language model that may offer other words for a draft, by the OpenAI chat interface, such as "
        "http://localhost:8080/v1; without it nothing leaves the machine.",
    ),
    Setting(
        "GOODWORD_MODEL_KEY", "model_key", "", _text, "Key for that language model, where it asks for one."
    ),
    Setting("GOODWORD_MODEL_NAME", "model_name", "default", _text, "Name of the model to ask for there."),
    Setting(
        "GOODWORD_SAMPLE",
        "sample",
        "no",
        _yes_no,
        "Say on every page that the company is a sample; `goodword demo` sets it.",
    ),
)


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read every setting; raises ConfigError with one sentence per wrong value."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for setting in SETTINGS:
        given = environ.get(setting.name, "").strip()
        try:
            values[setting.attribute] = setting.read(given or setting.default)
        except ConfigError as error:
            said = "" if setting.secret else f" is '{given}'; it"
            wrong.append(f"{setting.name}{said} {error}.")
    if wrong:
        raise ConfigError("\n".join(wrong))
    values["url"] = values["url"] or f"http://{values['host']}:{values['port']}"
    return Config(**values)

"""DKIM: our mail signed with the key whose other half stands in DNS. An extra; without its settings mail
leaves unsigned.
"""

import base64
import importlib
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings

# What a signature vouches for; those a mail does not have are named, too, so that nobody can add them.
SIGNED = (
    *("from", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"),
    *("mime-version", "content-type", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post"),
)
SMALLEST_KEY = 1024


class DkimTrouble(Exception):
    """Mail cannot be signed as it is set; the text is a sentence that says what to do."""


def is_set_up() -> bool:
    """Whether mail is to be signed."""
    return bool(settings.CONFIG.dkim_domain)


def signed(raw: bytes) -> bytes:
    """`raw` with its signature in front, or as it is where no key is set. Raises DkimTrouble."""
    if not is_set_up():
        return raw
    config = settings.CONFIG
    try:
        signature: bytes = _library().sign(
            raw,
            selector=config.dkim_selector.encode(),
            domain=config.dkim_domain.encode("idna"),
            privkey=_private_key(str(config.dkim_key)),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name.encode() for name in SIGNED],
        )
    except DkimTrouble:
        raise
    except Exception as error:
        raise DkimTrouble(f"the library refused ({type(error).__name__}: {error}).") from error
    return signature + raw


def dns_record() -> tuple[str, str]:
    """Name and text of the DNS record to publish. Raises DkimTrouble with what is wrong."""
    config = settings.CONFIG
    _library()
    public = _load(str(config.dkim_key)).public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    name = f"{config.dkim_selector}._domainkey.{config.dkim_domain}"
    return name, f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"


@cache
def _library() -> Any:
    """The library, which is an extra: loaded only where mail is signed."""
    try:
        return importlib.import_module("dkim")
    except ImportError as error:
        raise DkimTrouble(
            "the package for it is missing. Install it with: pip install 'goodword[desk,dkim]'"
        ) from error


@cache
def _private_key(path: str) -> bytes:
    return _load(path).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def _load(path: str) -> RSAPrivateKey:
    if not path:
        raise DkimTrouble("GOODWORD_DKIM_KEY is not set. Name the file of the private key there.")
    try:
        key = serialization.load_pem_private_key(Path(path).expanduser().read_bytes(), password=None)
    except OSError as error:
        raise DkimTrouble(f"the key file '{path}' cannot be read ({error.strerror}).") from error
    except (ValueError, TypeError) as error:
        raise DkimTrouble(f"'{path}' holds no private key without a password in PEM form.") from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < SMALLEST_KEY:
        raise DkimTrouble(f"the key in '{path}' is no RSA key of {SMALLEST_KEY} bits or more.")
    return key

"""Which mail senders may call an installation: `mailgun?webhook_signing_key=… postmark?secret=…`."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

SHORTEST_SECRET = 12


@dataclass(frozen=True, slots=True)
class Options:
    """What may be set for a sender: what proves that mail or reports are its own, and what else it needs."""

    inbound: tuple[str, ...]
    tracking: tuple[str, ...]
    further: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """All of them."""
        return {*self.inbound, *self.tracking, *self.further}


SENDERS: Mapping[str, Options] = {
    "amazon_ses": Options(("secret",), ("secret",), ("inbound_kms_key_id",)),
    "brevo": Options(("secret",), ("secret",), ("api_key", "api_url")),
    "mailersend": Options(("inbound_secret",), ("signing_secret",)),
    "mailgun": Options(("webhook_signing_key",), ("webhook_signing_key",)),
    "mailjet": Options(("secret",), ("secret",)),
    "mailtrap": Options(("inbound_secret",), ("tracking_secret",), ("api_token", "api_url")),
    "mandrill": Options(("webhook_key",), ("webhook_key",), ("webhook_url",)),
    "postal": Options(("webhook_key",), ("webhook_key",)),
    "postmark": Options(("secret",), ("secret",)),
    "resend": Options(("inbound_secret", "secret"), ("signing_secret", "secret"), ("api_key", "api_url")),
    "sendgrid": Options(("secret",), ("secret", "tracking_webhook_verification_key")),
    "sparkpost": Options(("secret",), ("secret",)),
}


def read(value: str) -> dict[str, dict[str, str]]:
    """The options of each sender named; raises ValueError with what is wrong, as 'must …'."""
    found: dict[str, dict[str, str]] = {}
    for word in value.split():
        name, _mark, rest = word.partition("?")
        if name not in SENDERS:
            raise ValueError(f"must name senders of {', '.join(SENDERS)}; '{name}' is none")
        pairs = (pair.partition("=") for pair in rest.split("&") if pair)
        found[name] = {option: unquote(given) for option, _equals, given in pairs if given}
        _check(name, found[name])
    return found


def shows_secret(options: Mapping[str, str], authorization: bytes) -> bool:
    """Whether a call shows the secret of its sender in this header; True for one that is known by a signature
    only, which is made over its body.
    """
    if "secret" not in options:
        return True
    scheme, _space, said = authorization.strip().partition(b" ")
    try:
        shown = base64.b64decode(said.strip(), validate=True)
    except binascii.Error:
        return False
    return scheme.lower() == b"basic" and hmac.compare_digest(shown, options["secret"].encode())


def _check(name: str, given: Mapping[str, str]) -> None:
    known = SENDERS[name]
    if unknown := sorted(set(given) - known.names):
        raise ValueError(
            f"must set for {name} nothing but {', '.join(sorted(known.names))}; '{unknown[0]}' is none"
        )
    if not set(given) & {*known.inbound, *known.tracking}:
        proofs = " or ".join(dict.fromkeys((*known.inbound, *known.tracking)))
        raise ValueError(f"must set {proofs} for {name}, or anybody could call")
    user, colon, password = given.get("secret", "user:" + "x" * SHORTEST_SECRET).partition(":")
    if not user or not colon or len(password) < SHORTEST_SECRET:
        raise ValueError(
            f"must give the secret of {name} as user:password, with {SHORTEST_SECRET} or more characters in "
            "the password"
        )

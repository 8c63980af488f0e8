"""What two deliveries of one mail share."""

import hashlib

from goodword.mail.parsing.envelope import Envelope, envelope


def identity(raw: bytes, *, seen: Envelope | None = None) -> str:
    """The same for each delivery of one mail; `seen` is its envelope, when it was looked at already.

    A Message-ID alone is not enough: some programs write the same one into every mail, and those must not
    be lost.
    """
    seen = seen or envelope(raw)
    if seen.message_id is None:
        return f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return f"{seen.message_id} {hashlib.sha256(seen.fingerprint.encode()).hexdigest()[:20]}"


def tombstone_name(identity: str) -> str:
    """The name on a tombstone: the Message-ID in an identity may tell whose mail it was."""
    return f"sha256:{hashlib.sha256(identity.encode()).hexdigest()}"

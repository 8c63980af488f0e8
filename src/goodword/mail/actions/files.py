"""Files, each stored once."""

import hashlib

from goodword.mail.models import Blob


def keep_file(data: bytes) -> Blob:
    """The row that holds these bytes, stored once however often they come."""
    digest = hashlib.sha256(data).hexdigest()
    Blob.objects.bulk_create([Blob(sha256=digest, size=len(data), data=data)], ignore_conflicts=True)
    return Blob(sha256=digest, size=len(data))

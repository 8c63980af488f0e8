"""Files, each stored once."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef

from goodword.kit import rows
from goodword.mail.models import Blob

_NEW = (
    b"INSERT INTO mail_blob (sha256, size, data, created_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_HELD = b"SELECT sha256 FROM mail_blob WHERE sha256 = ANY(%s) ORDER BY sha256 FOR KEY SHARE"


@transaction.atomic(savepoint=False)
def keep_file(data: bytes) -> Blob:
    """The row that holds these bytes, stored once however often they come.

    It is held until the transaction ends, so that nobody drops it before it is referred to. In a batch
    (`kit.rows.together`) it is written at its end.
    """
    blob = Blob(sha256=hashlib.sha256(data).hexdigest(), size=len(data), data=data)
    rows.later(_keep, blob)
    return blob


def _keep(blobs: list[Blob]) -> None:
    # In one order, so that two who keep the same files never wait for each other.
    different = dict(sorted((blob.pk, blob) for blob in blobs))
    digests = list(different)
    while digests:
        for digest in digests:
            blob = different[digest]
            rows.execute(_NEW, [blob.sha256, blob.size, blob.data, blob.created_at])
        held = {digest for (digest,) in rows.execute(_HELD, [digests])}
        digests = [digest for digest in digests if digest not in held]


@transaction.atomic
def drop_files(digests: Iterable[str]) -> int:
    """Delete those of these files that nothing refers to any more, in any room; returns how many.

    A file that somebody keeps anew at this moment stays.
    """
    held = Blob.objects.filter(pk__in=set(digests)).select_for_update(skip_locked=True)
    ours = list(held.order_by("pk").values_list("pk", flat=True))
    unused = Blob.objects.filter(pk__in=ours)
    for user in Blob._meta.related_objects:
        uses = user.related_model._base_manager.filter(**{user.field.name: OuterRef("pk")})
        unused = unused.exclude(Exists(uses))
    done, _each = unused.only("pk").delete()
    return done

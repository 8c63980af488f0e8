"""Files, each stored once."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from goodword.mail.models import Blob


@transaction.atomic(savepoint=False)
def keep_file(data: bytes) -> Blob:
    """The row that holds these bytes, stored once however often they come.

    It is held until the transaction ends, so that nobody drops it before it is referred to.
    """
    digest = hashlib.sha256(data).hexdigest()
    kept = False
    while not kept:
        Blob.objects.bulk_create([Blob(sha256=digest, size=len(data), data=data)], ignore_conflicts=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM mail_blob WHERE sha256 = %s FOR KEY SHARE", [digest])
            kept = cursor.rowcount == 1
    return Blob(sha256=digest, size=len(data))


@transaction.atomic
def drop_files(digests: Iterable[str], *, used: "QuerySet[Any, Any]") -> int:
    """Delete those of these files that none of `used` names; returns how many.

    A file that somebody keeps anew at this moment stays.
    """
    held = Blob.objects.filter(pk__in=list(digests)).select_for_update(skip_locked=True)
    ours = list(held.order_by("pk").values_list("pk", flat=True))
    done, _each = Blob.objects.filter(pk__in=ours).exclude(pk__in=used).only("pk").delete()
    return done

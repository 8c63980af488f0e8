"""Calls that may be repeated without harm: the header `Idempotency-Key`."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from pydantic import BaseModel

from goodword.kit.ids import digest

from .access import Caller
from .models import IdempotentCall
from .problems import ProblemError

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=7)
PATTERN = "^[!-~]{1,200}$"


@transaction.atomic
def once(request: HttpRequest, caller: Caller, *, body: BaseModel, do: Callable[[], int]) -> int:
    """Do it and return the id of what it made; with a key that was used before, only return that id.

    Nothing stays of a call that fails, so it can be tried again with the same key.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return do()
    if not re.fullmatch(PATTERN, key):
        raise ProblemError(422, "bad-key", f"{HEADER} must have 1 to 200 visible ASCII characters.")
    asked = digest(f"{request.path}\n{body.model_dump_json()}")
    call, made = IdempotentCall.objects.get_or_create(
        token=caller.token, key=key, defaults={"fingerprint": asked}
    )
    if call.fingerprint != asked:
        raise ProblemError(
            409,
            "key-used",
            f"The {HEADER} '{key[:60]}' was used for another call. Use a new key for this one.",
        )
    if made or call.result_id is None:
        call.result_id = do()
        call.save(update_fields=["result_id"])
    return call.result_id


def forget_old() -> int:
    """Forget keys older than a week; returns how many."""
    deleted, _kinds = IdempotentCall.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted

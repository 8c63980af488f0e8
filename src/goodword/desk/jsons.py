"""Requests and answers of the scripts on the pages."""

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from .pages import Refused


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, and not a form without one."""
    return "application/json" in request.headers.get("Accept", "")


def answer(value: dict[str, Any], status: int = 200) -> JsonResponse:
    """An answer for a script."""
    return JsonResponse(value, status=status)


def body_of(request: HttpRequest) -> dict[str, Any]:
    """What was sent: a JSON object, or the fields of a form."""
    if request.content_type != "application/json":
        return dict(request.POST.items())
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Refused(_("The request is not JSON. Load the page again.")) from error
    if not isinstance(value, dict):
        raise Refused(_("The request is not a JSON object. Load the page again."))
    return {str(name): storable(part) for name, part in value.items()}


def storable(value: Any) -> Any:
    """`value` with its texts as the database can hold them: no null characters, no halves of characters."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, dict):
        return {str(name): storable(part) for name, part in value.items()}
    return value


def listed(value: object) -> list[Any]:
    """A list that came as JSON in a field of a form; empty when it is none."""
    if isinstance(value, list):
        return value
    if not isinstance(value, str) or not value:
        return []
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return []
    return [storable(one) for one in found] if isinstance(found, list) else []


def numbers(values: list[Any]) -> list[int]:
    """The whole numbers among these that the database can hold."""
    return [
        value
        for value in values
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
    ]

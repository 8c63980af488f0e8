"""What each exception of the rooms below is as a problem."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from goodword.complaints.errors import ComplaintError
from goodword.customers.actions import AddressTaken, CustomerError
from goodword.goodwill.actions import AlreadyRedeemed, NotRedeemable
from goodword.goodwill.errors import GoodwillError
from goodword.inbox.errors import BadCursor, ConversationMoved, Merged, NotPossible, PromisesOpen
from goodword.promises.actions import PromiseError
from goodword.staff.access import NotAllowed

from .problems import ProblemError, answer

log = logging.getLogger(__name__)
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Goodword"'}
Handler = Callable[[HttpRequest, Any], HttpResponse]


def problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """A problem that the API itself raised."""
    headers = CHALLENGE if error.status == 401 else {"Retry-After": "60"} if error.status == 503 else {}
    if error.status == 429:
        headers = {"Retry-After": str(error.more["retry_after"])}
    return answer(error.status, error.kind, error.detail, headers=headers, **error.more)


def no_token(request: HttpRequest, error: Exception) -> HttpResponse:
    """No token, or one in the wrong place."""
    detail = "This needs a token. Send the header Authorization: Bearer <token>."
    return answer(401, "no-token", detail, headers=CHALLENGE)


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent does not fit."""
    faults = [{"field": _place(fault["loc"]), "message": _sentence(fault["msg"])} for fault in error.errors]
    first = faults[0]
    detail = f"{first['field']}: {first['message']}"
    if len(faults) > 1:
        detail += f" There are {len(faults)} such faults in all."
    return answer(422, "invalid", detail, errors=faults)


def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that cannot be read; the parser's own problem is the cause."""
    if isinstance(error.__cause__, ProblemError):
        return problem(request, error.__cause__)
    return answer(error.status_code, "unreadable", str(error))


def not_there(request: HttpRequest, error: ObjectDoesNotExist) -> HttpResponse:
    """Nothing of that kind that the caller may see."""
    kind = type(error).__qualname__.split(".")[0].lower()
    return answer(404, "not-found", f"There is no such {kind}, or it is not yours to see.")


def no_page(request: HttpRequest, error: Http404) -> HttpResponse:
    """No such address."""
    return answer(
        404, "no-such-call", f"There is no call at {request.path[:200]}. /api/v1/openapi.json lists them all."
    )


def moved(request: HttpRequest, error: ConversationMoved) -> HttpResponse:
    """Others added to the conversation meanwhile."""
    detail = "The conversation moved while you wrote. Read what came, then send again with its new revision."
    added = [message.pk for message in error.messages]
    return answer(409, "conversation-moved", detail, revision=error.conversation.revision, messages=added)


def promises_open(request: HttpRequest, error: PromisesOpen) -> HttpResponse:
    """Closing would leave promises open."""
    detail = f"{error} To leave them open, send leave_promises: true."
    return answer(409, "promises-open", detail, promises=[promise.pk for promise in error.promises])


def merged(request: HttpRequest, error: Merged) -> HttpResponse:
    """The conversation goes on in another one."""
    return answer(409, "merged", str(error), conversation=error.target.pk if error.target else None)


def database_away(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database does not answer; nothing was done."""
    log.warning("The API could not ask the database: %s", error)
    detail = "The database does not answer, and nothing was done. Try again in a moment."
    return answer(503, "database-away", detail, headers={"Retry-After": "5"})


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours."""
    log.error("The API failed at %s %s", request.method, request.path, exc_info=error)
    return answer(
        500, "fault", "Something went wrong on our side; the server's log says what. Try again later."
    )


def as_status(status: int, kind: str) -> Handler:
    """The exception's own sentence with this status."""

    def handler(request: HttpRequest, error: Exception) -> HttpResponse:
        return answer(status, kind, str(error))

    return handler


HANDLERS: dict[type[Exception], Handler] = {
    Exception: broken,
    ProblemError: problem,
    AuthenticationError: no_token,
    ValidationError: invalid,
    HttpError: unreadable,
    ObjectDoesNotExist: not_there,
    Http404: no_page,
    OperationalError: database_away,
    RequestDataTooBig: as_status(413, "too-large"),
    ConversationMoved: moved,
    PromisesOpen: promises_open,
    Merged: merged,
    NotPossible: as_status(409, "not-possible"),
    NotAllowed: as_status(403, "not-allowed"),
    BadCursor: as_status(404, "bad-cursor"),
    AddressTaken: as_status(409, "address-taken"),
    CustomerError: as_status(409, "customer"),
    PromiseError: as_status(422, "promise"),
    AlreadyRedeemed: as_status(409, "already-redeemed"),
    NotRedeemable: as_status(409, "not-redeemable"),
    GoodwillError: as_status(409, "goodwill"),
    ComplaintError: as_status(409, "complaint"),
}


def add_handlers(api: NinjaAPI) -> None:
    """Teach the API all of these."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)


def _place(where: tuple[Any, ...]) -> str:
    # Ninja puts the name of the function's own argument after 'body'.
    parts = [str(part) for part in where]
    return ".".join(part for index, part in enumerate(parts) if (index, part) != (1, "body"))


def _sentence(message: str) -> str:
    plain = message.removeprefix("Value error, ")
    return plain[:1].upper() + plain[1:] + ("" if plain.endswith((".", "?")) else ".")

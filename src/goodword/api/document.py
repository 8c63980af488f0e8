"""The OpenAPI 3.1 document: what ninja makes, with our errors and headers put in."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from goodword import __version__

from . import repeats
from .access import AGENT_HEADER
from .handling import add_handlers
from .parsing import StrictParser
from .problems import MEDIA_TYPE, Problem

DESCRIPTION = (
    "Conversations, customers, promises and the coach of a Goodword desk. "
    "Each call needs `Authorization: Bearer <token>`; errors are RFC 9457 problems."
)
REPEATABLE = {
    "add_note",
    "create_conversation",
    "create_promise",
    "log_call",
    "log_first_call",
    "reply_to_conversation",
}
NAMES_SOMETHING = {"list_conversations", "list_promises", "review_draft"}  # a place, a customer
MEANINGS = {
    400: "The body is no JSON.",
    401: "No token, or one that is not known.",
    403: "The token may not do this.",
    404: "There is no such thing, or it is not yours to see.",
    409: "It cannot be done as things stand; the detail says why.",
    413: "The body is too large.",
    415: "The body is said to be something else than JSON.",
    422: "What was sent does not fit; `errors` says where.",
    429: "There were too many wrong codes; `retry_after` says for how many seconds to wait.",
}
_HEADERS = {
    "Agent": {
        "name": AGENT_HEADER,
        "in": "header",
        "required": False,
        "description": "Mail address of the agent to act as; only for a token of the house with scope admin.",
        "schema": {"type": "string", "format": "email", "maxLength": 254},
    },
    "IdempotencyKey": {
        "name": repeats.HEADER,
        "in": "header",
        "required": False,
        "description": "Makes the call harmless to repeat for a week: the same key, the same result.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": repeats.PATTERN},
    },
}


class RestAPI(NinjaAPI):
    """Ninja with problems for errors, short operation ids, and a document that says all of it."""

    def __init__(self) -> None:
        super().__init__(
            title="Goodword", version=__version__, description=DESCRIPTION, docs_url=None,
            parser=StrictParser(), urls_namespace="api",
        )  # fmt: skip
        add_handlers(self)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The document."""
        document = super().get_openapi_schema(**where)
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= problem.pop("$defs") | {"Problem": problem}
        document["components"]["parameters"] = _HEADERS
        for path, calls in document["paths"].items():
            for method, call in calls.items():
                _complete(call, path=path, method=method)
        return document


def _complete(call: dict[str, Any], *, path: str, method: str) -> None:
    """Add the headers and the errors that every call of this kind has."""
    for parameter in call["parameters"]:
        parameter["schema"] = _without_null(parameter["schema"])
    names = ["Agent", "IdempotencyKey"] if call["operationId"] in REPEATABLE else ["Agent"]
    call["parameters"] += [{"$ref": f"#/components/parameters/{name}"} for name in names]
    for status in _errors(call, path=path, method=method):
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        call["responses"][status] = {"description": MEANINGS[status], "content": content}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that may be left out; in an address there is no null."""
    choices: list[dict[str, Any]] = [
        choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"
    ]
    if len(choices) != 1:
        return schema
    return {key: value for key, value in schema.items() if key != "anyOf"} | choices[0]


def _errors(call: dict[str, Any], *, path: str, method: str) -> list[int]:
    found = {401, 403, 422}
    if "{" in path or call["operationId"] in NAMES_SOMETHING:
        found |= {404}
    if method != "get" and "coach" not in call["tags"]:
        found |= {404, 409}
    if "vouchers" in call["tags"]:
        found |= {429}
    if "requestBody" in call:
        found |= {400, 413, 415}
    return sorted(found)

"""The contract as JSON Schema (2020-12): what goes into `review` and `read`, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

PLAIN: Mapping[type, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    dict: "object",
    NoneType: "null",
}
REVIEW_MEANINGS: Mapping[str, str] = {
    "draft": "the reply as it would be sent",
    "customer_message": "the customer's message that the draft answers, or a list of messages",
    "customer_name": "the customer's name",
    "agent_name": "the name of the author of the draft",
    "now": "the moment of writing, ISO form; without it no relative date is resolved",
    "tz": "the time zone of that moment by name, such as Europe/Berlin",
    "holidays": "ISO dates on which nobody works",
    "policies": "sentences the team stands by, such as 'Refunds take 5 to 7 working days.'",
    "earlier_replies": "what this customer was told before",
    "attachments": "how many files are attached",
    "kept": "how soon promises were kept before: kind to {settled: n, within: [[minutes, n], ...]}",
    "fault": "whose fault it was found to be: ours, shared, carrier, customer or unclear",
}
READ_MEANINGS: Mapping[str, str] = {
    "message": "the customer's message",
    "now": REVIEW_MEANINGS["now"],
    "tz": REVIEW_MEANINGS["tz"],
}


def schema_of_fields(
    types: Mapping[str, tuple[type, ...]], meanings: Mapping[str, str], needed: str
) -> dict[str, Any]:
    """The schema of an object with the fields `types`, of which only `needed` must be there."""
    properties = {
        name: {"anyOf": [_plain(one) for one in allowed], "description": meanings[name]}
        if len(allowed) > 1
        else {**_plain(allowed[0]), "description": meanings[name]}
        for name, allowed in types.items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": [needed],
        "additionalProperties": False,
    }


def _plain(one: type) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}} if one is list else {"type": PLAIN[one]}


def schema_of_result(result: Any) -> dict[str, Any]:
    """The schema of a record of `results` in its JSON form; a finding's `where` is `in` there."""
    if is_dataclass(result):
        hints = get_type_hints(result)
        names = [field.name for field in fields(result)]
        properties = {_named(name): schema_of_result(hints[name]) for name in names}
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    if result in PLAIN:
        return {"type": PLAIN[result]}
    return _composed(get_origin(result), get_args(result))


def _named(name: str) -> str:
    return "in" if name == "where" else name


def _composed(origin: Any, args: tuple[Any, ...]) -> dict[str, Any]:
    if origin is Literal:
        return {"enum": list(args)}
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of_result(one) for one in args]}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of_result(args[1])}
    if args[-1] is Ellipsis:
        return {"type": "array", "items": schema_of_result(args[0])}
    parts = [schema_of_result(one) for one in args]
    return {"type": "array", "prefixItems": parts, "minItems": len(parts), "maxItems": len(parts)}

"""The coach as tools of a language model, over standard input and output (`goodword[mcp]`)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio
from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from goodword import __version__
from goodword.coach.commands.choosing import asked, chosen_pack
from goodword.coach.commands.json_lines import READ_FIELDS, REVIEW_FIELDS, known_fields
from goodword.coach.commands.rules import rule_as_json
from goodword.coach.contract import READ_MEANINGS, REVIEW_MEANINGS, schema_of_fields, schema_of_result
from goodword.coach.drafts import without_gaps
from goodword.coach.errors import CoachError, InputError
from goodword.coach.json_form import as_json
from goodword.coach.pack import Pack
from goodword.coach.results import Reading, Review
from goodword.coach.reviewing import read, review
from goodword.coach.rule_files import rule_named

RULE_FIELDS: Mapping[str, tuple[type, ...]] = {"rule": (str,)}
RULE_MEANINGS: Mapping[str, str] = {"rule": "the id of a rule, as a finding names it"}
HERE_ONLY = ("file", "line", "kind")  # where a rule is written is of no use to a far reader
INSTRUCTIONS = (
    "Review each draft reply to a customer before it is sent, with the message that it answers. "
    "Findings quote the words they are about and say why; a suggestion replaces exactly those words. "
    "Leave no question open, and make no promise that nobody can keep."
)


@dataclass(frozen=True, slots=True)
class Told:
    """A tool: how a client is told of it, and what it does with checked arguments."""

    tool: types.Tool
    run: Callable[[dict[str, Any]], Any]


def tools(pack: Pack, *, template: bool) -> dict[str, Told]:
    """The tools by name, all going by the rules of `pack`."""

    def review_reply(given: dict[str, Any]) -> Any:
        result = review(**known_fields(_known(given, REVIEW_FIELDS)), pack=pack)
        return as_json(without_gaps(result) if template else result)

    def read_message(given: dict[str, Any]) -> Any:
        return as_json(read(**known_fields(_known(given, READ_FIELDS), READ_FIELDS, "message"), pack=pack))

    def explain_rule(given: dict[str, Any]) -> Any:
        name = known_fields(_known(given, RULE_FIELDS), RULE_FIELDS, "rule")["rule"]
        told = rule_as_json(rule_named(name, pack.rules))
        return {key: value for key, value in told.items() if key not in HERE_ONLY}

    return {
        "review_reply": Told(
            _tool(
                "review_reply",
                "Review a draft reply: findings, open questions, promises, what each sentence does, scores.",
                schema_of_fields(REVIEW_FIELDS, REVIEW_MEANINGS, "draft"),
                schema_of_result(Review),
            ),
            review_reply,
        ),
        "read_message": Told(
            _tool(
                "read_message",
                "Read a customer's message: feeling, urgency, questions and concerns, details given.",
                schema_of_fields(READ_FIELDS, READ_MEANINGS, "message"),
                schema_of_result(Reading),
            ),
            read_message,
        ),
        "explain_rule": Told(
            _tool(
                "explain_rule",
                "Explain a rule: what it says, why, and lines that it finds and leaves alone.",
                schema_of_fields(RULE_FIELDS, RULE_MEANINGS, "rule"),
                {"type": "object"},
            ),
            explain_rule,
        ),
    }


def _tool(name: str, description: str, takes: dict[str, Any], gives: dict[str, Any]) -> types.Tool:
    harmless = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    return types.Tool(
        name=name, description=description, input_schema=takes, output_schema=gives, annotations=harmless
    )


def _known(given: dict[str, Any], types_: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
    for name in given:
        if name not in types_:
            raise InputError("I208", f"{name!r} is unknown; this tool takes {', '.join(types_)}.")
    return given


def answer(told: Mapping[str, Told], params: types.CallToolRequestParams) -> types.CallToolResult:
    """What a call brings; what cannot be used is told in a sentence that the model can go by."""
    try:
        if params.name not in told:
            raise InputError("I210", f"There is no tool {params.name!r}; there are {', '.join(told)}.")
        result = told[params.name].run(dict(params.arguments or {}))
    except CoachError as error:
        return types.CallToolResult(content=[types.TextContent(text=str(error))], is_error=True)
    shown = types.TextContent(text=json.dumps(result, ensure_ascii=False))
    return types.CallToolResult(content=[shown], structured_content=result)


def serve(args: argparse.Namespace) -> None:
    """Serve one client over standard input and output, until it goes away."""
    told = tools(chosen_pack(asked(args)), template=args.template)

    async def list_tools(
        context: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[one.tool for one in told.values()])

    async def call_tool(
        context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        return answer(told, params)

    server: Server[Any] = Server(
        "goodword",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )

    async def run() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(run)

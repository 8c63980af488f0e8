"""`goodword coach mcp`, called by the protocol's own client over its standard streams."""

import json
import os
import sys

import anyio
import jsonschema
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from goodword.coach.json_form import as_json
from goodword.coach.reviewing import review

ASKED = "Where is my lamp? I am furious."
DRAFT = "Please calm down. It will be with you soon."


def with_a_client(story, *arguments):
    async def told():
        command = ["-m", "goodword", "coach", "mcp", *map(str, arguments)]
        server = StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))
        with anyio.fail_after(60):
            async with stdio_client(server) as streams, ClientSession(*streams) as client:
                hello = await client.initialize()
                assert hello.server_info.name == "goodword"
                await story(client)

    anyio.run(told)


def test_a_client_is_told_of_three_tools_with_their_schemas():
    async def story(client):
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"review_reply", "read_message", "explain_rule"}
        for tool in tools.values():
            jsonschema.Draft202012Validator.check_schema(tool.input_schema)
            jsonschema.Draft202012Validator.check_schema(tool.output_schema)
            assert tool.annotations.read_only_hint
        asks = tools["review_reply"].input_schema
        assert asks["required"] == ["draft"]
        assert asks["properties"]["customer_message"]["anyOf"][1]["type"] == "array"
        finding = tools["review_reply"].output_schema["properties"]["findings"]["items"]
        assert finding["properties"]["in"] == {"enum": ["draft", "customer"]}

    with_a_client(story)


def test_a_reply_is_reviewed_as_the_library_reviews_it():
    given = {"draft": DRAFT, "customer_message": ASKED, "now": "2026-11-18T10:00:00+00:00"}

    async def story(client):
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        answer = await client.call_tool("review_reply", given)
        assert not answer.is_error
        assert answer.structured_content == json.loads(json.dumps(as_json(review(**given))))
        assert json.loads(answer.content[0].text) == answer.structured_content
        jsonschema.validate(answer.structured_content, tools["review_reply"].output_schema)
        read = await client.call_tool("read_message", {"message": ASKED})
        assert read.structured_content["feeling"] == "angry"
        jsonschema.validate(read.structured_content, tools["read_message"].output_schema)

    with_a_client(story)


@pytest.mark.parametrize(
    ("tool", "given", "says"),
    [
        ("review_reply", {}, "'draft' is missing; it holds the text."),
        ("review_reply", {"draft": 3}, "draft is 3; it must be text."),
        ("review_reply", {"draft": "Hi", "now": "today"}, "now is 'today'; it must be an ISO date"),
        ("review_reply", {"draft": "Hi", "custmer": "x"}, "'custmer' is unknown; this tool takes draft, "),
        ("read_message", {"draft": "Hi"}, "'draft' is unknown; this tool takes message, now, tz."),
        ("explain_rule", {"rule": "clam-down"}, "Did you mean 'calm-down'?"),
        ("no_such_tool", {}, "There is no tool 'no_such_tool'; there are review_reply, read_message"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(tool, given, says):
    async def story(client):
        answer = await client.call_tool(tool, given)
        assert answer.is_error
        assert says in answer.content[0].text

    with_a_client(story)


def test_a_rule_is_explained_and_a_team_s_own_rules_hold(tmp_path):
    (tmp_path / "mine.toml").write_text(
        '[[rule]]\nid = "no-dude"\nkind = "phrase"\ncategory = "tone"\npractice = "R1"\nseverity = "warn"\n'
        'phrases = ["dude"]\nmessage = "m"\nwhy = "w"\ngood = ["Hello."]\nbad = ["Hello dude."]\n'
    )

    async def story(client):
        rule = (await client.call_tool("explain_rule", {"rule": "no-dude"})).structured_content
        assert (rule["why"], rule["bad"]) == ("w", ["Hello dude."])
        assert str(tmp_path) not in json.dumps(rule)
        answer = await client.call_tool("review_reply", {"draft": "Hello dude, calm down."})
        assert {found["rule"] for found in answer.structured_content["findings"]} == {"no-dude"}

    with_a_client(story, "--rules", tmp_path, "--off", "calm-down")

"""`goodword coach lsp`, spoken to as an editor does, over its standard streams."""

import asyncio
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

RULE = (Path(__file__).parent / "rules" / "no_dude_stop.toml").read_text(encoding="utf-8")
DRAFT = "Grüße 🙂 Ana, please wait, dude.\n\nWe have sent the lamp today.\n"


COMMAND = ("-m", "goodword", "coach", "lsp", "--rules", "goodword-rules")


class Editor(LanguageClient):
    """An editor that keeps what it is told, and can wait for it."""

    def __init__(self):
        super().__init__("editor", "1")
        self.told = asyncio.Condition()
        self.published = []
        self.messages = []

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def publish(told):
            await self._hear(self.published, told)

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        async def show(told):
            await self._hear(self.messages, told.message)

    async def _hear(self, heard, told):
        async with self.told:
            heard.append(told)
            self.told.notify_all()

    async def until(self, holds):
        async with self.told:
            await asyncio.wait_for(self.told.wait_for(lambda: holds(self)), timeout=30)

    async def diagnostics(self, uri, version=None):
        def here(editor):
            return [p for p in editor.published if p.uri == uri and p.version == version]

        await self.until(here)
        return here(self)[-1].diagnostics

    def open(self, uri, text):
        item = types.TextDocumentItem(uri, "plaintext", 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, uri, version, text):
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    async def actions(self, uri, place):
        return await self.text_document_code_action_async(
            types.CodeActionParams(types.TextDocumentIdentifier(uri), place, types.CodeActionContext([]))
        )


def in_an_editor(story, folder):
    async def told():
        editor = Editor()
        await editor.start_io(sys.executable, *COMMAND, cwd=str(folder))
        try:
            hello = types.InitializeParams(
                capabilities=types.ClientCapabilities(), root_uri=folder.as_uri(), process_id=None
            )
            await editor.initialize_async(hello)
            editor.initialized(types.InitializedParams())
            await asyncio.wait_for(story(editor), timeout=60)
        finally:
            await asyncio.wait_for(editor.shutdown_async(None), timeout=30)
            editor.exit(None)
            await asyncio.wait_for(editor.stop(), timeout=30)

    asyncio.run(told())


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "reply.txt"
    path.write_text(DRAFT, encoding="utf-8")
    (tmp_path / "goodword-rules").mkdir()
    (tmp_path / "goodword-rules" / "tone.toml").write_text(RULE, encoding="utf-8")
    return path


def at(line, start, end):
    return types.Range(types.Position(line, start), types.Position(line, end))


def test_an_opened_draft_gets_its_findings_in_the_editor_s_own_columns(draft):
    async def story(editor):
        editor.open(draft.as_uri(), DRAFT)
        found = await editor.diagnostics(draft.as_uri(), 1)
        casual = next(one for one in found if one.code == "no-dude")
        assert casual.range == at(0, 27, 31), "an emoji is two units of UTF-16"
        assert casual.severity == types.DiagnosticSeverity.Error
        assert casual.source == "goodword"

    in_an_editor(story, draft.parent)


def test_only_the_last_of_several_quick_changes_is_read(draft):
    async def story(editor):
        uri = draft.as_uri()
        editor.open(uri, DRAFT)
        await editor.diagnostics(uri, 1)
        for version in range(2, 8):
            editor.change(uri, version, f"Please wait, dude, for {version}.")
        editor.change(uri, 8, "Your lamp left today.")
        assert await editor.diagnostics(uri, 8) == ()
        assert {params.version for params in editor.published} == {1, 8}

    in_an_editor(story, draft.parent)


def test_a_suggestion_is_an_edit_of_the_quoted_words(draft):
    async def story(editor):
        uri = draft.as_uri()
        editor.open(uri, DRAFT)
        found = await editor.diagnostics(uri, 1)
        casual = next(one for one in found if one.code == "no-dude")
        actions = await editor.actions(uri, casual.range)
        better = next(action for action in actions if action.title == "Write 'Ana'")
        assert better.is_preferred
        (change,) = better.edit.document_changes
        assert change.text_document.version == 1
        (edit,) = change.edits
        assert (edit.range, edit.new_text) == (at(0, 27, 31), "Ana")

    in_an_editor(story, draft.parent)


def test_why_is_told_on_hover_and_on_demand(draft):
    async def story(editor):
        uri = draft.as_uri()
        editor.open(uri, DRAFT)
        await editor.diagnostics(uri, 1)
        here = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(0, 28))
        hover = await editor.text_document_hover_async(here)
        assert "**R1 no-dude** (stop)" in hover.contents.value
        nothing = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(1, 0))
        assert await editor.text_document_hover_async(nothing) is None
        actions = await editor.actions(uri, at(0, 27, 31))
        why = next(action for action in actions if action.title == "Why 'no-dude'?")
        await editor.workspace_execute_command_async(types.ExecuteCommandParams(why.command, why.arguments))
        await editor.until(lambda told: told.messages)
        assert "why:  " in editor.messages[0]
        assert "good: " in editor.messages[0]

    in_an_editor(story, draft.parent)


def test_a_rule_switched_off_is_silent_in_its_folder_from_then_on(draft):
    (draft.parent / ".goodword.toml").write_text('template = true\noff = ["no-greeting"]\n')

    async def story(editor):
        uri = draft.as_uri()
        editor.open(uri, DRAFT)
        await editor.diagnostics(uri, 1)
        actions = await editor.actions(uri, at(0, 27, 31))
        off = next(action for action in actions if action.title.startswith("Switch 'no-dude' off"))
        before = len(editor.published)
        await editor.workspace_execute_command_async(types.ExecuteCommandParams(off.command, off.arguments))
        await editor.until(lambda told: len(told.published) > before)
        assert "no-dude" not in {one.code for one in editor.published[-1].diagnostics}

    in_an_editor(story, draft.parent)
    settings = (draft.parent / ".goodword.toml").read_text()
    assert settings == 'template = true\noff = ["no-dude", "no-greeting"]\n'


def test_the_customer_s_message_beside_the_draft_is_read_along_even_unsaved(draft):
    beside = draft.parent / "reply.txt.customer.txt"
    beside.write_text("Where is my lamp?")
    text = "Hello Ana,\n\nWe are glad you like the chair.\n\nKind regards,\nTom\n"

    async def story(editor):
        uri = draft.as_uri()
        editor.open(uri, text)
        found = await editor.diagnostics(uri, 1)
        asked = next(one for one in found if one.related_information)
        place = asked.related_information[0].location
        assert place.uri == beside.as_uri()
        assert place.range == at(0, 0, 17)
        editor.open(beside.as_uri(), "Thank you, all is well.")
        await editor.until(lambda told: len([p for p in told.published if p.uri == uri]) == 2)
        assert not any(one.related_information for one in editor.published[-1].diagnostics)
        assert {params.uri for params in editor.published} == {uri}, "the customer's words are not judged"

    in_an_editor(story, draft.parent)


def test_settings_that_cannot_be_used_are_told_in_the_draft(draft):
    (draft.parent / ".goodword.toml").write_text('of = ["no-dude"]\n')

    async def story(editor):
        editor.open(draft.as_uri(), DRAFT)
        (trouble,) = await editor.diagnostics(draft.as_uri(), 1)
        assert "'of' is no setting; there are off, rules, template. Did you mean 'off'?" in trouble.message

    in_an_editor(story, draft.parent)


def test_a_closed_draft_leaves_nothing_behind(draft):
    async def story(editor):
        uri = draft.as_uri()
        editor.open(uri, DRAFT)
        await editor.diagnostics(uri, 1)
        closing = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        editor.text_document_did_close(closing)
        assert await editor.diagnostics(uri) == ()
        assert await editor.actions(uri, at(0, 27, 31)) == ()

    in_an_editor(story, draft.parent)

"""The language server: reviews a document when it is opened, changed or saved."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from goodword import __version__
from goodword.coach.commands.choosing import asked, chosen_pack
from goodword.coach.commands.terminal import sentence_of
from goodword.coach.drafts import SIDECAR, Draft, Page, review_draft
from goodword.coach.errors import CoachError
from goodword.coach.human import show_rule
from goodword.coach.lsp.advice import OFF, SOURCE, WHY, Advice
from goodword.coach.pack import Pack
from goodword.coach.rule_files import rule_named
from goodword.coach.settings import NAME, Settings, choose, settings_for, switch_off

PAUSE = 0.15  # seconds of stillness before a changed document is read: shorter than a glance


class CoachServer(LanguageServer):
    """Keeps what was last said of each open document."""

    def __init__(self, wanted: Settings) -> None:
        super().__init__("goodword", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.wanted = wanted
        self.advice: dict[str, Advice] = {}

    def review(self, uri: str) -> None:
        """Review an open document and publish what was found."""
        document = self.workspace.get_text_document(uri)
        try:
            self.advice[uri] = self._advice(uri, document.source, document.version)
            found = self.advice[uri].diagnostics()
        except (CoachError, OSError, UnicodeDecodeError) as error:
            self.advice.pop(uri, None)
            found = [_trouble(sentence_of(error))]
        self.publish(uri, found, document.version)

    def publish(self, uri: str, found: list[types.Diagnostic], version: int | None = None) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def pack_for(self, uri: str) -> tuple[Pack, Settings]:
        path = uris.to_fs_path(uri)
        folder = settings_for(Path(path)) if path else Settings()
        settings = folder.joined(self.wanted)
        return choose(settings).pack, settings

    def _advice(self, uri: str, source: str, version: int | None) -> Advice:
        pack, settings = self.pack_for(uri)
        draft = Draft(Page(uri, source), self._customer(uri))
        reviewed = review_draft(draft, pack=pack, template=settings.template, now=datetime.now(UTC))
        return Advice(uri, version, reviewed, self.workspace.position_codec.client_num_units)

    def _customer(self, uri: str) -> Page | None:
        """The customer's message: as it stands in the editor, or else in the file beside the draft."""
        beside = uri + SIDECAR
        if beside in self.workspace.text_documents:
            return Page(beside, self.workspace.get_text_document(beside).source)
        path = uris.to_fs_path(beside)
        if path is None or not Path(path).is_file():
            return None
        return Page(beside, Path(path).read_bytes().decode("utf-8-sig"))

    def open_drafts(self) -> list[str]:
        return [uri for uri in self.workspace.text_documents if is_draft(uri)]


def is_draft(uri: str) -> bool:
    return not uri.endswith((SIDECAR, NAME))


def _trouble(sentence: str) -> types.Diagnostic:
    start = types.Position(0, 0)
    return types.Diagnostic(
        types.Range(start, start), sentence, severity=types.DiagnosticSeverity.Error, source=SOURCE
    )


def opened(server: CoachServer, params: types.DidOpenTextDocumentParams) -> None:
    _reviewed_with(server, params.text_document.uri)


async def changed(server: CoachServer, params: types.DidChangeTextDocumentParams) -> None:
    uri, version = params.text_document.uri, params.text_document.version
    await asyncio.sleep(PAUSE)
    current = server.workspace.text_documents.get(uri)
    if current is not None and current.version == version:
        _reviewed_with(server, uri)


def saved(server: CoachServer, params: types.DidSaveTextDocumentParams) -> None:
    if params.text_document.uri.endswith(NAME):
        for uri in server.open_drafts():
            server.review(uri)
    else:
        _reviewed_with(server, params.text_document.uri)


def closed(server: CoachServer, params: types.DidCloseTextDocumentParams) -> None:
    server.advice.pop(params.text_document.uri, None)
    server.publish(params.text_document.uri, [])


def _reviewed_with(server: CoachServer, uri: str) -> None:
    """Review the document, or where it is a customer's message the draft beside it."""
    draft = uri.removesuffix(SIDECAR)
    if is_draft(draft) and draft in server.workspace.text_documents:
        server.review(draft)


def actions(server: CoachServer, params: types.CodeActionParams) -> list[types.CodeAction | types.Command]:
    advice = server.advice.get(params.text_document.uri)
    return advice.actions(params.range) if advice else []


def hover(server: CoachServer, params: types.HoverParams) -> types.Hover | None:
    advice = server.advice.get(params.text_document.uri)
    return advice.hover(params.position) if advice else None


def why(server: CoachServer, rule: str) -> str:
    """Tell all there is to tell of a rule."""
    packs = [choose(server.wanted).pack, *(advice.reviewed.pack for advice in server.advice.values())]
    known = next((pack for pack in packs if any(one.id == rule for one in pack.rules)), packs[0])
    told = show_rule(rule_named(rule, known.rules))
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, told))
    return told


def off(server: CoachServer, uri: str, rule: str) -> str | None:
    """Switch a rule off for the folder of a document, and review its drafts anew."""
    path = uris.to_fs_path(uri)
    if path is None:
        return None
    rule_named(rule, choose(Settings()).pack.rules + server.pack_for(uri)[0].rules)
    place = switch_off(rule, Path(path).parent)
    for draft in server.open_drafts():
        server.review(draft)
    return str(place)


def serve(args: argparse.Namespace) -> None:
    """Serve one editor over standard input and output, until it says goodbye."""
    wanted = asked(args)
    chosen_pack(wanted)
    server = CoachServer(wanted)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(changed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(saved)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(closed)
    kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)(actions)
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)
    server.command(WHY)(why)
    server.command(OFF)(off)
    server.start_io()

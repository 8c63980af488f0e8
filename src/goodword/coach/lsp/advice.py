"""What the coach says of one document, in the words and positions of the Language Server Protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lsprotocol import types

from goodword.coach.drafts import Reviewed
from goodword.coach.results import Commitment, Finding

SOURCE = "goodword"
WHY, OFF = "goodword.why", "goodword.off"
LEVELS: Mapping[str, types.DiagnosticSeverity] = {
    "stop": types.DiagnosticSeverity.Error,
    "warn": types.DiagnosticSeverity.Warning,
    "hint": types.DiagnosticSeverity.Information,
}
MOST_SUGGESTIONS = 3


@dataclass(frozen=True)
class Advice:
    """A review of the document at `uri`, in its version `version`.

    `units` tells how many of the client's units a piece of text takes (UTF-16 unless agreed otherwise).
    """

    uri: str
    version: int | None
    reviewed: Reviewed
    units: Callable[[str], int]

    def diagnostics(self) -> list[types.Diagnostic]:
        return [self._diagnostic(finding) for finding in self.reviewed.result.findings]

    def actions(self, within: types.Range) -> list[types.CodeAction | types.Command]:
        """What can be done about the findings that touch `within`."""
        found: list[types.CodeAction | types.Command] = []
        for finding in self.reviewed.result.findings:
            if _touch(self._range_of(finding), within):
                found += [*self._edits(finding), *self._commands(finding)]
        return found

    def hover(self, at: types.Position) -> types.Hover | None:
        """Practice, why and better words for what stands at `at`, and what is promised there."""
        parts: list[str] = []
        shown: types.Range | None = None
        here = types.Range(at, at)
        for finding in self.reviewed.result.findings:
            place = self._range_of(finding)
            if _touch(place, here):
                parts.append(_explained(finding))
                shown = shown or place
        for promise in self.reviewed.result.commitments:
            place = self._range(promise.start, promise.end)
            if _touch(place, here):
                parts.append(_promised(promise))
                shown = shown or place
        if shown is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts))
        return types.Hover(content, shown)

    def _diagnostic(self, finding: Finding) -> types.Diagnostic:
        return types.Diagnostic(
            range=self._range_of(finding),
            message=finding.message,
            severity=LEVELS[finding.severity],
            code=finding.rule,
            source=SOURCE,
            related_information=self._related(finding),
            data={"practice": finding.practice, "category": finding.category},
        )

    def _related(self, finding: Finding) -> list[types.DiagnosticRelatedInformation] | None:
        customer = self.reviewed.draft.customer
        if finding.where == "draft" or customer is None:
            return None
        start, end = customer.position(finding.start), customer.position(finding.end)
        place = types.Range(
            types.Position(
                start[0] - 1, self.units(customer.raw[finding.start - start[1] + 1 : finding.start])
            ),
            types.Position(end[0] - 1, self.units(customer.raw[finding.end - end[1] + 1 : finding.end])),
        )
        location = types.Location(customer.name, place)
        return [types.DiagnosticRelatedInformation(location, f"The customer wrote: {finding.quote}")]

    def _edits(self, finding: Finding) -> list[types.CodeAction]:
        made = []
        for number, words in enumerate(finding.suggestions[:MOST_SUGGESTIONS]):
            title, edit = self._edit(finding, words)
            made.append(
                types.CodeAction(
                    title=title,
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[self._diagnostic(finding)],
                    is_preferred=number == 0,
                    edit=self._workspace_edit(edit),
                )
            )
        return made

    def _edit(self, finding: Finding, words: str) -> tuple[str, types.TextEdit]:
        """For something missing the suggestion is a sentence to add, before the reply closes."""
        if finding.where == "draft":
            title = f"Write '{words}'" if words else "Leave it out"
            return title, types.TextEdit(self._range(finding.start, finding.end), words)
        acts = self.reviewed.result.acts
        closing = next((act.start for act in acts if act.act == "closing"), None)
        if closing is not None:
            return f"Add '{words}'", types.TextEdit(self._range(closing, closing), f"{words}\n\n")
        end = len(self.reviewed.draft.page.raw)
        return f"Add '{words}'", types.TextEdit(self._range(end, end), f"\n\n{words}")

    def _workspace_edit(self, edit: types.TextEdit) -> types.WorkspaceEdit:
        document = types.OptionalVersionedTextDocumentIdentifier(uri=self.uri, version=self.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [edit])])

    def _commands(self, finding: Finding) -> list[types.Command]:
        switch = f"Switch '{finding.rule}' off for this folder"
        return [
            types.Command(title=f"Why '{finding.rule}'?", command=WHY, arguments=[finding.rule]),
            types.Command(title=switch, command=OFF, arguments=[self.uri, finding.rule]),
        ]

    def _range_of(self, finding: Finding) -> types.Range:
        """Where a finding shows in the draft; what is missing shows at its first line."""
        if finding.where == "draft":
            return self._range(finding.start, finding.end)
        return self._range(0, self.reviewed.draft.page.line_span(1)[1])

    def _range(self, start: int, end: int) -> types.Range:
        return types.Range(self._position(start), self._position(end))

    def _position(self, offset: int) -> types.Position:
        page = self.reviewed.draft.page
        line, column = page.position(offset)
        return types.Position(line - 1, self.units(page.raw[offset - column + 1 : offset]))


def _touch(one: types.Range, two: types.Range) -> bool:
    return one.start <= two.end and two.start <= one.end


def _explained(finding: Finding) -> str:
    instead = "".join(f"\n- {words or '(leave it out)'}" for words in finding.suggestions[:MOST_SUGGESTIONS])
    return (
        f"**{finding.practice} {finding.rule}** ({finding.severity})\n\n{finding.message}\n\n{finding.why}"
        + (f"\n\nInstead:\n{instead}" if instead else "")
    )


def _promised(promise: Commitment) -> str:
    due = promise.due or promise.due_text or "no time named"
    return f"**Promise** of the {promise.who.replace('_', ' ')}: {' '.join(promise.action.split())} ({due})"

"""The register as a PDF: what was asked for, what it sums up to, and one block for each complaint."""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from goodword.ui.money import say_money

from ..queries import COLUMNS, Entry, Summary
from .sheet import said

PLAIN, BOLD = "Goodword", "Goodword-Bold"
INK, GREY, LINE = colors.HexColor("#26292f"), colors.HexColor("#5d636e"), colors.HexColor("#d6d6d0")
MISSING = "\u25ca"
# What stands in the head of a block; the rest follows below.
HEAD = ("number", "customer", "opened_at", "stage")
LONG = ("what_happened", "wanted", "remedies", "prevention")


def as_pdf(entries: Iterable[Entry], summary: Summary, *, asked: Sequence[tuple[str, str]]) -> bytes:
    """The document; `asked` are the filters in words. It says so where its font lacks letters of it."""
    _fonts()
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=gettext("Register of complaints"),
        author=settings.CONFIG.company_name or "Goodword",
        lang=settings.LANGUAGE_CODE,
    )
    blocks, lost = list[Any](), False
    for entry in entries:
        blocks.extend(_block(entry))
        lost = lost or loses(entry)
    document.build([*_front(summary, asked, lost=lost), *blocks], onFirstPage=_foot, onLaterPages=_foot)
    return file.getvalue()


@cache
def _fonts() -> None:
    pdfmetrics.registerFont(TTFont(PLAIN, "Vera.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))


@cache
def _style(name: str) -> ParagraphStyle:
    sizes = {"title": (16, 20), "head": (9.5, 13), "text": (8, 11), "small": (7, 9)}
    size, leading = sizes[name]
    return ParagraphStyle(
        name,
        fontName=BOLD if name in ("title", "head") else PLAIN,
        fontSize=size,
        leading=leading,
        textColor=GREY if name == "small" else INK,
        alignment=TA_LEFT,
        splitLongWords=1,
    )


def _front(summary: Summary, asked: Sequence[tuple[str, str]], *, lost: bool) -> list[Any]:
    counted = ngettext("%(n)d complaint", "%(n)d complaints", summary.all) % {"n": summary.all}
    sentence = gettext(
        "%(counted)s: %(open)d open, %(closed)d closed, %(late)d late in a stage, %(reopened)d reopened. "
        "Cost in all: %(cost)s."
    ) % {
        "counted": counted,
        "open": summary.open,
        "closed": summary.closed,
        "late": summary.late,
        "reopened": summary.reopened,
        "cost": say_money(summary.cost),
    }
    chosen = "; ".join(f"{name}: {value}" for name, value in asked) or gettext("all complaints")
    note = [_words(_lost(), "small")] if lost else []
    made = timezone.localtime(timezone=timezone.get_default_timezone()).strftime("%Y-%m-%d %H:%M")
    return [
        _words(gettext("Register of complaints"), "title"),
        Spacer(0, 2 * mm),
        _words(sentence, "text"),
        _words(gettext("Shown: %(chosen)s. Made %(when)s.") % {"chosen": chosen, "when": made}, "small"),
        *note,
        Spacer(0, 6 * mm),
    ]


def _block(entry: Entry) -> list[Any]:
    """One complaint: its head, its facts in two columns, its long texts below."""
    headings = {name: str(heading) for name, heading in COLUMNS}
    head = " · ".join(said(getattr(entry, name)) for name in HEAD)
    short = [name for name, _heading in COLUMNS if name not in (*HEAD, *LONG)]
    facts = [
        f"<font color='#5d636e'>{escape(headings[name])}:</font> {escape(_shown(said(getattr(entry, name))))}"
        for name in short
        if said(getattr(entry, name))
    ]
    half = (len(facts) + 1) // 2
    table = Table(
        [
            [
                Paragraph("<br/>".join(facts[:half]), _style("text")),
                Paragraph("<br/>".join(facts[half:]), _style("text")),
            ]
        ],
        colWidths=[87 * mm, 87 * mm],
    )
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    ruled = Table([[_words(head, "head")]], colWidths=[174 * mm])
    ruled.setStyle(
        TableStyle([("LINEABOVE", (0, 0), (-1, 0), 0.5, LINE), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    )
    texts = [
        Paragraph(
            f"<font color='#5d636e'>{escape(headings[name])}:</font> "
            f"{escape(_shown(said(getattr(entry, name)))[:4000]).replace(chr(10), '<br/>')}",
            _style("text"),
        )
        for name in LONG
        if getattr(entry, name)
    ]
    return [KeepTogether([ruled, table]), *texts, Spacer(0, 4 * mm)]


def _words(text: str, style: str) -> Paragraph:
    return Paragraph(escape(_shown(text)), _style(style))


def _shown(text: str) -> str:
    """The text in characters that the font has: without its marks where need be, else a lozenge."""
    known = pdfmetrics.getFont(PLAIN).face.charToGlyph
    return "".join(char if ord(char) in known or char == "\n" else _bare(char, known) for char in text)


def loses(entry: Entry) -> bool:
    """Whether something of it cannot be printed."""
    _fonts()
    known = pdfmetrics.getFont(PLAIN).face.charToGlyph
    words = "".join(said(getattr(entry, name)) for name, _heading in COLUMNS)
    return any(ord(char) not in known and _bare(char, known) == MISSING for char in set(words) - {"\n"})


def _lost() -> str:
    return gettext(
        "This document prints Latin letters only; each other one is shown as %(sign)s. "
        "The table for a spreadsheet has all of them."
    ) % {"sign": MISSING}


def _bare(char: str, known: dict[int, int]) -> str:
    if unicodedata.category(char) in ("Mn", "Cf", "Cc"):
        return " " if char == "\t" else ""
    base = unicodedata.normalize("NFKD", char)
    kept = "".join(part for part in base if ord(part) in known)
    return kept or MISSING


def _foot(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont(PLAIN, 7)
    canvas.setFillColor(GREY)
    canvas.drawString(18 * mm, 10 * mm, _shown(settings.CONFIG.company_name or "Goodword"))
    canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, gettext("Page %(n)d") % {"n": document.page})
    canvas.restoreState()

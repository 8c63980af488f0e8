"""Raw mail to records: `parse(raw) -> ParsedMail`. Pure functions; nothing here knows the database."""

from goodword.mail.parsing.reading import parse
from goodword.mail.parsing.records import (
    NOBODY,
    Address,
    AutoKind,
    Automatic,
    Bounce,
    Claim,
    ParsedMail,
    Part,
    Result,
    Unreadable,
    Verdicts,
)

__all__ = [
    "NOBODY",
    "Address",
    "AutoKind",
    "Automatic",
    "Bounce",
    "Claim",
    "ParsedMail",
    "Part",
    "Result",
    "Unreadable",
    "Verdicts",
    "parse",
]

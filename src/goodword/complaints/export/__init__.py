"""The register on its way out of the house: as a table, and as a document."""

from .document import as_pdf
from .sheet import as_csv

__all__ = ["as_csv", "as_pdf"]

"""Handing out files of strangers so that none of them can act as a page of ours."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# Only these are ever shown in place: raster pictures, which cannot carry a script.
SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
LOCKED = "sandbox; default-src 'none'"


def is_picture(content_type: str) -> bool:
    """Whether a file of this type may be shown in place."""
    return content_type.partition(";")[0].strip().lower() in SHOWN_TYPES


def file_response(data: bytes, *, filename: str, content_type: str, show: bool = False) -> HttpResponse:
    """The file as a download; a raster picture may be shown in place with `show`."""
    shown = show and is_picture(content_type)
    kind = content_type.partition(";")[0].strip().lower() if shown else "application/octet-stream"
    response = HttpResponse(data, content_type=kind)
    name = filename.replace("\r", " ").replace("\n", " ").strip() or "file"
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = LOCKED
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response

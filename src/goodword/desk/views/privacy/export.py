"""Giving a person what we have of them."""

from collections.abc import AsyncIterator
from functools import partial
from typing import IO

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from goodword.customers import access, exporting
from goodword.customers.registry import Asked
from goodword.staff.access import require_lead
from goodword.staff.looking import looked
from goodword.staff.models import Look

from ...pages import AgentRequest, agent_page, page


@require_http_methods(["GET", "POST"])
@agent_page
def export(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Say what is in it; then hand it over, piece by piece."""
    require_lead(request.user)
    found = access.get_customer(request.user, pk)
    if request.method == "GET":
        return page(request, "desk/privacy/export.html", {"customer": found}, section="customers")
    asked = Asked(customer=found, agent=request.user, internal="internal" in request.POST)
    made = exporting.export(asked)
    looked(request.user, Look.How.EXPORT, customer_id=found.pk)
    size = made.seek(0, 2)
    made.seek(0)
    # A server that speaks ASGI would gather what is not asynchronous before it sends any of it.
    handed = isinstance(request, ASGIRequest)
    response = StreamingHttpResponse(
        _pieces(made) if handed else exporting.pieces(made), content_type="application/zip"
    )
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = content_disposition_header(True, f"customer-{found.pk}.zip") or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


async def _pieces(made: IO[bytes]) -> AsyncIterator[bytes]:
    pieces = exporting.pieces(made)
    following = sync_to_async(partial(next, pieces, b""))
    while piece := await following():
        yield piece

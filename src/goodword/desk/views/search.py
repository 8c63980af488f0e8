"""Search over subjects, words, people and numbers."""

from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from goodword.inbox import queries

from ..pages import AgentRequest, agent_page, page


@require_GET
@agent_page
def search(request: AgentRequest) -> HttpResponseBase:
    """What was found, the best first, with the words marked."""
    q = " ".join(request.GET.get("q", "").split())[:300]
    cursor = request.GET.get("cursor") or None
    found = queries.search(request.user, q, cursor=cursor) if q else None
    older = f"?{urlencode({'q': q, 'cursor': found.next_cursor})}" if found and found.next_cursor else ""
    context = {"q": q, "found": found, "older": older, "newer": f"?{urlencode({'q': q})}" if cursor else ""}
    return page(request, "desk/search.html", context, section="inbox")

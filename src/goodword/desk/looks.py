"""How somebody came to what they look at."""

from urllib.parse import urlsplit

from django.urls import reverse

from goodword.staff.models import Look

from .pages import AgentRequest, came_from


def how_opened(request: AgentRequest) -> str:
    """From the search, or in any other way."""
    path = urlsplit(came_from(request, "")).path
    return Look.How.SEARCH if path == reverse("search") else Look.How.PAGE

"""The API's addresses, below `/api/v1/`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from .calls import (
    buying,
    coach,
    complaints,
    conversations,
    customers,
    giving,
    mail,
    promises,
    vouchers,
    working,
)
from .document import RestAPI
from .handling import no_page
from .problems import MEDIA_TYPE, answer

View = Callable[..., HttpResponse]
api = RestAPI()
for room in (conversations, working, giving, customers, buying, promises, complaints, vouchers, coach, mail):
    api.add_router("", room.router)


def with_problems(view: View) -> View:
    """A view whose refusals of a method or an address are problems, too."""

    @csrf_exempt
    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404 as error:
            return no_page(request, error)
        # What an agent may see belongs in no cache on the way.
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code != 405 or response["Content-Type"].startswith(MEDIA_TYPE):
            return response
        allowed = response["Allow"]
        detail = f"{request.method} is not possible here; use {allowed}."
        return answer(405, "method", detail, headers={"Allow": allowed})

    return framed


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Every other address."""
    return no_page(request, Http404())


def _framed() -> tuple[list[URLPattern], str, str]:
    patterns, name, namespace = api.urls
    framed = [
        path(str(pattern.pattern), with_problems(pattern.callback), name=pattern.name)
        for pattern in patterns
        if isinstance(pattern, URLPattern) and pattern.callback is not None
    ]
    return framed, name, namespace


urlpatterns = [path("", _framed()), re_path("", nothing_here)]

"""How customers' pages are shown: behind a signed link, kept nowhere, told to nobody.

They set no cookie and run no script. Whoever holds the link may, so a forged request of another page could do
no more than its sender can do by hand; that is why they need no further token against it (which a browser
that keeps its referrer to itself could not pass either).
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from goodword.kit import links
from goodword.mail.models import Mailbox

from .brand import brand

Rest = ParamSpec("Rest")
Page = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
Numbered = Callable[[HttpRequest, int], HttpResponse]


def own_page(page: "Page[Rest]") -> "Page[Rest]":
    """A page of a customer's own: not kept by browsers and proxies, not found, not told to other sites."""

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(page)
    def shown(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        response = page(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return shown


def linked(purpose: str) -> Callable[[Numbered], Callable[..., HttpResponse]]:
    """A page behind a link of `kit.links.sign(purpose, number)`, at an address with `<str:token>`.

    The view is given the number. What the link no longer opens gets a page that says so, and what to do.
    """

    def behind(page: Numbered) -> Callable[..., HttpResponse]:
        @own_page
        @wraps(page)
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            try:
                number = links.read(purpose, token)
            except links.Expired:
                return show(request, "portal/expired.html", {}, status=410)
            except links.Unusable:
                return broken(request)
            return page(request, number)

        return opened

    return behind


def broken(request: HttpRequest) -> HttpResponse:
    """The page for a link that opens nothing, or nothing any more."""
    return show(request, "portal/broken.html", {}, status=404)


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    mailbox: Mailbox | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page in the company's name; `mailbox` names it where no name is set."""
    return render(request, template, {"brand": brand(mailbox), **context}, status=status)

"""The company's colour and logo, for the customers' pages."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from goodword.kit.config import PICTURES

from ..brand import style_sheet

SECONDS = 3_600


@require_safe
@cache_control(max_age=SECONDS, public=True)
def colours(request: HttpRequest) -> HttpResponse:
    """The company's colour as a style sheet; an empty one where none is set."""
    colour = settings.CONFIG.company_colour
    return HttpResponse(style_sheet(colour) if colour else "", content_type="text/css; charset=utf-8")


@require_safe
@cache_control(max_age=SECONDS, public=True)
def logo(request: HttpRequest) -> HttpResponseBase:
    """The company's logo."""
    path = settings.CONFIG.company_logo
    if path is None or not path.is_file():
        raise Http404
    # Opened by itself, a drawing is a page of this address: nothing in it may run or be fetched.
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return FileResponse(path.open("rb"), content_type=PICTURES[path.suffix.lower()], headers=headers)

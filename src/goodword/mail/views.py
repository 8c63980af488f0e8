"""Where recipients say that they want no more mail of a kind. The signed link is all that is asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from goodword.mail import suppressions
from goodword.mail.models import Suppression
from goodword.mail.unsubscribing import Wish, read

UNSUBSCRIBED = Suppression.Reason.UNSUBSCRIBED


@csrf_exempt  # a mail program posts here by itself (RFC 8058), and whoever holds the link may
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button; a POST unsubscribes at once. Nothing changes by looking."""
    wish = read(token)
    if wish is None:
        return _page(request, None, status=404)
    if request.method == "POST":
        topic = "" if request.POST.get("what") == "all" else wish.topic
        suppressions.suppress(address=wish.address, reason=UNSUBSCRIBED, topic=topic)
    return _page(request, wish, token=token)


@csrf_exempt  # see above
@never_cache
@require_POST
def unsubscribe_undo(request: HttpRequest, token: str) -> HttpResponse:
    """Take the wish back, as far as it was made by such a link."""
    wish = read(token)
    if wish is None:
        return _page(request, None, status=404)
    for topic in {wish.topic, ""}:
        suppressions.lift(address=wish.address, topic=topic, reason=UNSUBSCRIBED)
    return _page(request, wish, token=token, undone=True)


def _page(
    request: HttpRequest, wish: Wish | None, *, token: str = "", undone: bool = False, status: int = 200
) -> HttpResponse:
    against = suppressions.suppressed([wish.address], wish.topic) if wish else {}
    context = {
        "wish": wish,
        "token": token,
        "undone": undone,
        "done": bool(against),
        "all_done": any(one.topic == "" for one in against.values()),
        # What an agent entered, or a server said, is not taken back by a link.
        "can_undo": any(one.reason == UNSUBSCRIBED for one in against.values()),
    }
    return render(request, "mail/unsubscribe.html", context, status=status)

"""The customer says whether all is well after a remedy. Looking changes nothing; mail programs look, too."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from goodword.complaints import actions
from goodword.complaints.letters import FOLLOW_UP
from goodword.complaints.models import FollowUp
from goodword.complaints.queries.choosing import follow_up_of, remedies_shown

from ..pages import broken, linked, show

WELL, NOT_YET = "well", "not-yet"
WORDS_LENGTH = 5_000


@linked(FOLLOW_UP)
def follow_up(request: HttpRequest, number: int) -> HttpResponse:
    """Two links of one mail lead here; one button says it."""
    try:
        found = follow_up_of(number)
    except FollowUp.DoesNotExist:
        return broken(request)
    given = request.POST if request.method == "POST" else request.GET
    said = given.get("all", "")
    if request.method == "POST" and said in (WELL, NOT_YET):
        words = request.POST.get("words", "")[:WORDS_LENGTH]
        actions.answer_follow_up(follow_up=found, is_content=said == WELL, words=words)
        return HttpResponseRedirect(request.path, status=303)
    context = {
        "follow_up": found,
        "complaint": found.complaint,
        "said": said if said in (WELL, NOT_YET) else "",
        "remedies": remedies_shown(found.complaint),
        "answered": found.answered_at is not None and said != NOT_YET,
    }
    mailbox = found.complaint.conversation.mailbox
    return show(request, "portal/follow_up.html", context, mailbox=mailbox)

"""Wording the team uses again."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.inbox.models import SavedReply

from ..forms.settings import SavedReplyForm
from ..pages import AgentRequest, SeeOther, agent_page, page


@require_GET
@agent_page
def saved_replies(request: AgentRequest) -> HttpResponseBase:
    """All of them, by name."""
    replies = SavedReply.objects.select_related("by").order_by("name")
    return page(
        request, "desk/saved_replies.html", {"replies": replies, "tab": "saved_replies"}, section="settings"
    )


@require_http_methods(["GET", "POST"])
@agent_page
def saved_reply(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """Write a new one, or change one."""
    reply = SavedReply.objects.get(pk=pk) if pk else SavedReply()
    form = SavedReplyForm(request.POST or None, reply=reply)
    if request.method == "POST" and form.is_valid():
        name = form.save(by=request.user).name
        messages.success(request, _("'%(name)s' is saved.") % {"name": name})
        return SeeOther(reverse("saved_replies"))
    context = {"form": form, "reply": reply, "pk": pk, "tab": "saved_replies"}
    return page(
        request, "desk/saved_reply.html", context, section="settings", status=422 if form.errors else 200
    )


@require_POST
@agent_page
def saved_reply_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take one away; a second click finds it gone and is harmless."""
    SavedReply.objects.filter(pk=pk).delete()
    messages.success(request, _("The saved reply is removed."))
    return SeeOther(reverse("saved_replies"))

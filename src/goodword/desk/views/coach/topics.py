"""What customers write about, and which details an answer needs."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.coaching import access, actions, tailoring
from goodword.coaching.forms import TopicForm
from goodword.coaching.models import Topic
from goodword.staff.access import require_lead
from goodword.staff.models import Team

from ...pages import AgentRequest, SeeOther, agent_page
from .scope import coach_page, scope_of, team_of


@require_GET
@agent_page
def topics(request: AgentRequest, scope: str) -> HttpResponseBase:
    """The team's topics, and the coach's own."""
    team = team_of(request.user, scope)
    called = tailoring.details()
    rows = list(tailoring.of_team(Topic, team.pk if team else None).select_related("by"))
    own = {row.name.lower(): row for row in rows}
    standard = tailoring.standard_topics()
    context = {
        "own": [
            {"topic": row, "details": [called.get(kind, kind) for kind in row.details]}
            for row in own.values()
            if not row.off
        ],
        "standard": [
            {
                "topic": topic,
                "row": own.get(name),
                "details": [called.get(kind, kind) for kind in topic.details],
            }
            for name, topic in standard.items()
            if name not in own or own[name].off
        ],
    }
    return coach_page(request, "desk/coach/topics.html", team, context, part="topics")


@require_http_methods(["GET", "POST"])
@agent_page
def topic_new(request: AgentRequest, scope: str) -> HttpResponseBase:
    """A topic that the coach does not know yet."""
    team = team_of(request.user, scope)
    return _edit(request, team, TopicForm(request.POST or None), title=_("A new topic"))


@require_http_methods(["GET", "POST"])
@agent_page
def topic(request: AgentRequest, scope: str, pk: int) -> HttpResponseBase:
    """Change a topic of the team."""
    found = access.get_for_change(request.user, Topic, pk)
    form = TopicForm(request.POST or None, topic=found)
    removal = reverse("coach_topic_removal", args=[scope, pk])
    return _edit(request, found.team, form, title=found.name, topic=found, removal=removal)


@require_http_methods(["GET", "POST"])
@agent_page
def standard(request: AgentRequest, scope: str, name: str) -> HttpResponseBase:
    """Change a topic of the coach's own for this team; its words stay, more can be added."""
    team = team_of(request.user, scope)
    known = tailoring.standard_topics().get(name)
    if known is None:
        raise Http404
    return _edit(request, team, TopicForm(request.POST or None, topic=known), title=name.capitalize())


@require_POST
@agent_page
def leave_out(request: AgentRequest, scope: str, name: str) -> HttpResponseBase:
    """The coach asks for nothing any more in this matter."""
    team = team_of(request.user, scope)
    if name not in tailoring.standard_topics():
        raise Http404
    actions.leave_out_topic(by=request.user, team=team, name=name)
    messages.success(request, _("Left out. The coach asks for nothing in this matter."))
    return SeeOther(reverse("coach_topics", args=[scope]))


@require_POST
@agent_page
def removal(request: AgentRequest, scope: str, pk: int) -> HttpResponseBase:
    """Take the team's topic away; the coach's own of that name holds again."""
    team_of(request.user, scope)
    found = access.get_for_change(request.user, Topic, pk)
    actions.remove_topic(by=request.user, topic=found)
    messages.success(request, _("Done. The standard holds again."))
    return SeeOther(reverse("coach_topics", args=[scope_of(found.team_id)]))


def _edit(
    request: AgentRequest,
    team: Team | None,
    form: TopicForm,
    *,
    title: str,
    topic: Topic | None = None,
    removal: str = "",
) -> HttpResponseBase:
    require_lead(request.user)
    back = reverse("coach_topics", args=[scope_of(team.pk if team else None)])
    if request.method == "POST" and form.is_valid():
        saved = form.save(by=request.user, team=team, topic=topic)
        if saved:
            messages.success(request, _("'%(name)s' is saved.") % {"name": saved.name})
            return SeeOther(back)
    context = {
        "form": form,
        "title": title,
        "back": back,
        "removal": removal,
        "removal_ask": _("Remove this topic? What the coach knows of itself holds again."),
    }
    return coach_page(request, "desk/coach/form.html", team, context, part="topics")

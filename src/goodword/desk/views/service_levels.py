"""Service levels: listed with what they would hold for, made, changed, put in order."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.inbox import actions
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import ServiceLevel
from goodword.inbox.queries.levels import LOOKED_AT, fitting
from goodword.staff.access import require_lead

from ..durations import DAY, words_of, working_day
from ..forms import conditions as condition_rows
from ..forms.service_levels import ServiceLevelForm, filled
from ..pages import AgentRequest, SeeOther, agent_page, page, part

KINDS = (
    ("first_reply", gettext_lazy("first reply within %(span)s")),
    ("next_reply", gettext_lazy("each further reply within %(span)s")),
    ("resolution", gettext_lazy("solved within %(span)s")),
)


@require_GET
@agent_page
def service_levels(request: AgentRequest) -> HttpResponseBase:
    """All of them in their order; the first that fits a conversation holds."""
    require_lead(request.user)
    levels = list(ServiceLevel.objects.all())
    counts, looked = fitting([level for level in levels if level.is_on], request.user)
    day = working_day()
    shown = [_shown(level, counts.get(level.pk), day) for level in levels]
    context = {"levels": shown, "looked_at": looked if looked >= LOOKED_AT else 0, "tab": "service_levels"}
    return page(request, "desk/service/levels.html", context, section="settings")


@require_http_methods(["GET", "POST"])
@agent_page
def service_level(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """One level, or a new one; with `dry` nothing is kept, and the answer says what it would hold for."""
    require_lead(request.user)
    level = ServiceLevel.objects.get(pk=pk) if pk is not None else None
    form = ServiceLevelForm(request.POST or None, initial=filled(level))
    rows = (
        condition_rows.sent(request.POST)
        if request.method == "POST"
        else condition_rows.shown(_conditions(level))
    )
    if request.method == "POST":
        try:
            conditions = condition_rows.read(request.POST)
            if "dry" in request.POST:
                return _dry(request, level, conditions)
            if form.is_valid():
                actions.save_level(by=request.user, given=form.new_level(conditions), level=level)
                messages.success(request, _("Saved. Open conversations go by it within seconds."))
                return SeeOther(reverse("service_levels"))
        except NotPossible as error:
            if "dry" in request.POST:
                return part(request, "desk/service/dry.html", {"error": str(error)})
            form.is_valid()
            form.add_error(None, str(error))
    context = {"form": form, "level": level, "conditions": rows, "tab": "service_levels"}
    status = 422 if form.errors else 200
    return page(request, "desk/service/level.html", context, section="settings", status=status)


@require_POST
@agent_page
def service_level_place(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One up or down in the order."""
    require_lead(request.user)
    numbers = list(ServiceLevel.objects.values_list("pk", flat=True))
    place = numbers.index(ServiceLevel.objects.get(pk=pk).pk)
    other = place + (-1 if request.POST.get("to") == "up" else 1)
    if 0 <= other < len(numbers):
        numbers[place], numbers[other] = numbers[other], numbers[place]
        actions.order_levels(by=request.user, numbers=numbers)
    return SeeOther(reverse("service_levels"))


@require_POST
@agent_page
def service_level_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take it away; what it measured stays."""
    actions.remove_level(by=request.user, level=ServiceLevel.objects.get(pk=pk))
    messages.success(request, _("Removed. What it measured stays in the report."))
    return SeeOther(reverse("service_levels"))


def _conditions(level: ServiceLevel | None) -> dict[str, Any]:
    return level.conditions if level else {}


def _shown(level: ServiceLevel, count: int | None, day: int) -> dict[str, Any]:
    unit = day if level.working_hours else DAY
    spans = [(said, words_of(getattr(level, kind), day=unit)) for kind, said in KINDS]
    return {
        "level": level,
        "conditions": condition_rows.in_words(level.conditions),
        "targets": ", ".join(said % {"span": span} for said, span in spans if span),
        "count": count,
    }


def _dry(request: AgentRequest, level: ServiceLevel | None, conditions: dict[str, Any]) -> HttpResponseBase:
    """How many open conversations it would hold for, those before it in the order left out."""
    tried = ServiceLevel(pk=0, name="", conditions=conditions)
    others = ServiceLevel.objects.filter(is_on=True)
    before = [one for one in others if level is None or one.order < level.order]
    counts, looked = fitting([*before, tried], request.user)
    held = sum(count for pk, count in counts.items() if pk != 0)
    return part(
        request, "desk/service/dry.html", {"count": counts[0], "looked": looked, "before": bool(held)}
    )

"""Settings › Authority: the levels, and who has which; administrators set them."""

import tomllib
from decimal import Decimal
from importlib.resources import files

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.staff import authority
from goodword.staff.access import require_administrator
from goodword.staff.models import Agent, AuthorityLevel
from goodword.staff.queries import at_work

from ...forms.authority import LevelForm
from ...pages import AgentRequest, Refused, SeeOther, agent_page, page


@require_GET
@agent_page
def levels(request: AgentRequest) -> HttpResponseBase:
    """Every level with its limits, and everybody with theirs."""
    require_administrator(request.user)
    known = authority.levels()
    context = {
        "tab": "authority",
        "levels": [(level, level.agents.filter(is_active=True).count()) for level in known],
        "agents": [(agent, authority.level_of(agent, known)) for agent in at_work()],
    }
    return page(request, "desk/goodwill/authority.html", context, section="settings")


@require_http_methods(["GET", "POST"])
@agent_page
def level(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """Add a level above all others, or change one."""
    require_administrator(request.user)
    found = authority.get_level(request.user, pk) if pk else None
    if request.method == "POST":
        form = LevelForm(request.POST)
    else:
        form = LevelForm.of(found) if found else LevelForm()
    if request.method == "POST" and form.is_valid() and (saved := form.save(by=request.user, level=found)):
        messages.success(request, _("%(name)s is saved.") % {"name": saved.name})
        return SeeOther(reverse("authority"))
    context = {"tab": "authority", "form": form, "level": found}
    status = 422 if form.errors else 200
    return page(request, "desk/goodwill/level.html", context, section="settings", status=status)


@require_POST
@agent_page
def move(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One place up or down."""
    found = authority.get_level(request.user, pk)
    authority.move_level(by=request.user, level=found, up=request.POST.get("to") == "up")
    return SeeOther(reverse("authority"))


@require_POST
@agent_page
def removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a level away that nobody has."""
    authority.remove_level(by=request.user, level=authority.get_level(request.user, pk))
    messages.success(request, _("The level is gone."))
    return SeeOther(reverse("authority"))


@require_POST
@agent_page
def people(request: AgentRequest) -> HttpResponseBase:
    """Who has which level: the field `level-7` is the level of agent 7."""
    require_administrator(request.user)
    known = {str(one.pk): one for one in authority.levels()}
    with transaction.atomic():
        for agent in at_work():
            wanted = request.POST.get(f"level-{agent.pk}")
            if wanted is not None:
                _give(request.user, agent, known, wanted)
    messages.success(request, _("Saved."))
    return SeeOther(reverse("authority"))


@require_POST
@agent_page
def usual(request: AgentRequest) -> HttpResponseBase:
    """Begin with three levels such as many houses have, where there is none yet."""
    require_administrator(request.user)
    with transaction.atomic():
        if not authority.levels():
            for name, limits in _usual():
                authority.add_level(by=request.user, name=name, **limits)
    messages.success(request, _("Three levels are there. Change what does not suit you."))
    return SeeOther(reverse("authority"))


def _give(by: Agent, agent: Agent, known: dict[str, AuthorityLevel], wanted: str) -> None:
    if wanted and wanted not in known:
        raise Refused(_("That level is gone meanwhile. Load the page again."))
    authority.give_level(by=by, agent=agent, level=known.get(wanted))


def _usual() -> list[tuple[str, dict[str, Decimal | None]]]:
    """The names and limits that a house may begin with, the lowest first."""
    told = tomllib.loads((files("goodword.staff") / "levels.toml").read_text("utf-8"))
    return [
        (one["name"], {key: Decimal(one[key]) if key in one else None for key in authority.LIMITS})
        for one in told["level"]
    ]

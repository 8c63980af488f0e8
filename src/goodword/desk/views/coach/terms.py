"""The team's own words, and what it says instead of others."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from goodword.coaching import access, actions
from goodword.coaching.forms import TermForm, TermsForm
from goodword.coaching.models import Term
from goodword.coaching.tailoring import of_team
from goodword.staff.access import require_lead
from goodword.staff.models import Team

from ...pages import AgentRequest, SeeOther, agent_page
from .scope import coach_page, scope_of, team_of


@require_http_methods(["GET", "POST"])
@agent_page
def terms(request: AgentRequest, scope: str) -> HttpResponseBase:
    """All words; a lead adds one at the top."""
    team = team_of(request.user, scope)
    form = TermForm(request.POST or None)
    if request.method == "POST":
        require_lead(request.user)
        if form.is_valid() and (term := form.save(by=request.user, team=team)):
            messages.success(request, _("'%(words)s' is kept.") % {"words": term.words})
            return SeeOther(request.path)
    return _page(request, team, form, TermsForm())


@require_POST
@agent_page
def terms_import(request: AgentRequest, scope: str) -> HttpResponseBase:
    """Many words at once; lines that are not understood stay in the form, with the reason."""
    team = team_of(request.user, scope)
    require_lead(request.user)
    form = TermsForm(request.POST)
    done = form.save(by=request.user, team=team) if form.is_valid() else None
    if done is None:
        return _page(request, team, TermForm(), form)
    if done.added:
        said = ngettext("One word is new.", "%(n)s words are new.", done.added)
        messages.success(request, said % {"n": done.added})
    elif not done.refused:
        messages.info(request, _("All of these were here already."))
    for sentence in done.refused:
        form.add_error("text", sentence)
    if form.errors:
        return _page(request, team, TermForm(), form)
    return SeeOther(reverse("coach_terms", args=[scope]))


@require_POST
@agent_page
def removal(request: AgentRequest, scope: str, pk: int) -> HttpResponseBase:
    """Take one away."""
    team_of(request.user, scope)
    term = access.get_for_change(request.user, Term, pk)
    actions.remove_term(by=request.user, term=term)
    messages.success(request, _("'%(words)s' is removed.") % {"words": term.words})
    return SeeOther(reverse("coach_terms", args=[scope_of(term.team_id)]))


def _page(request: AgentRequest, team: Team | None, form: TermForm, lines: TermsForm) -> HttpResponseBase:
    found = list(of_team(Term, team.pk if team else None).select_related("by"))
    found.sort(key=lambda term: term.words.lower())
    context = {
        "form": form if not lines.errors else lines,
        "word_form": form,
        "lines_form": lines,
        "parts": [
            {"instead": True, "rows": [term for term in found if term.instead]},
            {"instead": False, "rows": [term for term in found if not term.instead]},
        ],
        "some": bool(found),
    }
    return coach_page(request, "desk/coach/terms.html", team, context, part="terms")

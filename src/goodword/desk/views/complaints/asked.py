"""What the views about complaints share: valid forms, verbs that go back to the case, and answers."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponseBase
from django.urls import reverse

from goodword.complaints import access
from goodword.complaints.models import Complaint

from ...pages import AgentRequest, Refused, go_back

AnyForm = TypeVar("AnyForm", bound=BaseForm)


def valid(form: AnyForm) -> AnyForm:
    """The form itself; raises Refused with all that is wrong with it."""
    if not form.is_valid():
        named = [
            f"{form.fields[name].label}: {' '.join(map(str, errors))}"
            if name in form.fields
            else " ".join(map(str, errors))
            for name, errors in form.errors.items()
        ]
        raise Refused(" ".join(named))
    return form


def case_url(pk: int, anchor: str = "") -> str:
    """The page of a complaint, perhaps at one of its parts."""
    return reverse("complaint", args=[pk]) + (f"#{anchor}" if anchor else "")


def done(request: AgentRequest, pk: int, said: str = "", anchor: str = "") -> HttpResponseBase:
    """Back to the case with a word."""
    if said:
        messages.success(request, said)
    return go_back(request, case_url(pk, anchor))


def on_case(
    request: AgentRequest, pk: int, act: Callable[[Complaint], Any], said: str = "", anchor: str = ""
) -> HttpResponseBase:
    """Do something to a complaint the agent may see, then back to its page."""
    act(access.get_complaint(request.user, pk))
    return done(request, pk, said, anchor)

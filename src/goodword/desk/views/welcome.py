"""First steps in an empty installation."""

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goodword.mail.models import Mailbox
from goodword.staff.forms import FirstAdministratorForm
from goodword.staff.models import Agent
from goodword.staff.queries import nobody_yet

from ..forms.account import CompanyForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponseBase:
    """Ask for company, mailbox and first administrator; gone as soon as there is somebody."""
    if not nobody_yet():
        return redirect("inbox")
    company, person = CompanyForm(request.POST or None), FirstAdministratorForm(request.POST or None)
    if request.method == "POST" and company.is_valid() and person.is_valid():
        agent = _set_up(company, person)
        if agent is not None:
            login(request, agent, backend=BACKEND)
            said = _("The desk is yours. Send a mail to %(address)s and watch it arrive.")
            messages.success(request, said % {"address": company.cleaned_data["mailbox"]})
            return redirect("inbox")
    status = 422 if company.errors or person.errors else 200
    return render(request, "desk/welcome.html", {"company": company, "person": person}, status=status)


@transaction.atomic
def _set_up(company: CompanyForm, person: FirstAdministratorForm) -> Agent | None:
    """All of it or nothing."""
    agent = person.save()
    if agent is not None:
        given = company.cleaned_data
        # A mail that came in before anybody set the desk up has made a mailbox for its address already.
        Mailbox.objects.update_or_create(address=given["mailbox"], defaults={"name": given["company"]})
    return agent

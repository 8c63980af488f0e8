"""Settings about customers: the company's own fields, and shops that bring their own news."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.customers import actions
from goodword.customers.actions import CustomerError
from goodword.customers.forms import FieldForm, ShopForm
from goodword.customers.models import CustomField, Shop
from goodword.staff.access import require_administrator

from ...pages import AgentRequest, SeeOther, agent_page, page


@require_http_methods(["GET", "POST"])
@agent_page
def own_fields(request: AgentRequest) -> HttpResponseBase:
    """The company's own fields, and a new one."""
    require_administrator(request.user)
    form = FieldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _made(request, form):
        return SeeOther(request.path)
    rows = CustomField.objects.order_by("subject", "retired_at", "order", "id")
    context = {"form": form, "rows": rows, "tab": "own_fields"}
    status = 422 if form.errors else 200
    return page(request, "desk/own_fields.html", context, section="settings", status=status)


def _made(request: AgentRequest, form: FieldForm) -> bool:
    given = form.cleaned_data
    try:
        actions.add_field(
            agent=request.user,
            subject=given["subject"],
            label=given["label"],
            kind=given["kind"],
            choices=form.lines(),
        )
    except CustomerError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("%(name)s stands in every record now.") % {"name": given["label"]})
    return True


@require_http_methods(["GET", "POST"])
@agent_page
def own_field(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Change a field's name, list or place."""
    require_administrator(request.user)
    field = CustomField.objects.get(pk=pk)
    form = FieldForm(request.POST if request.method == "POST" else None, field=field)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_field(
                field=field,
                agent=request.user,
                label=form.cleaned_data["label"],
                choices=form.lines(),
                order=form.cleaned_data["order"],
            )
        except CustomerError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return SeeOther(reverse("own_fields"))
    context = {"form": form, "title": field.label, "tab": "own_fields"}
    status = 422 if form.errors else 200
    return page(request, "desk/settings_form.html", context, section="settings", status=status)


@require_POST
@agent_page
def own_field_retirement(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Show a field no more, or again."""
    field = CustomField.objects.get(pk=pk)
    back = request.POST.get("back") == "yes"
    actions.retire_field(field=field, agent=request.user, back=back)
    return SeeOther(reverse("own_fields"))


@require_http_methods(["GET", "POST"])
@agent_page
def shops(request: AgentRequest) -> HttpResponseBase:
    """Shops that bring their own news; a new one's secret is shown once."""
    require_administrator(request.user)
    form = ShopForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            shop, secret = actions.add_shop(agent=request.user, name=form.cleaned_data["name"])
        except CustomerError as error:
            form.add_error("name", str(error))
        else:
            return _shops(request, ShopForm(), shop=shop, secret=secret)
    return _shops(request, form, status=422 if form.errors else 200)


@require_POST
@agent_page
def shop_secret(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Another secret."""
    shop = Shop.objects.get(pk=pk)
    secret = actions.renew_secret(agent=request.user, shop=shop)
    return _shops(request, ShopForm(), shop=shop, secret=secret)


@require_POST
@agent_page
def shop_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take nothing more from a shop."""
    actions.remove_shop(agent=request.user, shop=Shop.objects.get(pk=pk))
    return SeeOther(reverse("shops"))


def _shops(
    request: AgentRequest, form: ShopForm, *, shop: Shop | None = None, secret: str = "", status: int = 200
) -> HttpResponseBase:
    where = request.build_absolute_uri("/hooks/shop/")
    rows = Shop.objects.order_by("name")
    context = {"form": form, "rows": rows, "where": where, "shop": shop, "secret": secret, "tab": "shops"}
    return page(request, "desk/shops.html", context, section="settings", status=status)

"""The addresses of the pages about a customer's record."""

from django.urls import path

from .views.customers import bought, files, joining, page, record, set_up

urlpatterns = [
    path("customers/<int:pk>/edit/", record.edit, name="customer_edit"),
    path("customers/<int:pk>/timeline/", page.timeline, name="customer_timeline"),
    path("customers/<int:pk>/phones/", record.phone, name="customer_phone"),
    path("customers/phones/<int:pk>/remove/", record.phone_removal, name="customer_phone_removal"),
    path("customers/<int:pk>/handles/", record.handle, name="customer_handle"),
    path("customers/handles/<int:pk>/remove/", record.handle_removal, name="customer_handle_removal"),
    path("customers/<int:pk>/consent/", record.consent, name="customer_consent"),
    path("customers/<int:pk>/purchases/new/", bought.purchase_new, name="customer_purchase_new"),
    path("customers/purchases/<int:pk>/", bought.purchase, name="customer_purchase"),
    path("customers/purchases/<int:pk>/remove/", bought.purchase_removal, name="customer_purchase_removal"),
    path("customers/<int:pk>/subscriptions/new/", bought.subscription_new, name="customer_subscription_new"),
    path("customers/subscriptions/<int:pk>/", bought.subscription, name="customer_subscription"),
    path(
        "customers/subscriptions/<int:pk>/remove/",
        bought.subscription_removal,
        name="customer_subscription_removal",
    ),
    path("customers/<int:pk>/join/", joining.join, name="customer_join"),
    path("customers/joinings/<int:pk>/undo/", joining.part, name="customer_part"),
    path("customers/duplicates/", joining.duplicates, name="customer_duplicates"),
    path("customers/duplicates/different/", joining.not_the_same, name="customer_not_the_same"),
    path("customers/organisations/<int:pk>/", record.organisation, name="organisation"),
    path("customers/files/", files.imports, name="customer_imports"),
    path("customers/files/<int:pk>/", files.one_import, name="customer_import"),
    path("settings/fields/", set_up.own_fields, name="own_fields"),
    path("settings/fields/<int:pk>/", set_up.own_field, name="own_field"),
    path("settings/fields/<int:pk>/retire/", set_up.own_field_retirement, name="own_field_retirement"),
    path("settings/shops/", set_up.shops, name="shops"),
    path("settings/shops/<int:pk>/secret/", set_up.shop_secret, name="shop_secret"),
    path("settings/shops/<int:pk>/remove/", set_up.shop_removal, name="shop_removal"),
]

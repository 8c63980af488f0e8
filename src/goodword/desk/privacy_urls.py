"""The addresses of the pages that give a person what we have of them, and erase them."""

from django.urls import path

from .views.privacy import erase, export

urlpatterns = [
    path("customers/<int:pk>/export/", export.export, name="customer_export"),
    path("customers/<int:pk>/erase/", erase.erase, name="customer_erase"),
    path("settings/erased/", erase.erasures, name="erasures"),
]

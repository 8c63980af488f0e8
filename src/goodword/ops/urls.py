"""Where each room's pages begin."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]

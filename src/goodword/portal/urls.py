"""The addresses of the customers' pages: each behind a signed link."""

from django.urls import URLPattern, path

from .views import look

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("colours.css", look.colours, name="colours"),
    path("logo", look.logo, name="logo"),
]

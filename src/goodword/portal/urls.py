"""The addresses of the customers' pages: each behind a signed link, but for the public form."""

from django.urls import URLPattern, path

from .views import choice, complaint, follow_up, look, promises

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("colours.css", look.colours, name="colours"),
    path("logo", look.logo, name="logo"),
    path("choice/<str:token>", choice.choice, name="choice"),
    path("promises/<str:token>", promises.promises, name="promises"),
    path("well/<str:token>", follow_up.follow_up, name="follow_up"),
    path("complaint/", complaint.complaint_form, name="complaint_form"),
    path("complaint/<str:token>", complaint.complaint, name="complaint"),
]

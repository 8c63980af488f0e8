"""The addresses of the pages about routing, escalations and calls."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""The addresses of the pages about goodwill."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

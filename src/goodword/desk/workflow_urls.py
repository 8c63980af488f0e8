"""The addresses of the pages about automation and check-ins."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""The addresses of the customers' pages: each behind a signed link."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""The addresses of the pages about service levels."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

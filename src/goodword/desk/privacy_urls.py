"""The addresses of the pages about privacy."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

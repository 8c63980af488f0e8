"""The addresses of the pages about a customer's record."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

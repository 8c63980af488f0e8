"""The addresses of the pages about reports about promises and working hours."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

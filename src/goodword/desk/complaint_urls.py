"""The addresses of the pages about complaints."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

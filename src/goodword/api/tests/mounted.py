"""The API alone, where the whole house has it."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("goodword.api.urls"))]

"""The addresses that shops call, below `/hooks/shop/`."""

from django.urls import path

from .shops import shop

urlpatterns = [path("<slug:name>", shop), path("<slug:name>/", shop)]

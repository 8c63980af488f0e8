"""Where each room's pages begin."""

from django.urls import include, path

from .health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/", include("goodword.api.urls")),
    path("hooks/mail/", include("goodword.api.hooks.urls")),
    path("hooks/shop/", include("goodword.api.hooks.shop_urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("goodword.mail.urls")),
    path("yours/", include("goodword.portal.urls")),
    path("", include("goodword.desk.urls")),
]

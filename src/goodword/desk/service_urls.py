"""The addresses of the pages about service levels."""

from django.urls import path

from .views import service_levels, service_report

urlpatterns = [
    path("settings/service-levels/", service_levels.service_levels, name="service_levels"),
    path("settings/service-levels/new/", service_levels.service_level, name="service_level_new"),
    path("settings/service-levels/<int:pk>/", service_levels.service_level, name="service_level"),
    path(
        "settings/service-levels/<int:pk>/place/",
        service_levels.service_level_place,
        name="service_level_place",
    ),
    path(
        "settings/service-levels/<int:pk>/remove/",
        service_levels.service_level_removal,
        name="service_level_removal",
    ),
    path("conversations/<int:pk>/priority/", service_report.priority, name="priority"),
    path("service-report/", service_report.service_report, name="service_report"),
    path(
        "service-report/<slug:kind>/<slug:outcome>/",
        service_report.service_report_rows,
        name="service_report_rows",
    ),
]

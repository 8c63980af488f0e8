"""The addresses of the report of promises and of working hours."""

from django.urls import URLPattern, path

from .views import hours, promise_deeds, promise_report

urlpatterns: list[URLPattern] = [
    path(
        "promises/<int:pk>/condition/<slug:state>/", promise_deeds.promise_condition, name="promise_condition"
    ),
    path("promises/<int:pk>/customer/tell/", promise_deeds.promise_tell, name="promise_tell"),
    path("promises/<int:pk>/customer/told/", promise_deeds.promise_told, name="promise_told"),
    path("promises/<int:pk>/team/change/", promise_deeds.promise_team, name="promise_team"),
    path("reports/promises/", promise_report.promise_report, name="promise_report"),
    path("reports/promises/rows/", promise_report.promise_report_rows, name="promise_report_rows"),
    path("settings/hours/", hours.hours, name="hours"),
    path("settings/hours/house/", hours.hours_of, name="house_hours"),
    path("settings/hours/house/holidays/", hours.hours_holidays, name="house_holidays"),
    path("settings/hours/teams/<int:pk>/", hours.hours_of, name="team_hours"),
    path("settings/hours/teams/<int:pk>/holidays/", hours.hours_holidays, name="team_holidays"),
    path(
        "settings/hours/holidays/<int:pk>/remove/",
        hours.hours_holiday_removal,
        name="hours_holiday_removal",
    ),
]

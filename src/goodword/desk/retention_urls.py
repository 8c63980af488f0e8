"""The addresses of the pages about what is kept, what is on hold, and who looked."""

from django.urls import path

from .views.privacy import holds, looks, retention

urlpatterns = [
    path("settings/keeping/", retention.keeping, name="keeping"),
    path("settings/keeping/times/", retention.keeping_times, name="keeping_times"),
    path("settings/keeping/new/", retention.keeping_rule, name="keeping_rule_new"),
    path("settings/keeping/<int:pk>/", retention.keeping_rule, name="keeping_rule"),
    path("settings/keeping/<int:pk>/try/", retention.keeping_trial, name="keeping_trial"),
    path("settings/keeping/<int:pk>/switch/", retention.keeping_switch, name="keeping_switch"),
    path("settings/keeping/<int:pk>/remove/", retention.keeping_removal, name="keeping_removal"),
    path("settings/looks/", looks.looks, name="looks"),
    path("settings/looks/kept/", looks.looks_kept, name="looks_kept"),
    path("conversations/<int:pk>/hold/", holds.hold, name="hold"),
    path("customers/<int:pk>/hold/", holds.hold_customer, name="hold_customer"),
    path("holds/<int:pk>/lift/", holds.lift, name="hold_lift"),
]

"""The addresses of the pages about automation and check-ins."""

from django.urls import path

from .views import automation, check_ins

urlpatterns = [
    path("settings/automation/", automation.automation, name="automation"),
    path("settings/automation/new/", automation.automation_rule, name="automation_new"),
    path("settings/automation/log/", automation.automation_log, name="automation_log"),
    path("settings/automation/<int:pk>/", automation.automation_rule, name="automation_rule"),
    path("settings/automation/<int:pk>/switch/", automation.automation_switch, name="automation_switch"),
    path("settings/automation/<int:pk>/move/", automation.automation_move, name="automation_move"),
    path("settings/automation/<int:pk>/remove/", automation.automation_removal, name="automation_removal"),
    path("settings/check-ins/", check_ins.check_ins, name="check_ins"),
    path("settings/check-ins/new/", check_ins.check_in_rule, name="check_in_rule_new"),
    path("settings/check-ins/<int:pk>/", check_ins.check_in_rule, name="check_in_rule"),
    path(
        "settings/check-ins/<int:pk>/remove/", check_ins.check_in_rule_removal, name="check_in_rule_removal"
    ),
]

"""The addresses of the pages about routing, escalations and calls."""

from django.urls import path

from .views import calls, routing, taking_over, work

urlpatterns = [
    path("conversations/<int:pk>/team/", taking_over.assign_team, name="assign_team"),
    path("conversations/<int:pk>/handover/", taking_over.hand_over, name="hand_over"),
    path("conversations/<int:pk>/escalation/", taking_over.escalation, name="escalation"),
    path("conversations/<int:pk>/escalation/decide/", taking_over.decide, name="decide"),
    path("conversations/<int:pk>/call/", calls.call_in_conversation, name="call_in_conversation"),
    path("customers/<int:pk>/call/", calls.call_of_customer, name="call_of_customer"),
    path("calls/promises/", calls.call_promises, name="call_promises"),
    path("availability/", work.availability, name="availability"),
    path("settings/people/<int:pk>/work/", work.abilities, name="abilities"),
    path("settings/people/<int:pk>/availability/", work.availability_of, name="availability_of"),
    path("settings/routing/", routing.routing, name="routing"),
    path("settings/routing/limits/", routing.routing_limits, name="routing_limits"),
    path("settings/routing/order/", routing.routing_order, name="routing_order"),
    path("settings/routing/try/", routing.routing_trial, name="routing_trial"),
    path("settings/routing/rules/new/", routing.routing_rule, name="routing_rule_new"),
    path("settings/routing/rules/<int:pk>/", routing.routing_rule, name="routing_rule"),
    path(
        "settings/routing/rules/<int:pk>/remove/", routing.routing_rule_removal, name="routing_rule_removal"
    ),
    path("settings/routing/levels/new/", routing.escalation_level, name="escalation_level_new"),
    path("settings/routing/levels/<int:pk>/", routing.escalation_level, name="escalation_level"),
    path(
        "settings/routing/levels/<int:pk>/remove/",
        routing.escalation_level_removal,
        name="escalation_level_removal",
    ),
]

"""The addresses of the pages about routing, escalations and calls."""

from django.urls import path

from .views import calls, taking_over

urlpatterns = [
    path("conversations/<int:pk>/team/", taking_over.assign_team, name="assign_team"),
    path("conversations/<int:pk>/handover/", taking_over.hand_over, name="hand_over"),
    path("conversations/<int:pk>/escalation/", taking_over.escalation, name="escalation"),
    path("conversations/<int:pk>/escalation/decide/", taking_over.decide, name="decide"),
    path("conversations/<int:pk>/call/", calls.call_in_conversation, name="call_in_conversation"),
    path("customers/<int:pk>/call/", calls.call_of_customer, name="call_of_customer"),
    path("calls/promises/", calls.call_promises, name="call_promises"),
]

"""The addresses of proposals and remedies."""

from django.urls import path

from .views.complaints import proposals

urlpatterns = [
    path("complaints/<int:pk>/proposal/", proposals.proposal, name="proposal_write"),
    path("complaints/<int:pk>/remedies/", proposals.remedy_new, name="remedy_new"),
    path("complaints/<int:pk>/remedies/asking/", proposals.remedy_ask, name="remedy_ask"),
    path("complaints/proposals/<int:pk>/send/", proposals.proposal_send, name="proposal_send"),
    path("complaints/proposals/<int:pk>/ask/", proposals.proposal_ask, name="proposal_ask"),
    path("complaints/proposals/<int:pk>/back/", proposals.proposal_back, name="proposal_back"),
    path("complaints/proposals/<int:pk>/withdraw/", proposals.proposal_withdrawal, name="proposal_withdraw"),
    path("complaints/approvals/<int:pk>/", proposals.proposal_answer, name="proposal_answer"),
    path("complaints/remedies/<int:pk>/asking/", proposals.remedy_ask_again, name="remedy_ask_again"),
    path("complaints/remedies/<int:pk>/<slug:verb>/", proposals.remedy, name="remedy_verb"),
]

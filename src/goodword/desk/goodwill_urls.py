"""The addresses of the pages about goodwill."""

from django.urls import path

from .views.goodwill import approvals, authority, giving, ledger, vouchers

urlpatterns = [
    path("goodwill/", ledger.ledger, name="goodwill"),
    path("goodwill/ledger.csv", ledger.ledger_csv, name="goodwill_csv"),
    path("goodwill/budgets/", ledger.budgets, name="goodwill_budgets"),
    path("goodwill/gestures/<int:pk>/", ledger.gesture, name="gesture"),
    path("goodwill/gestures/<int:pk>/back/", ledger.reversal, name="gesture_reversal"),
    path("goodwill/approvals/", approvals.approvals, name="approvals"),
    path("goodwill/approvals/<int:pk>/answer/", approvals.answer, name="approval_answer"),
    path("goodwill/approvals/<int:pk>/withdraw/", approvals.withdrawal, name="approval_withdrawal"),
    path("goodwill/approvals/<int:pk>/seen/", approvals.seen, name="approval_seen"),
    path("goodwill/vouchers/", vouchers.vouchers, name="vouchers"),
    path("goodwill/vouchers/<slug:code>/redeem/", vouchers.redemption, name="voucher_redemption"),
    path("conversations/<int:pk>/gesture/", giving.gesture_form, name="gesture_form"),
    path("conversations/<int:pk>/gesture/verdict/", giving.gesture_verdict, name="gesture_verdict"),
    path("conversations/<int:pk>/gesture/make/", giving.make, name="gesture_make"),
    path(
        "conversations/<int:pk>/gesture/<int:gesture>/into-reply/",
        giving.voucher_into_reply,
        name="voucher_into_reply",
    ),
    path("settings/authority/", authority.levels, name="authority"),
    path("settings/authority/new/", authority.level, name="authority_new"),
    path("settings/authority/people/", authority.people, name="authority_people"),
    path("settings/authority/usual/", authority.usual, name="authority_usual"),
    path("settings/authority/<int:pk>/", authority.level, name="authority_level"),
    path("settings/authority/<int:pk>/move/", authority.move, name="authority_move"),
    path("settings/authority/<int:pk>/remove/", authority.removal, name="authority_removal"),
]

"""The pages about goodwill: the ledger, gestures, approvals, vouchers, budgets, and who may give what."""

"""What is given beyond what is owed: gestures within limits and budgets, approvals, vouchers."""

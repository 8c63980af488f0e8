"""Customers' own pages: behind a signed link, without an account."""

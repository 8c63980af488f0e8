"""The pages about the people we care for."""

from .page import (
    customer,
    customer_address,
    customer_address_removal,
    customer_name,
    customer_note,
    customer_note_removal,
    customers,
)

__all__ = [
    "customer",
    "customer_address",
    "customer_address_removal",
    "customer_name",
    "customer_note",
    "customer_note_removal",
    "customers",
]

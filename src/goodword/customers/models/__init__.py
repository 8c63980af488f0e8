"""The people we care for: who they are, how to reach them, what they bought and what they allowed."""

from .consents import Consent
from .contact import Contact, ContactRule
from .duplicates import Duplicate, Joining
from .erasures import Erasure
from .fields import CustomField, CustomValue
from .imports import Import, Shop
from .moments import Moment
from .people import Customer, CustomerNote, Organisation
from .purchases import Purchase, Subscription
from .reach import CustomerAddress, CustomerHandle, CustomerPhone, CustomerReference
from .weights import MomentWeight

__all__ = [
    "Consent",
    "Contact",
    "ContactRule",
    "CustomField",
    "CustomValue",
    "Customer",
    "CustomerAddress",
    "CustomerHandle",
    "CustomerNote",
    "CustomerPhone",
    "CustomerReference",
    "Duplicate",
    "Erasure",
    "Import",
    "Joining",
    "Moment",
    "MomentWeight",
    "Organisation",
    "Purchase",
    "Shop",
    "Subscription",
]

"""What pages and the API ask about customers, each in a fixed number of queries."""

from .finding import CustomerPage, Profile, page, profile, search
from .joining import JoiningPreview, joining_preview, kept_instead, latest_joinings, numbers_of
from .likeness import DuplicatePage, duplicate_page, duplicates_of, open_duplicates
from .record import (
    OwnValue,
    Standing,
    WarrantyState,
    consents,
    own_values,
    purchases,
    subscriptions,
    warranty,
)

__all__ = [
    "CustomerPage",
    "DuplicatePage",
    "JoiningPreview",
    "OwnValue",
    "Profile",
    "Standing",
    "WarrantyState",
    "consents",
    "duplicate_page",
    "duplicates_of",
    "joining_preview",
    "kept_instead",
    "latest_joinings",
    "numbers_of",
    "open_duplicates",
    "own_values",
    "page",
    "profile",
    "purchases",
    "search",
    "subscriptions",
    "warranty",
]

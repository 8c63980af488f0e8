"""What is done about customers. Each verb is one transaction and writes its event.

`agent` is who does it; None stands for the house itself (incoming mail, a program).
"""

from ..errors import AddressTaken, CustomerError
from .buying import Put, put_purchase, put_subscription
from .buying_by_hand import keep_purchase, keep_subscription, remove_bought
from .consenting import consent
from .deciding import not_the_same
from .erasing import REASON_LENGTH as ERASURE_REASON_LENGTH
from .erasing import begin, erase, finish, in_the_way
from .finding import (
    ADDRESS_LENGTH,
    NAME_LENGTH,
    Newcomer,
    customer_of,
    customers_of,
    tidy_address,
    tidy_name,
)
from .joining import join, undo_joining
from .knowing import Known
from .own_fields import add_field, change_field, retire_field, set_value, set_values
from .putting import put_customer
from .reach import (
    add_address,
    add_handle,
    add_phone,
    add_reference,
    remove_address,
    remove_handle,
    remove_phone,
)
from .record import NOTE_LENGTH, Details, add_note, describe, remove_note, rename, set_organisation
from .shops import add_shop, key_of, remove_shop, renew_secret

__all__ = [
    "ADDRESS_LENGTH",
    "ERASURE_REASON_LENGTH",
    "NAME_LENGTH",
    "NOTE_LENGTH",
    "AddressTaken",
    "CustomerError",
    "Details",
    "Known",
    "Newcomer",
    "Put",
    "add_address",
    "add_field",
    "add_handle",
    "add_note",
    "add_phone",
    "add_reference",
    "add_shop",
    "begin",
    "change_field",
    "consent",
    "customer_of",
    "customers_of",
    "describe",
    "erase",
    "finish",
    "in_the_way",
    "join",
    "keep_purchase",
    "keep_subscription",
    "key_of",
    "not_the_same",
    "put_customer",
    "put_purchase",
    "put_subscription",
    "remove_address",
    "remove_bought",
    "remove_handle",
    "remove_note",
    "remove_phone",
    "remove_shop",
    "rename",
    "renew_secret",
    "retire_field",
    "set_organisation",
    "set_value",
    "set_values",
    "tidy_address",
    "tidy_name",
    "undo_joining",
]

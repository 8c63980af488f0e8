"""What the practices behind the rules are called on screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    "L3": _("Asking what is missing"),
    "L4": _("Saying back what was understood"),
    "L5": _("Answering everything"),
    "E1": _("A warm greeting"),
    "E2": _("Acknowledging the feeling"),
    "E3": _("Acknowledging the trouble"),
    "E4": _("Sincere, not scripted"),
    "E5": _("Knowing the customer's case"),
    "E6": _("Saying thanks"),
    "E7": _("Calm under pressure"),
    "C1": _("Plain words"),
    "C2": _("A friendly tone"),
    "C3": _("Short sentences and small steps"),
    "C4": _("Correct writing"),
    "C5": _("Nothing vague"),
    "C6": _("The same facts for everybody"),
    "P1": _("What can be done"),
    "P2": _("We, not you"),
    "P3": _("Options, not a dead end"),
    "P4": _("Steady good spirits"),
    "R1": _("Respect"),
    "R2": _("No defence, no blame"),
    "R3": _("Room for what is reasonable"),
    "O2": _("A real apology"),
    "O3": _("Saying what happened"),
    "O4": _("The next step and its time"),
    "H1": _("Promises that can be kept"),
    "H4": _("Owning up to mistakes"),
}


def name_of(practice: str) -> str:
    """The practice in words; its id where nobody has named it."""
    return str(NAMES.get(practice, practice))

"""What a customer knows the company by: its name, logo and colour."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from goodword.mail.models import Mailbox

LIGHT, DARK = (0.99, 0.985, 0.97), (0.13, 0.125, 0.12)
BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
READABLE = 4.5
_STEPS = 20

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Brand:
    """The company as its customers know it."""

    name: str
    has_logo: bool
    has_colour: bool


def brand(mailbox: Mailbox | None = None) -> Brand:
    """The company's name as set; else that of the mailbox, or of the first one there is."""
    config = settings.CONFIG
    name = config.company_name
    if not name:
        known = mailbox or Mailbox.objects.order_by("id").first()
        name = known.name if known else gettext("Customer care")
    return Brand(name, config.company_logo is not None, bool(config.company_colour))


def style_sheet(colour: str) -> str:
    """The company's colour (`#rrggbb`) where pages use an accent, readable by day and by night."""
    given = _read(colour)
    day, night = _until_readable(given, on=LIGHT), _until_readable(given, on=DARK)
    pairs = {
        "--accent": (day, night),
        "--accent-fill": (day, night),
        "--accent-strong": (_mix(day, BLACK, 0.2), _mix(night, WHITE, 0.2)),
        "--on-accent": (_words_on(day), _words_on(night)),
        "--accent-soft": (_mix(day, LIGHT, 0.9), _mix(night, DARK, 0.82)),
        "--accent-line": (_mix(day, LIGHT, 0.6), _mix(night, DARK, 0.5)),
    }
    lines = [f"{name}: light-dark({_write(by)}, {_write(at)});" for name, (by, at) in pairs.items()]
    return ":root { " + " ".join(lines) + " }\n"


def contrast(one: Colour, other: Colour) -> float:
    """How far apart two colours are in light, from 1 to 21, as WCAG counts it."""
    bright, dim = sorted((_light(one), _light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _until_readable(colour: Colour, *, on: Colour) -> Colour:
    """The colour itself, or one nearer to black or white that can be read on that ground.

    A little more than needed, since cards stand a shade nearer to it than the ground.
    """
    towards = BLACK if _light(on) > 0.5 else WHITE
    for step in range(_STEPS):
        tried = _mix(colour, towards, step / _STEPS)
        if contrast(tried, on) >= READABLE + 0.6:
            return tried
    return towards


def _words_on(fill: Colour) -> Colour:
    """Words upon the fill: whichever of paper and ink is easier to read there."""
    return max((LIGHT, DARK), key=lambda words: contrast(words, fill))


def _light(colour: Colour) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mix(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (a + (b - a) * share for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _read(colour: str) -> Colour:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _write(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)

"""Where a page of a list goes on."""

from django.http import HttpRequest

DIGITS = 18  # well within what the database counts to


def older_than(request: HttpRequest) -> int | None:
    """The number in `?before=`, or None for the first page and for anything that is no number."""
    return number_in(request, "before")


def number_in(request: HttpRequest, name: str) -> int | None:
    """The number in the address under this name; None without one, and for anything that is no number."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= DIGITS else None

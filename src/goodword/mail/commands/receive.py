"""`goodword mail receive`: one mail from standard input, for the pipe of a mail server.

Exit codes are those mail servers know: 0 kept, 65 unusable, 75 try again later, whatever else went wrong; of
that the caller (`goodword.__main__`) writes the details into the log of the system.
"""

import argparse
import sys

from django.conf import settings

from goodword.kit.terminal import say
from goodword.mail.actions import Unusable, accept
from goodword.mail.parsing import NOBODY

KEPT, UNUSABLE = 0, 65
EMPTY = ("", NOBODY, "mailer-daemon")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "--from",
        dest="sender",
        default=None,
        metavar="ADDRESS",
        help="sender named on delivery; '' for the empty one",
    )
    parser.add_argument(
        "--to",
        dest="recipients",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="recipient; may be repeated",
    )


def run(arguments: argparse.Namespace) -> int:
    """Keep the mail; say on standard error why it could not be kept."""
    limit = settings.CONFIG.mail_max_bytes
    raw = sys.stdin.buffer.read(limit + 1)
    if len(raw) > limit:
        return say(
            f"The mail is larger than {limit} bytes; raise GOODWORD_MAIL_MAX_BYTES to take it.", code=UNUSABLE
        )
    try:
        accept(
            raw=raw,
            source="pipe",
            envelope_from=_sender(arguments.sender),
            envelope_to=arguments.recipients,
        )
    except Unusable as error:
        return say(str(error), code=UNUSABLE)
    return KEPT


def _sender(named: str | None) -> str | None:
    """The sender as the house writes it: Postfix hands the empty one over under the name of its daemon."""
    if named is None:
        return None
    return NOBODY if named.strip().casefold() in EMPTY else named

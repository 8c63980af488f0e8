"""`goodword coach review`: drafts in files, or as JSON lines, with findings, questions and promises."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from goodword.coach.commands.choosing import add_choice, asked, chosen_pack
from goodword.coach.commands.json_lines import review_lines
from goodword.coach.commands.terminal import (
    FINE,
    NEVER,
    UNUSABLE,
    complain,
    fails,
    in_colour,
    say,
    sentence_of,
)
from goodword.coach.drafts import TEXT, Reviewed, open_draft, review_draft
from goodword.coach.errors import CoachError
from goodword.coach.human import show_counts, show_review
from goodword.coach.json_form import as_json
from goodword.coach.pack import Pack
from goodword.coach.results import SEVERITIES
from goodword.coach.sarif import sarif_log
from goodword.coach.settings import Settings, choose, settings_for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", default=["-"], metavar="FILE", help="drafts; - or nothing: standard input"
    )
    parser.add_argument("--customer", metavar="FILE", help="the customer's message that the draft answers")
    parser.add_argument("--name", help="the customer's name")
    parser.add_argument("--agent", help="the name of the author of the draft")
    parser.add_argument("--now", help="the moment of writing, ISO form (default: now; with --json: none)")
    parser.add_argument("--tz", help="the time zone by name, e.g. Europe/Berlin")
    parser.add_argument("--template", action="store_true", help="gaps such as {{name}} are meant to be there")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="JSON out; JSON lines in, except from .txt and .md")
    form.add_argument("--sarif", action="store_true", help="a SARIF 2.1.0 log for code scanning tools")
    parser.add_argument(
        "--fail-on",
        choices=(*SEVERITIES, NEVER),
        default="warn",
        help="the least severity that ends with exit code 1 (default: warn)",
    )
    add_choice(parser)


def run(args: argparse.Namespace) -> int:
    pack = chosen_pack(asked(args))
    if args.json:
        return max(FINE, *(_as_json(name, args, pack) for name in args.files))
    reviewed, code = _reviewed(args)
    if args.sarif:
        say(json.dumps(sarif_log(reviewed), ensure_ascii=False, indent=2))
    else:
        _show(reviewed)
    return max(code, *(fails(one.result, args.fail_on) for one in reviewed), FINE)


def _reviewed(args: argparse.Namespace) -> tuple[list[Reviewed], int]:
    """Every draft that can be read, and the code that the others ask for."""
    reviewed, code = [], FINE
    for name in args.files:
        try:
            reviewed.append(_one(name, args, now=args.now or datetime.now(UTC)))
        except (CoachError, OSError, UnicodeDecodeError) as error:
            complain(sentence_of(error))
            code = UNUSABLE
    return reviewed, code


def _one(name: str, args: argparse.Namespace, *, now: datetime | str | None) -> Reviewed:
    folder = Settings() if name == "-" else settings_for(Path(name))
    settings = folder.joined(asked(args))
    return review_draft(
        open_draft(name, args.customer),
        pack=choose(settings).pack,
        template=settings.template,
        customer_name=args.name,
        agent_name=args.agent,
        now=now,
        tz=args.tz,
    )


def _show(reviewed: list[Reviewed]) -> None:
    several = len(reviewed) > 1
    shown = (show_review(one, colour=in_colour(), alone=not several) for one in reviewed)
    parts = [part for part in shown if part]
    if reviewed:
        say("\n\n".join([*parts, show_counts([one.result for one in reviewed])]))


def _as_json(name: str, args: argparse.Namespace, pack: Pack) -> int:
    if not name.lower().endswith(TEXT):
        return review_lines(name, args, pack)
    try:
        one = _one(name, args, now=args.now)
    except (CoachError, OSError, UnicodeDecodeError) as error:
        complain(sentence_of(error))
        say(json.dumps({"file": name, "error": sentence_of(error)}))
        return UNUSABLE
    say(json.dumps({"file": name, **as_json(one.result)}))
    return fails(one.result, args.fail_on)

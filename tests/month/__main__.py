"""A month of a small house: `python -m tests.month --days 31`. Exit code 1 unless everything happened once.

Each reminder, warning, breach, check-in, follow-up and rule is held against a model of its own.
"""

import argparse
import os
import random
import sys
from datetime import date, timedelta

import django

from .plan import Plan


def main() -> int:
    """Run it; returns the exit code."""
    given = _arguments()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"Seed {seed}; {given.days} days from {given.first}, a look each {given.step} minutes", flush=True)  # noqa: T201
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.month.settings"
    django.setup()
    # Models can be imported only now.
    from .running import run  # noqa: PLC0415

    plan = Plan(seed, given.first, given.days)
    is_good = run(plan, random.Random(seed), step=timedelta(minutes=given.step), kills=given.kills)
    return 0 if is_good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.month", description=__doc__)
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2026, 10, 9))
    parser.add_argument("--step", type=int, default=10, help="minutes between two looks")
    parser.add_argument("--kills", type=float, default=0.1, help="chance of a kill in each round")
    parser.add_argument("--seed", type=int, help="repeat a run's chances")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""Settings of the simulated month: those of the tests, in a company whose clocks change."""

from tests.settings import *  # noqa: F403

TIME_ZONE = "Europe/Berlin"

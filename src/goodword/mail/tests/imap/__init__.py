"""Tests of fetching mail, on a real server."""

"""Automation: what happens by itself when something happened or a time has passed, and a log of why."""

"""Routing: conversations find the agent who should have them (docs/routing.md).

Verbs of the inbox say by `waking` that there is something to do; `giving` does it.
"""

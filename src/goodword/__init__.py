"""Goodword: customer care that listens and keeps its word."""

__version__ = "0.1.0"

"""Trains the heads of the coach from labelled corpora. Needs the extra `training`; run time does not."""

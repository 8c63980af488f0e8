"""Complaints from the first word to the last proof: stages with clocks, causes, remedies."""

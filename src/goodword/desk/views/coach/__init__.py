"""How a team makes the coach its own; leads change it, the team reads it."""

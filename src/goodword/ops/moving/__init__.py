"""The whole house as lines of JSON and files, for other programs and for moving it (docs/export.md)."""

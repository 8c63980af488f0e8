"""The whole house in one file, and back (docs/backup.md)."""

"""Check-ins after closing: planned when a conversation is closed, done when their time has come."""

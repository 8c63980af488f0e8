"""Mail fetched from IMAP servers: never marked, never moved, never deleted there."""

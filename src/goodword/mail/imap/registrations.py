"""Where fetching takes part in the room; imported when the room is ready."""

from goodword.mail import registry
from goodword.mail.imap.counting import count_of_day

registry.register_server_count(count_of_day)

"""An agent who answers whoever waits, until killed: `python -m tests.crash.clerk`."""

import re
import time

import django
from django.db import Error, close_old_connections, connection

TOKEN = re.compile(r"account K-\d{6}")


def main() -> None:
    """Answer the conversations that wait, the longest first."""
    django.setup()
    # The models can be imported only now.
    from goodword.inbox.actions import reply  # noqa: PLC0415
    from goodword.inbox.errors import NotPossible  # noqa: PLC0415
    from goodword.inbox.models import Conversation, Message  # noqa: PLC0415
    from goodword.staff.models import Agent  # noqa: PLC0415

    agent = None
    while True:
        answered = 0
        try:
            agent = agent or Agent.objects.first()
            waiting = Conversation.objects.filter(
                state="open", waiting_since__isnull=False, preview__contains="account K-"
            )
            for place in waiting.order_by("waiting_since")[:20]:
                last = place.messages.filter(kind=Message.Kind.CUSTOMER).order_by("-id").first()
                named = TOKEN.search(last.text) if last else None
                if named is None or agent is None:
                    continue
                try:
                    reply(
                        conversation=place,
                        agent=agent,
                        markdown=f"Hello, thank you for writing about {named[0]}. We look into it.",
                        undo_seconds=1,
                    )
                    answered += 1
                except NotPossible:
                    continue
        except Error:
            connection.close()
            close_old_connections()
        if not answered:
            time.sleep(0.5)


if __name__ == "__main__":
    main()

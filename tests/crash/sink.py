"""A mail server that writes down each mail before it says that it has it.

python -m tests.crash.sink PORT FILE
"""

import asyncio
import json
import os
import sys
from email import message_from_bytes, policy
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class Sink:
    """Takes every mail."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a", encoding="utf-8")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain",))
        line = {
            "message_id": str(mail["Message-ID"]),
            "to": list(envelope.rcpt_tos),
            "answer_to": parseaddr(str(mail["Reply-To"] or ""))[1],
            "text": body.get_content() if body else "",
        }
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        return "250 taken"


async def _serve(port: int, path: Path) -> None:
    sink = Sink(path)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink.example"), "127.0.0.1", port)
    print("The sink is ready", flush=True)  # noqa: T201
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))

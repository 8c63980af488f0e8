"""A mail provider's token server for tests, over real HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


class Provider(ThreadingHTTPServer):
    """The token server of a mail provider: gives tokens, and tells the mail server whose they are."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Provider)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[dict[str, str]] = []
        self.codes = {"the-code": "first-refresh"}
        self.refresh = {"first-refresh", "second-refresh"}
        self.valid: dict[str, str] = {}

    @classmethod
    @contextmanager
    def at_work(cls) -> "Iterator[Provider]":
        """A server that answers until the end of the block."""
        server = cls()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
        server.server_close()


class _Provider(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        if self.path == "/whose":
            user = self.server.valid.get(asked.get("token", ""))
            self._answer(200, {"active": "true", "username": user} if user else {"active": "false"})
            return
        self.server.asked.append(asked)
        given = asked.get("refresh_token") or self.server.codes.get(asked.get("code", ""), "")
        if given not in self.server.refresh:
            self._answer(400, {"error": "invalid_grant", "error_description": "Token has been revoked."})
            return
        token = f"token-{len(self.server.asked)}"
        self.server.valid[token] = "care"
        more = {"refresh_token": given} if "code" in asked else {"refresh_token": "second-refresh"}
        self._answer(200, {"access_token": token, "expires_in": 3600} | more)

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Be quiet."""

"""Calls signed as Svix has it, which Resend uses."""

import base64
import binascii
import hashlib
import hmac
import time
from typing import Any, ClassVar

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailCoreWebhookView
from django.http import HttpRequest

LEEWAY = 300


class Svix(AnymailCoreWebhookView):  # type: ignore[misc]
    """Checks the signature without the Svix library, which brings a service's whole client along."""

    signing_option: ClassVar[str]
    warn_if_no_basic_auth = False

    def __init__(self, **options: Any) -> None:
        self._signing = options.pop(self.signing_option, "")
        # Told that there is no secret, anymail leaves the signature to us.
        super().__init__(**{self.signing_option: None, **options})

    def validate_request(self, request: HttpRequest) -> None:
        """Raise for a call that was not signed with the secret, or longer than five minutes ago."""
        if not self._signing:
            return
        number, moment, given = (
            request.headers.get(f"svix-{name}", "") for name in ("id", "timestamp", "signature")
        )
        if not moment.isdigit() or abs(time.time() - int(moment)) > LEEWAY:
            raise AnymailWebhookValidationFailure("The call is not signed, or it is too old.")
        signed = b".".join([number.encode(), moment.encode(), request.body])
        wanted = base64.b64encode(hmac.digest(self._key(), signed, hashlib.sha256)).decode()
        offered = [one.partition(",")[2] for one in given.split() if one.startswith("v1,")]
        if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in offered):
            raise AnymailWebhookValidationFailure("The call is signed with another secret.")

    def _key(self) -> bytes:
        try:
            return base64.b64decode(self._signing.removeprefix("whsec_"), validate=True)
        except binascii.Error as error:
            raise AnymailWebhookValidationFailure(
                f"The setting {self.signing_option} is no secret of the form whsec_…."
            ) from error

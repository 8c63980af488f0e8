"""Amazon SES by way of SNS: mail and reports, and the handshake that begins a subscription."""

import importlib.util
import logging
import re
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailInboundEvent, EventType
from anymail.webhooks.amazon_ses import (
    AmazonSESBaseWebhookView,
    AmazonSESInboundWebhookView,
    AmazonSESTrackingWebhookView,
)
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings

from . import fetching
from .letters import Letter
from .reading import amazon_ses

ANSWER_LIMIT = 64 * 1024
_SNS = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
log = logging.getLogger(__name__)


class NotAllowedHere(ValueError):
    """A notice that asks for what is not installed or not set; the text says what to do."""


def is_amazon(url: str) -> bool:
    """Whether a subscription may be confirmed there."""
    return urlsplit(url).scheme == "https" and bool(_SNS.fullmatch(urlsplit(url).hostname or ""))


class _Sns(AmazonSESBaseWebhookView):  # type: ignore[misc]
    """Needs Amazon's library for mail in S3 only, and confirms subscriptions without it.

    Whoever asks to confirm one has shown the secret; the address that is called to confirm must be Amazon's.
    """

    warn_if_no_basic_auth = False

    def __init__(self, **options: Any) -> None:
        if importlib.util.find_spec("boto3"):
            super().__init__(**options)
        else:
            self.auto_confirm_enabled = True
            AnymailBaseWebhookView.__init__(self, **options)

    def auto_confirm_sns_subscription(self, sns_message: Any) -> None:
        """Say yes to a subscription that was asked for with our secret."""
        if not self.basic_auth:
            raise AnymailWebhookValidationFailure(
                "A subscription is confirmed to those with the secret only."
            )
        url = str(sns_message.get("SubscribeURL", ""))
        if not is_amazon(url):
            raise AnymailWebhookValidationFailure("The address that confirms a subscription is not Amazon's.")
        fetching.fetch(url, limit=ANSWER_LIMIT)
        log.info("The subscription to %s is confirmed.", sns_message.get("TopicArn"))


class SesInbound(_Sns, AmazonSESInboundWebhookView):  # type: ignore[misc]
    """Mail of a receipt rule, in the notice or in S3."""

    def __init__(self, **options: Any) -> None:
        self.kms_key_id, self.chunk_size = options.pop("inbound_kms_key_id", None), fetching.PIECE
        super().__init__(**options)

    def esp_to_anymail_events(self, ses_event: Any, sns_message: Any) -> list[AnymailInboundEvent]:
        """The mail in a notice."""
        if ses_event.get("notificationType") != "Received":
            raise NotAllowedHere("Reports of Amazon SES go to the address that ends with /tracking/.")
        letter = amazon_ses(ses_event) or self._from_s3(ses_event)
        return [AnymailInboundEvent(event_type=EventType.INBOUND, esp_event=ses_event, message=letter)]

    def _from_s3(self, ses_event: Any) -> Letter:
        action = ses_event.get("receipt", {}).get("action", {})
        if action.get("type") != "S3":
            raise NotAllowedHere(
                f"A receipt rule's action {action.get('type')} brings no mail; use SNS or S3."
            )
        if not importlib.util.find_spec("boto3"):
            raise NotAllowedHere(
                "Mail in S3 needs Amazon's library: pip install 'django-anymail[amazon-ses]'"
            )
        raw = bytearray()
        for piece in self.fetch_s3_chunks(action["bucketName"], action["objectKey"]):
            raw += piece
            if len(raw) > settings.CONFIG.mail_max_bytes:
                break
        recipients = tuple(ses_event["receipt"].get("recipients") or ())
        return Letter(bytes(raw), ses_event.get("mail", {}).get("source") or "", recipients)


class SesTracking(_Sns, AmazonSESTrackingWebhookView):  # type: ignore[misc]
    """Reports of what became of our mail."""

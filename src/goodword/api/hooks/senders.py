"""The mail senders that may call: whose calls are checked by which rules, and read how."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anymail.exceptions import AnymailInsecureWebhookWarning, AnymailNotSupportedWarning
from anymail.signals import AnymailInboundEvent, EventType
from anymail.webhooks import (
    brevo,
    mailersend,
    mailgun,
    mailjet,
    mailtrap,
    mandrill,
    postal,
    postmark,
    resend,
    sendgrid,
    sparkpost,
)
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.http import HttpRequest

from goodword.kit import mail_hooks

from . import reading
from .amazon import SesInbound, SesTracking
from .signed import Svix

INBOUND, TRACKING = "inbound", "tracking"
# What anymail would say at each call: that it has nobody to try SendGrid with, and that a view without basic
# authentication may be open to everybody; ours are not made without a proof.
for _said in (AnymailNotSupportedWarning, AnymailInsecureWebhookWarning):
    warnings.filterwarnings("ignore", category=_said)


@dataclass(frozen=True)
class MailSender:
    """A sender: the views that check its calls."""

    name: str
    inbound: type[AnymailCoreWebhookView]
    tracking: type[AnymailCoreWebhookView]

    def view(self, what: str, options: Mapping[str, str], path: str) -> AnymailCoreWebhookView:
        """The view for a call with mail or with reports."""
        known = mail_hooks.SENDERS[self.name]
        names = {*(known.inbound if what == INBOUND else known.tracking), *known.further}
        given = {name: value for name, value in options.items() if name in names}
        if "secret" in given:
            given["webhook_secret"] = given.pop("secret")
        kind = self.inbound if what == INBOUND else self.tracking
        # Behind a proxy the address that was signed is the one people use, not the one that we see.
        more = {"webhook_url": f"{settings.CONFIG.url}{path}"} if "webhook_key" in given else {}
        return kind(**{**more, **given}, hook_options=options)


def _reading(kind: Any, read: reading.Reader) -> type[AnymailCoreWebhookView]:
    """The view with its checks, and with our own reading of the mail, which loses no byte of it."""

    def parse_events(self: Any, request: HttpRequest) -> list[AnymailInboundEvent]:
        limit = settings.CONFIG.mail_max_bytes
        call = reading.Call(request.headers.get("Content-Type", ""), request.body, self.hook_options, limit)
        return [
            AnymailInboundEvent(event_type=EventType.INBOUND, esp_event=request, message=letter)
            for letter in read(call)
        ]

    members = {"parse_events": parse_events, "warn_if_no_basic_auth": False}
    return type(f"Whole{kind.__name__}", (kind,), members)


def _quiet(kind: Any) -> type[AnymailCoreWebhookView]:
    """The view without the warning that it is open to everybody: without a proof it is not made at all."""
    return type(f"Quiet{kind.__name__}", (kind,), {"warn_if_no_basic_auth": False})


class _Mandrill(mandrill.MandrillCombinedWebhookView):  # type: ignore[misc]
    """Mandrill tells mail and reports at one address; here each has its own."""

    signal = mandrill.inbound


class _ResendInbound(Svix, resend.ResendInboundWebhookView):  # type: ignore[misc]
    signing_option = "inbound_secret"


class _ResendTracking(Svix, resend.ResendTrackingWebhookView):  # type: ignore[misc]
    signing_option = "signing_secret"


_ALL = (
    MailSender(
        "mailgun",
        _reading(mailgun.MailgunInboundWebhookView, reading.mailgun),
        _quiet(mailgun.MailgunTrackingWebhookView),
    ),
    MailSender(
        "postmark",
        _reading(postmark.PostmarkInboundWebhookView, reading.postmark),
        _quiet(postmark.PostmarkTrackingWebhookView),
    ),
    MailSender(
        "sendgrid",
        _reading(sendgrid.SendGridInboundWebhookView, reading.sendgrid),
        _quiet(sendgrid.SendGridTrackingWebhookView),
    ),
    MailSender("amazon_ses", SesInbound, SesTracking),
    MailSender(
        "sparkpost",
        _reading(sparkpost.SparkPostInboundWebhookView, reading.sparkpost),
        _quiet(sparkpost.SparkPostTrackingWebhookView),
    ),
    MailSender(
        "mandrill",
        _reading(_Mandrill, reading.mandrill),
        _quiet(mandrill.MandrillCombinedWebhookView),
    ),
    MailSender(
        "brevo",
        _reading(brevo.BrevoInboundWebhookView, reading.brevo),
        _quiet(brevo.BrevoTrackingWebhookView),
    ),
    MailSender(
        "mailjet",
        _reading(mailjet.MailjetInboundWebhookView, reading.mailjet),
        _quiet(mailjet.MailjetTrackingWebhookView),
    ),
    MailSender(
        "resend",
        _reading(_ResendInbound, reading.resend),
        _quiet(_ResendTracking),
    ),
    MailSender(
        "mailersend",
        _reading(mailersend.MailerSendInboundWebhookView, reading.mailersend),
        _quiet(mailersend.MailerSendTrackingWebhookView),
    ),
    MailSender(
        "postal",
        _reading(postal.PostalInboundWebhookView, reading.postal),
        _quiet(postal.PostalTrackingWebhookView),
    ),
    MailSender(
        "mailtrap",
        _reading(mailtrap.MailtrapInboundWebhookView, reading.mailtrap),
        _quiet(mailtrap.MailtrapTrackingWebhookView),
    ),
)
SENDERS = {sender.name: sender for sender in _ALL}

"""What each mail sender calls a mail: its bytes where the call has them, else its parts.

Each reader takes the call as it came and gives the mails in it; a call without one gives none. What a call
lacks that the sender documents is a KeyError, which the sender is told as a fault.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser
from typing import Any
from urllib.parse import quote

from goodword.api import forms

from .fetching import NotFetched, fetch, fetch_json
from .letters import Enclosed, Letter, rebuilt

BREVO = "https://api.brevo.com/v3"
RESEND = "https://api.resend.com"
MAILTRAP = "https://mailtrap.io/api"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a sender, what was set for it, and the size of the largest mail that is taken."""

    content_type: str
    body: bytes = field(repr=False)
    options: Mapping[str, str]
    limit: int

    def form(self) -> forms.Form:
        """The body as a form."""
        return forms.read(self.content_type, self.body)

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


Reader = Callable[[Call], list[Letter]]


def mailgun(call: Call) -> list[Letter]:
    """Mailgun's routes: 'body-mime' at an address that ends with mime, else fields and files."""
    form = call.form()
    raw = form.data("body-mime")
    if raw is None:
        numbers = {number: cid for cid, number in json.loads(form.text("content-id-map") or "{}").items()}
        names = [f"attachment-{n}" for n in range(1, int(form.text("attachment-count") or 0) + 1)]
        raw = rebuilt(
            headers=_pairs(json.loads(form.text("message-headers"))),
            text=_optional(form, "body-plain"),
            html=_optional(form, "body-html"),
            enclosed=_files(form, names, numbers),
        )
    return [Letter(raw, form.text("sender"), _recipients(form.text("recipient").split(",")))]


def postmark(call: Call) -> list[Letter]:
    """Postmark's inbound stream: 'RawEmail' where it is switched on, else fields and files."""
    said = call.json()
    given = [(header["Name"], header["Value"]) for header in said["Headers"]]
    sender = ""
    if given and given[0][0].lower() == "return-path":
        # Put in front by Postmark; it stands in no mail.
        sender = given.pop(0)[1]
    if said.get("RawEmail"):
        raw = _whole(said["RawEmail"])
    else:
        headers = [*_postmark_fields(said, {name.lower() for name, _value in given}), *given]
        enclosed = [
            Enclosed(
                data=base64.b64decode(one.get("Content") or one.get("Data") or ""),
                filename=one.get("Name") or "",
                content_type=one.get("ContentType") or "",
                content_id=one.get("ContentID") or "",
            )
            for one in said.get("Attachments") or []
        ]
        raw = rebuilt(
            headers=headers,
            text=said.get("TextBody") or "",
            html=said.get("HtmlBody") or None,
            enclosed=enclosed,
        )
    return [Letter(raw, sender.strip("<> "), _recipients([said.get("OriginalRecipient")]))]


def sendgrid(call: Call) -> list[Letter]:
    """SendGrid's Inbound Parse: 'email' with 'POST the raw, full MIME message', else fields and files."""
    form = call.form()
    envelope = json.loads(form.text("envelope") or "{}")
    raw = form.data("email")
    if raw is None:
        charsets = json.loads(form.text("charsets") or "{}")
        about = json.loads(form.text("attachment-info") or "{}")
        names = list(about) or [one.name for one in form.fields if one.filename is not None]
        ids = {name: one.get("content-id") or "" for name, one in about.items()}
        raw = rebuilt(
            headers=_head(form.data("headers")),
            text=_in_charset(form, "text", charsets),
            html=_in_charset(form, "html", charsets),
            enclosed=_files(form, names, ids),
        )
    return [Letter(raw, envelope.get("from") or "", _recipients(envelope.get("to") or []))]


def mandrill(call: Call) -> list[Letter]:
    """Mandrill's inbound routes: a list of events with 'raw_msg'."""
    events = json.loads(call.form().text("mandrill_events"))
    return [
        Letter(_whole(event["msg"]["raw_msg"]), "", _recipients([event["msg"].get("email")]))
        for event in events
        if event.get("event") == "inbound"
    ]


def sparkpost(call: Call) -> list[Letter]:
    """SparkPost's relay webhooks: a list of messages with 'email_rfc822'."""
    messages = [one["msys"]["relay_message"] for one in call.json() if one.get("msys")]
    return [
        Letter(
            _whole(one["content"]["email_rfc822"], in_base64=one["content"].get("email_rfc822_is_base64")),
            one.get("msg_from") or "",
            _recipients([one.get("rcpt_to")]),
        )
        for one in messages
    ]


def mailjet(call: Call) -> list[Letter]:
    """Mailjet's Parse API: fields, and files in base64."""
    said = call.json()
    enclosed = []
    for part in said.get("Parts") or []:
        reference = part.get("ContentRef") or ""
        if "Attachment" in reference:
            about = Message()
            for name, value in _pairs(part.get("Headers") or {}):
                about[name] = value.replace("\r", " ").replace("\n", " ")
            enclosed.append(
                Enclosed(
                    data=base64.b64decode(said[reference]),
                    filename=about.get_filename() or "",
                    content_type=about.get_content_type(),
                    content_id=about.get("Content-ID") or "",
                )
            )
    raw = rebuilt(
        headers=_pairs(said.get("Headers") or {}),
        text=said.get("Text-part"),
        html=said.get("Html-part"),
        enclosed=enclosed,
    )
    return [Letter(raw, said.get("Sender") or "", _recipients([said.get("Recipient")]))]


def brevo(call: Call) -> list[Letter]:
    """Brevo's inbound parsing: fields; the files are asked for one by one."""
    return [_of_brevo(item, call) for item in call.json()["items"]]


def mailersend(call: Call) -> list[Letter]:
    """MailerSend's inbound routes: 'raw'."""
    data = call.json()["data"]
    recipients = [one.get("email") for one in (data.get("recipients") or {}).get("rcptTo") or []]
    sender = (data.get("sender") or {}).get("email") or ""
    return [Letter(_whole(data["raw"]), sender, _recipients(recipients))]


def postal(call: Call) -> list[Letter]:
    """Postal's HTTP endpoints with 'raw message'."""
    said = call.json()
    raw = _whole(said["message"], in_base64=said.get("base64"))
    return [Letter(raw, said.get("mail_from") or "", _recipients([said.get("rcpt_to")]))]


def resend(call: Call) -> list[Letter]:
    """Resend's 'email.received': only an id, by which the whole mail is asked for."""
    data = call.json()["data"]
    key = {"Authorization": f"Bearer {call.options.get('api_key', '')}"}
    base = call.options.get("api_url", RESEND).rstrip("/")
    about = fetch_json(
        f"{base}/emails/receiving/{quote(data['email_id'], safe='')}", limit=call.limit, headers=key
    )
    url = (about.get("raw") or {}).get("download_url")
    if not url:
        raise NotFetched("Resend does not say where the whole mail is.")
    return [Letter(fetch(url, limit=call.limit), "", _recipients(data.get("to") or []))]


def mailtrap(call: Call) -> list[Letter]:
    """Mailtrap's inbound webhooks: only ids, by which the whole mails are asked for."""
    key = {"Authorization": f"Bearer {call.options.get('api_token', '')}"}
    base = call.options.get("api_url", MAILTRAP).rstrip("/")
    found = []
    for event in call.json().get("events") or []:
        if event.get("inbox_id") in {None, 1}:
            continue  # what 'Test your integration' sends
        inbox, mail = (quote(str(event[name]), safe="") for name in ("inbox_id", "message_id"))
        about = fetch_json(f"{base}/inbound/inboxes/{inbox}/messages/{mail}", limit=call.limit, headers=key)
        found.append(Letter(fetch(about["raw_message_url"], limit=call.limit)))
    return found


def amazon_ses(event: Mapping[str, Any]) -> Letter | None:
    """The mail in a notice of an Amazon SES receipt rule with an SNS action; None where it lies in S3."""
    receipt = event.get("receipt") or {}
    action = receipt.get("action") or {}
    if action.get("type") != "SNS":
        return None
    in_base64 = action.get("encoding", "").upper() == "BASE64"
    sender = (event.get("mail") or {}).get("source") or ""
    return Letter(
        _whole(event["content"], in_base64=in_base64), sender, _recipients(receipt.get("recipients") or [])
    )


def _of_brevo(item: Mapping[str, Any], call: Call) -> Letter:
    key = {"api-key": call.options.get("api_key", "")}
    base = call.options.get("api_url", BREVO).rstrip("/")
    enclosed = [
        Enclosed(
            data=fetch(
                f"{base}/inbound/attachments/{quote(one['DownloadToken'], safe='')}",
                limit=call.limit,
                headers=key,
            ),
            filename=one.get("Name") or "",
            content_type=one.get("ContentType") or "",
            content_id=one.get("ContentID") or "",
        )
        for one in item.get("Attachments") or []
    ]
    headers = _pairs(item.get("Headers") or {})
    raw = rebuilt(
        headers=headers,
        text=item.get("RawTextBody") or "",
        html=item.get("RawHtmlBody") or None,
        enclosed=enclosed,
    )
    by_name = {name.lower(): value.strip("<> ") for name, value in headers}
    return Letter(raw, by_name.get("return-path", ""), _recipients([by_name.get("delivered-to")]))


def _postmark_fields(said: Mapping[str, Any], given: set[str]) -> Iterator[tuple[str, str]]:
    """The fields that Postmark takes out of the head and names by themselves."""
    names = {"From": "From", "To": "To", "Cc": "Cc", "Subject": "Subject", "Date": "Date"}
    for name, key in {**names, "Reply-To": "ReplyTo"}.items():
        if said.get(key) and name.lower() not in given:
            yield name, said[key]


def _pairs(headers: Mapping[str, Any] | Iterable[Any]) -> list[tuple[str, str]]:
    """Fields as (name, value), of a list of pairs or of names with one value or several."""
    if not isinstance(headers, Mapping):
        return [(str(pair[0]), str(pair[1])) for pair in headers]
    return [
        (name, str(value))
        for name, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _head(raw: bytes | None) -> list[tuple[str, str]]:
    if raw is None:
        raise KeyError("headers")
    text = raw.decode("utf-8", errors="replace")
    return [(name, str(value)) for name, value in HeaderParser().parsestr(text.lstrip("\r\n")).items()]


def _files(form: forms.Form, names: Iterable[str], ids: Mapping[str, str]) -> list[Enclosed]:
    """The files in these fields, all of them: one that is missing must not be lost unseen."""
    found = []
    for name in names:
        one = form.get(name)
        if one is None:
            raise KeyError(name)
        found.append(Enclosed(one.data, one.filename or "", one.content_type, ids.get(name, "")))
    return found


def _optional(form: forms.Form, name: str) -> str | None:
    found = form.get(name)
    return found.text if found else None


def _in_charset(form: forms.Form, name: str, charsets: Mapping[str, str]) -> str | None:
    data = form.data(name)
    if data is None:
        return None
    try:
        return data.decode(charsets.get(name) or "utf-8", errors="replace")
    except LookupError:
        return data.decode("utf-8", errors="replace")


def _whole(text: str, *, in_base64: Any = False) -> bytes:
    """The bytes of a mail that came as text; a half of a character, which no mail has, becomes '?'."""
    return base64.b64decode(text) if in_base64 else text.encode("utf-8", errors="replace")


def _recipients(addresses: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(address.strip("<> ") for address in addresses if address and address.strip("<> "))

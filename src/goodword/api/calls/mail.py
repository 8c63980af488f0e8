"""Mail brought by a program: one POST with the mail as it is."""

from typing import Annotated, Any

from django.conf import settings
from django.db import Error
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field, StringConstraints

from goodword.api import forms
from goodword.api.access import Request, brings_mail
from goodword.api.problems import ProblemError
from goodword.mail.actions import Unusable, accept

MAIL, FORM = "message/rfc822", "multipart/form-data"
Address = Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=r"^[^\s<>\x00]+$")]
_MAIL_BODY = {"schema": {"type": "string", "format": "binary"}}
_FORM_BODY = {
    "schema": {
        "type": "object",
        "properties": {"email": {"type": "string", "format": "binary"}},
        "required": ["email"],
    }
}
router = Router(tags=["mail"])


class Envelope(BaseModel):
    """Whom the mail was delivered to; without it the fields of the mail decide."""

    to: list[Address] = Field(default=[], max_length=100, description="A recipient; may be repeated.")
    sender: str = Field(
        default="", max_length=320, pattern=r"^[^\s<>\x00]*$", description="Who handed it over."
    )


class KeptMail(BaseModel):
    """The mail in one of the mailboxes it is for."""

    id: int
    mailbox: str = Field(description="Address of the mailbox.")
    state: str = Field(description="waiting, done, needs_person or set_aside.")


class MailOut(BaseModel):
    """What became of a mail."""

    outcome: str = Field(
        description="kept; repeated: it was here already; removed: it was deleted here for good."
    )
    mails: list[KeptMail] = Field(description="One for each mailbox that the mail is for.")


@router.post(
    "/mail",
    response={200: MailOut, 201: MailOut},
    auth=brings_mail,
    openapi_extra={"requestBody": {"required": True, "content": {MAIL: _MAIL_BODY, FORM: _FORM_BODY}}},
)
def deliver_mail(request: Request, envelope: Query[Envelope]) -> Status[Any]:
    """Hand a mail in, as it is: the body is the mail, or a form has it in the field `email`.

    When this answers, the mail is kept: 201, or 200 for one that was here already. Until then nothing is, and
    the call can be repeated without harm, also after a 503. A message is made of it a moment later.
    """
    if unknown := sorted(set(request.GET) - set(Envelope.model_fields)):
        # A recipient under a wrong name would silently go elsewhere.
        raise ProblemError(
            422, "invalid", f"query.{unknown[0][:60]}: There is 'to' and 'sender', and no other."
        )
    raw = _mail_in(request)
    try:
        accepted = accept(
            raw=raw, source="api", envelope_from=envelope.sender, envelope_to=tuple(envelope.to)
        )
    except Unusable as error:
        raise ProblemError(422, "no-mail", str(error)) from error
    except Error as error:
        detail = (
            "The mail cannot be kept right now, because the database does not answer. Send it again later."
        )
        raise ProblemError(503, "database-away", detail) from error
    kept = [KeptMail(id=mail.pk, mailbox=mail.mailbox.address, state=mail.state) for mail in accepted.mails]
    return Status(201 if accepted.created else 200, MailOut(outcome=accepted.outcome.value, mails=kept))


def _mail_in(request: Request) -> bytes:
    """The bytes of the mail, as they were sent; raises ProblemError 400, 413 or 415."""
    kind = (request.content_type or "").lower()
    if kind not in {MAIL, FORM}:
        detail = (
            f"The body is '{kind[:60]}'; send the mail as {MAIL}, or a form as {FORM} with the field 'email'."
        )
        raise ProblemError(415, "not-mail", detail)
    raw: bytes | None = request.body
    if kind == FORM:
        try:
            raw = forms.read(request.headers["Content-Type"], request.body).data("email")
        except forms.BadForm as error:
            raise ProblemError(400, "bad-form", str(error)) from error
    if raw is None:
        raise ProblemError(422, "no-mail", "The form has no field 'email'. Put the mail there.")
    limit = settings.CONFIG.mail_max_bytes
    if len(raw) > limit:
        detail = f"The mail is larger than {limit} bytes; GOODWORD_MAIL_MAX_BYTES says how large one may be."
        raise ProblemError(413, "too-large", detail)
    return raw

"""A customer's complaints, for their export."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from goodword.customers import registry
from goodword.customers.registry import Asked, Entry, File, Section
from goodword.mail.models import Blob

from . import access
from .models import Complaint
from .remedies import UNAGREED

PARTS = ("stage_records", "proposals__options", "proposals__choices", "remedies", "follow_ups", "evidence")


@registry.exporting.add
def complaints(asked: Asked) -> Iterable[Section]:
    """Each with stages, offers, choices and remedies; what was found out within the house when asked for."""
    yield Section("complaints", _("Complaints"), _each(asked))


def _each(asked: Asked) -> Iterator[Entry]:
    own = access.complaints(asked.agent).filter(customer=asked.customer).order_by("pk")
    for one in own.prefetch_related(*PARTS, "questions__answers").iterator(chunk_size=20):
        facts = _facts(one)
        if asked.internal:
            facts |= _within(one)
        shown = [proof for proof in one.evidence.all() if proof.blob_id and asked.internal]
        yield Entry(facts, [File(proof.title, partial(_bytes, str(proof.blob_id))) for proof in shown])


def _facts(one: Complaint) -> dict[str, Any]:
    names = ("number", "opened_at", "what_happened", "wanted", "severity", "product", "order_number", "stage")
    facts = {name: getattr(one, name) for name in (*names, "closed_at", "final_response_at")}
    return facts | {
        "stages": [
            {"stage": record.stage, "entered_at": record.entered_at, "left_at": record.left_at}
            for record in one.stage_records.all()
        ],
        "proposals": [
            {
                "sent_at": offer.sent_at,
                "state": offer.state,
                "text": offer.text,
                "options": [
                    {"kind": option.kind, "text": option.text, "value": option.value}
                    for option in offer.options.all()
                ],
                "choices": [
                    {"at": said.at, "kind": said.kind, "words": said.words} for said in offer.choices.all()
                ],
            }
            for offer in one.proposals.all()
            if offer.sent_at
        ],
        "remedies": [
            {
                "kind": done.kind,
                "what": done.what,
                "state": done.state,
                "proof": done.proof,
                "at": done.proven_at,
            }
            for done in one.remedies.all()
            if done.state not in UNAGREED
        ],
        "follow_ups": [
            {"asked_at": asked.sent_at, "all_well": asked.is_content, "words": asked.words}
            for asked in one.follow_ups.all()
            if asked.sent_at
        ],
    }


def _within(one: Complaint) -> dict[str, Any]:
    """What the house found out, and what it cost."""
    return {
        "fault": one.fault,
        "fault_note": one.fault_note,
        "cost": one.cost,
        "evidence": [{"at": it.at, "title": it.title, "text": it.text} for it in one.evidence.all()],
        "questions": [
            {
                "asked_at": asked.asked_at,
                "text": asked.text,
                "answers": [{"at": said.at, "text": said.text} for said in asked.answers.all()],
            }
            for asked in one.questions.all()
        ],
    }


def _bytes(digest: str) -> bytes:
    return bytes(Blob.objects.get(pk=digest).data)

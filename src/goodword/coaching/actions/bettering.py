"""'Make it better': a draft with every safe replacement, or, where a model is set up, in a model's words."""

from typing import Any, Unpack

from django.utils.translation import gettext as _

from goodword.coach import rewriting
from goodword.coach.errors import CoachError

from ..model_door import ModelError, ask_model
from .reviewing import Told, asked, known_of


def make_better(*, team_id: int | None = None, **told: Unpack[Told]) -> dict[str, Any]:
    """`text` and the `changes` that lead to it, each with its reason (`coach.rewriting.Rewrite`).

    Takes what `review_draft` takes and never raises for odd text: with nothing to say the draft comes back.
    """

    def ask() -> dict[str, Any]:
        ours, words, known = known_of(team_id, **told)
        made = rewriting.rewrite(words, pack=ours.pack, **known)
        return {"text": made.text, "changes": made.changes, "left": len(made.review.findings)}

    return asked(ask, otherwise={"text": told["draft"], "changes": (), "left": 0})


def in_model_words(*, team_id: int | None = None, **told: Unpack[Told]) -> dict[str, Any]:
    """The draft in a model's words: `text`, or the sentences that say why these are `refused`.

    What the model wrote is reviewed again and refused where it promises or states what neither the draft nor
    the customer nor a policy says. It is an offer: nothing is kept or sent. Raises ModelError when no model
    is set up or it gives no answer in time.
    """
    ours, words, known = known_of(team_id, **told)
    written = ask_model(
        draft=words,
        customer_message=known["customer_message"],
        policies=known["policies"],
        remarks=[finding.message for finding in rewriting.reviewed(words, pack=ours.pack, **known).findings],
    )
    try:
        added = rewriting.additions(words, written, pack=ours.pack, **known)
    except CoachError as error:
        raise ModelError(str(error)) from error
    refused = [_refusal(addition) for addition in added]
    return {"text": "" if refused else written, "refused": refused}


def _refusal(addition: rewriting.Addition) -> str:
    sentences = {
        "promise": _("It promises something your draft does not: “%(quote)s”."),
        "figure": _("It names a figure nobody gave: “%(quote)s”."),
        "address": _("It names an address nobody gave: “%(quote)s”."),
        "name": _("It names “%(quote)s”, which nobody mentioned."),
    }
    return sentences[addition.kind] % {"quote": addition.quote}

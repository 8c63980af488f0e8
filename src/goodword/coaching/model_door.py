"""The one door to a language model: any server that speaks the OpenAI chat completions. Off unless set up.

Asked over the network with a deadline for the whole answer; whatever comes back is only text.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from goodword.kit.asking import ask

WITHIN = 30.0  # seconds for the whole answer
MOST_BYTES = 400_000
TASK = (
    "You improve the wording of a reply to a customer. Keep every fact, figure, date, name and promise as it "
    "is; add none and leave none out. Answer what the customer asked only with what the reply already says. "
    "Use plain, kind, short sentences in the language of the reply. Return the improved reply, nothing else."
)


class ModelError(Exception):
    """No model is set up, or it gave no usable answer; the text is a sentence for whoever asked."""


def is_set_up() -> bool:
    return bool(settings.MODEL_URL)


def ask_model(*, draft: str, customer_message: str, policies: Sequence[str], remarks: Sequence[str]) -> str:
    """The draft in the model's words. Raises ModelError, with what to do."""
    if not is_set_up():
        raise ModelError(_("No model is set up. Set GOODWORD_MODEL_URL to use one."))
    told = [
        ("The customer wrote", customer_message),
        ("What the company stands by", "\n".join(policies)),
        ("What a careful colleague would change", "\n".join(remarks)),
        ("The reply", draft),
    ]
    messages = [
        {"role": "system", "content": TASK},
        {"role": "user", "content": "\n\n".join(f"{head}:\n{words}" for head, words in told if words)},
    ]
    body = {"model": settings.MODEL_NAME, "messages": messages, "temperature": 0}
    return _words_in(_post(json.dumps(body).encode()))


def _post(body: bytes) -> bytes:
    url = f"{settings.MODEL_URL.rstrip('/')}/chat/completions"
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if settings.MODEL_KEY:
        headers["Authorization"] = f"Bearer {settings.MODEL_KEY}"
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 (http or https: the setting is checked)
    try:
        _status, answer = ask(request, seconds=WITHIN, most_bytes=MOST_BYTES)
        return answer
    except urllib.error.HTTPError as error:
        raise ModelError(_at(url, f"{error.code} {error.reason}")) from error
    except (OSError, ValueError) as error:
        raise ModelError(_at(url, str(getattr(error, "reason", error)))) from error


def _words_in(answer: bytes) -> str:
    try:
        words = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as error:
        raise ModelError(
            _("The model's answer could not be read. Try again, or change it by hand.")
        ) from error
    if not isinstance(words, str) or not words.strip():
        raise ModelError(_("The model gave an empty answer. Try again, or change it by hand."))
    return words.strip()


def _at(url: str, why: str) -> str:
    return _("The model at %(host)s gave no answer (%(why)s). Try again later, or change it by hand.") % {
        "host": urlsplit(url).hostname,
        "why": why,
    }

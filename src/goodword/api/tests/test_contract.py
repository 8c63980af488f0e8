"""The API does what its OpenAPI document says, whatever is sent to it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from goodword.api.actions import create_token
from goodword.api.urls import api
from goodword.inbox.actions import add_promise
from goodword.inbox.models import Conversation
from goodword.inbox.queries.views import write_cursor
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import Agent

# A place in a list cannot be made up.
PLACE = write_cursor("open", datetime(2026, 11, 20, tzinfo=UTC), 1)
schemathesis.openapi.format("list-cursor", st.just(PLACE))
schemathesis.serializer.alias("message/rfc822", "application/octet-stream")


DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
schema = schemathesis.openapi.from_dict(DOCUMENT, config=SchemathesisConfig(seed=20261121))
schema.app = get_wsgi_application()


@pytest.fixture
def key(conversation: Conversation, administrator: Agent) -> str:
    """A token that may do everything, in a house where something is going on."""
    promise = NewPromise(what="Call back", quote="", due_at=None, whole_day=False, due_text="")
    add_promise(conversation=conversation, agent=administrator, promise=promise)
    return create_token(name="contract", scope="admin")[1]


# Real transactions: one that stayed open so long would hold back the live updates of tests beside this one.
@pytest.mark.django_db(transaction=True)
@schema.parametrize()
@settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_call_keeps_to_the_document(case: schemathesis.Case, key: str) -> None:
    if "id" in (case.path_parameters or {}) and case.meta and case.meta.generation.mode.is_positive:
        case.path_parameters["id"] = _known(case.path)
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"})


def _known(path: str) -> int:
    """Something that is there, so that more than 'not found' is tried."""
    if path.startswith("/api/v1/promises"):
        return Promise.objects.order_by("id").values_list("pk", flat=True)[0]
    place = Conversation.objects.order_by("id")[0]
    return place.customer_id if "/customers" in path else place.pk


def test_the_document_is_served_to_everybody(client: Client) -> None:
    served = client.get("/api/v1/openapi.json")
    assert served.json() == DOCUMENT
    assert served.json()["openapi"].startswith("3.1")


def test_the_house_has_the_api_at_its_place() -> None:
    assert resolve("/api/v1/openapi.json", urlconf="goodword.ops.urls").url_name == "openapi-json"


def test_calls_have_short_names() -> None:
    names = [call["operationId"] for calls in DOCUMENT["paths"].values() for call in calls.values()]
    assert len(names) == len(set(names))
    assert "list_conversations" in names


def test_the_manual_has_an_example_for_each_call() -> None:
    manual = (Path(__file__).parents[4] / "docs" / "api.md").read_text()
    for path, calls in DOCUMENT["paths"].items():
        for method in calls:
            heading = f"{method.upper()} {path.removeprefix('/api/v1')}\n"
            assert heading in manual, f"docs/api.md has no example for {heading}"
            example = manual.split(heading)[1].split("\n#")[0]
            assert "curl" in example, f"docs/api.md shows no curl for {heading}"

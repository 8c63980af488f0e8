"""Very many conversations: as many as asked for, shaped as announced, and the tables whole afterwards."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.models import Avg, Count, Exists, OuterRef

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.inbox.models import Conversation, Message, Tag
from goodword.mail.models import Mailbox
from goodword.ops.commands import seed as command
from goodword.ops.sample import bulk, copying
from goodword.ops.sample.bulk import Tables
from goodword.staff.models import Agent

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 2500


def quiet(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def index_names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def before() -> Iterator[set[str]]:
    """The indexes as they were."""
    yield index_names()
    connections.close_all()


def test_the_conversations_are_shaped_as_announced(before: set[str]) -> None:
    bulk.seed(COUNT, seed=3, progress=quiet)
    assert Conversation.objects.count() == COUNT
    assert Customer.objects.count() == COUNT // bulk.PER_CUSTOMER
    per_customer = Customer.objects.annotate(n=Count("conversations")).values_list("n", flat=True)
    assert set(per_customer) == {bulk.PER_CUSTOMER}
    assert 0.16 < Conversation.objects.filter(state="open").count() / COUNT < 0.24
    assert 10 <= Conversation.objects.filter(message_count=bulk.LONG_LENGTH).count() <= 45
    mean = Conversation.objects.aggregate(mean=Avg("message_count"))["mean"]
    assert 2.2 < mean < 2.6
    assert Message.objects.count() == sum(Conversation.objects.values_list("message_count", flat=True))
    assert Message.objects.filter(text="").count() == 0
    assert before == index_names()
    assert not has_orphans()


def test_more_can_be_added_and_single_rows_too(before: set[str]) -> None:
    bulk.seed(40, seed=1, progress=quiet)
    bulk.seed(40, seed=2, progress=quiet)
    assert Conversation.objects.count() == 80
    customer = Customer.objects.create(name="Somebody else")
    place = Conversation.objects.create(customer=customer, subject="After the seed")
    message = Message.objects.create(conversation=place, kind="customer", text="Hello")
    assert message.pk == Message.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert Event.objects.create(kind="after.seed").pk
    assert (Agent.objects.count(), Mailbox.objects.count()) == (12, 1)
    assert Tag.objects.count() > 10


def test_indexes_of_a_killed_run_come_back_with_the_next(before: set[str]) -> None:
    killed = copying.without_indexes(Tables().all(), progress=quiet)
    killed.__enter__()
    assert index_names() < before
    bulk.seed(5, seed=1, progress=quiet)
    assert index_names() == before


def test_the_same_seed_tells_the_same_letters(before: set[str]) -> None:
    bulk.seed(30, seed=11, progress=quiet)
    bulk.seed(30, seed=11, progress=quiet)
    subjects = list(Conversation.objects.order_by("pk").values_list("subject", flat=True))
    assert subjects[:30] == subjects[30:]


@pytest.mark.parametrize("value", ["0", "-1", "many", "1e6", "999999999"])
def test_a_number_that_makes_no_sense_is_said(value: str) -> None:
    with pytest.raises(Exception, match=f"'{value}' is no number"):
        command._count(value)


def has_orphans() -> bool:
    """Whether any foreign key of the filled tables points nowhere: they are not checked while writing."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    for table in Tables().all():
        for field in models[table.name]._meta.concrete_fields:
            if field.is_relation:
                there = field.related_model.objects.filter(
                    **{field.target_field.name: OuterRef(field.attname)}
                )
                rows = models[table.name].objects.filter(**{f"{field.name}__isnull": False})
                if rows.filter(~Exists(there)).exists():
                    return True
    return False

"""What is done about customers while nobody looks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.customers import actions, importing, jobs
from goodword.customers.models import Customer, Duplicate, Import
from goodword.staff.models import Agent


def test_new_customers_are_compared_every_minute(db: None) -> None:
    for letter in "ab":
        actions.customer_of(address=f"{letter}@x.example", name="Ana Petrov")
    jobs.compare(timestamp=0)
    assert Duplicate.objects.get().why == ["name_domain", "name"]
    assert not Customer.objects.filter(compared_at=None).exists()


def test_files_that_nobody_took_in_are_forgotten_at_night(lead: Agent) -> None:
    rows = b"email,name\nada@example.org,Ada\n"
    old, new = (
        importing.begin(agent=lead, kind="customers", source="shop", filename=name, data=rows)
        for name in ("old.csv", "new.csv")
    )
    Import.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=3))
    jobs.compare_many(timestamp=0)
    old.refresh_from_db()
    with pytest.raises(actions.CustomerError, match="kept for two days and is gone now"):
        importing.preview(old)
    assert importing.preview(new).count("new") == 1

"""Once somebody has found out whose fault it was, the coach wants an apology that fits it."""

import pytest

from goodword.coach import review
from goodword.coach.errors import InputError

LEAKS = "This is the second kettle that leaks. You sent me the wrong one, too."
OWNED = "I am sorry: this was our mistake, and we sent you the old seal. A new kettle leaves today."
KIND = "I am sorry that it reached you like that. A new kettle leaves today and is with you by Friday."
COLD = "A new kettle leaves our house today and is with you by Friday with its tracking number."
OF_FAULT = {"apology-missing", "fault-no-apology", "fault-not-owned", "fault-admitted", "fault-unkind"}


def said(draft, fault):
    found = review(draft, customer_message=LEAKS, fault=fault).findings
    return {finding.rule for finding in found} & OF_FAULT


@pytest.mark.parametrize("fault", ["ours", "shared"])
def test_where_it_was_ours_only_an_apology_that_owns_it_will_do(fault):
    assert said(OWNED, fault) == set()
    assert said(KIND, fault) == {"fault-not-owned"}
    assert said(COLD, fault) == {"fault-no-apology"}


@pytest.mark.parametrize("fault", ["carrier", "customer", "unclear"])
def test_where_it_was_not_ours_it_is_kind_and_admits_nothing(fault):
    assert said(OWNED, fault) == {"fault-admitted"}
    assert said(KIND, fault) == set()
    assert said(COLD, fault) == {"fault-unkind"}


@pytest.mark.parametrize("fault", [None, ""])
def test_where_nobody_found_out_the_customers_words_count(fault):
    assert said(OWNED, fault) == set()
    assert said(COLD, fault) == {"apology-missing"}


def test_a_fault_there_is_not_is_refused():
    with pytest.raises(InputError, match="'weather'"):
        review(KIND, fault="weather")

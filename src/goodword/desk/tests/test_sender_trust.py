"""Beside a sender's name stands what our own servers say of them."""

from dataclasses import replace

import pytest

from goodword.desk.thread import item_of
from goodword.inbox import queries
from goodword.inbox.models import Message
from goodword.inbox.tests.test_intake import answer_to, receive, written

pytestmark = pytest.mark.django_db

OURS = "mx.desk.example"


@pytest.fixture(autouse=True)
def trusted(settings):
    settings.CONFIG = replace(settings.CONFIG, mail_trusted_servers=(OURS,))


def test_the_thread_says_who_is_confirmed_and_who_may_be_forged(mailbox, lead):
    confirmed = receive(written(Authentication_Results=f"{OURS}; dmarc=pass header.from=example.org"))
    forged = receive(answer_to(confirmed, Authentication_Results=f"{OURS}; dmarc=fail"))
    words = [item_of(queries.shown(lead, one)).trust for one in (confirmed, forged)]
    assert [word.words for word in words] == ["sender confirmed", "sender may be forged"]
    assert words[0].details == ("DMARC: pass for example.org", f"Checked by {OURS}.")
    assert "before you act on it" in words[1].details[0]


def test_the_page_shows_it_with_the_details_behind_it(client, mailbox, lead):
    forged = receive(written(Authentication_Results=f"{OURS}; dmarc=fail"))
    client.force_login(lead)
    page = client.get(f"/conversations/{forged.conversation_id}/").content.decode()
    assert '<details class="trust trust--forged">' in page
    assert "sender may be forged" in page
    assert f"Checked by {OURS}." in page
    assert Message.objects.get().text == "My lamp broke."

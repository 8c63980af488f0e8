"""Very many conversations, told from the same scenarios as the sample, for measuring."""

import html
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import connections, transaction
from django.utils import timezone

from goodword.customers.models import Customer, CustomerAddress
from goodword.events.models import Event
from goodword.inbox.models import (
    Assignment,
    Closure,
    Conversation,
    ConversationPromise,
    ConversationTag,
    Message,
    Participant,
    Tag,
)
from goodword.mail.models import Mailbox
from goodword.promises import moments
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from . import cast, copying, days, script
from .cast import LANGUAGES, Clerk, Writer, ascii_name
from .copying import Table
from .script import Scenario
from .story import Frame, Said, Story, tell

Progress = Callable[[str, int, int], None]

PER_CUSTOMER = 5
OPEN, SNOOZED = 0.2, 0.03
LONG_SHARE, LONG_LENGTH = 0.01, 20
# One to four messages; with the long ones that makes 2.4 on average.
LENGTHS = (1,) * 25 + (2,) * 40 + (3,) * 23 + (4,) * 12
SPAN = timedelta(days=900)
YOUNGEST = timedelta(days=45)  # the longest telling is over by now
BATCH = 4_000


@dataclass(frozen=True, slots=True)
class Floor:
    """Those who answer, by their ids, and the mailbox they answer from."""

    clerks: tuple[Clerk, ...]
    agents: dict[str, int]
    tags: dict[str, int]
    mailbox: int
    address: str


class Tables:
    """The tables that are filled, each with the columns that vary."""

    def __init__(self) -> None:
        self.customers = Table(Customer, "name", "language", "since")
        self.addresses = Table(CustomerAddress, "customer_id", "address", "created_at")
        self.conversations = Table(
            Conversation,
            *("customer_id", "mailbox_id", "subject", "opened_at", "state", "assignee_id", "last_at"),
            *("preview", "waiting_since", "snoozed_until", "message_count", "revision", "feeling"),
            *("feeling_strength", "channel"),
        )
        self.participants = Table(Participant, "conversation_id", "address", "since")
        self.messages = Table(
            Message,
            *("conversation_id", "kind", "at", "agent_id", "customer_id", "sender_name", "sender_address"),
            *("subject", "text", "html", "markdown", "header_id", "revision"),
        )
        self.tags = Table(ConversationTag, "conversation_id", "tag_id", "by_id", "at")
        self.assignments = Table(Assignment, "conversation_id", "agent_id", "by_id", "at")
        self.closures = Table(Closure, "conversation_id", "by_id", "at")
        self.promises = Table(
            Promise,
            *("customer_id", "what", "quote", "due_at", "whole_day", "due_text", "owner_id", "made_by_id"),
            *("made_at", "state"),
        )
        self.places = Table(ConversationPromise, "promise_id", "conversation_id", "message_id")
        self.events = Table(
            Event, "at", "kind", "conversation_id", "customer_id", "mailbox_id", "agent_id", "data"
        )

    def all(self) -> list[Table]:
        """Every table, those that are referred to first."""
        return list(vars(self).values())


def seed(count: int, *, seed: int, progress: Progress) -> None:
    """Add `count` conversations; the same seed on the same day tells the same. Batches are committed one by
    one, so a run that is stopped leaves whole conversations.
    """
    floor = _floor()
    tables = Tables()
    with copying.without_indexes(tables.all(), progress=progress):
        _fill(tables, Teller(tables, floor, count, seed), progress)
        copying.count_on(tables.all())
    copying.tidy(tables.all(), progress=progress)


def _fill(tables: Tables, teller: "Teller", progress: Progress) -> None:
    """Tell the next batch while the database takes the one before."""
    with ThreadPoolExecutor(max_workers=1) as writer:
        writing: Future[None] | None = None
        for done in teller.batches():
            batch = [table.taken() for table in tables.all()]
            if writing:
                writing.result()
            writing = writer.submit(copying.write, batch)
            progress("Conversations", done, teller.count)
        if writing:
            writing.result()
        writer.submit(connections.close_all).result()


class Teller:
    """Tells conversation after conversation into the tables."""

    def __init__(self, tables: Tables, floor: Floor, count: int, seed: int) -> None:
        self.tables, self.floor, self.count = tables, floor, count
        self.chance = Random(seed)  # noqa: S311 nothing secret is drawn
        self.now = timezone.now().astimezone(moments.company_zone())
        self.customers = max(1, count // PER_CUSTOMER)
        self.first_customer = tables.customers.last + 1
        self.names = script.table("people")
        self.scenarios = {
            language: [one for one in script.scenarios() if one.language == language]
            for language in set(LANGUAGES)
        }
        self.weights = {
            language: list(accumulate(one.weight for one in scenarios))
            for language, scenarios in self.scenarios.items()
        }

    def batches(self) -> Iterator[int]:
        """Fill the tables in batches; yields how many conversations are told after each."""
        begin, step = self.now - SPAN, (SPAN - YOUNGEST) / self.count
        # A stride without common divisor visits every customer before it comes back to the first.
        stride = next(odd for odd in (7919, 104_729, 1) if self.customers % odd)
        for number in range(self.count):
            index = number * stride % self.customers
            if number < self.customers:
                self._customer(self.writer(index if stride == 1 else number))
            self._conversation(self.writer(index), days.awake(begin + step * number, self.chance))
            if number % BATCH == BATCH - 1 or number == self.count - 1:
                yield number + 1

    def writer(self, index: int) -> Writer:
        """The customer of that place in the row; always the same for the same place."""
        language = LANGUAGES[index % len(LANGUAGES)]
        names = self.names[language]
        given = names["given"][index * 31 % len(names["given"])]
        surname = names["surname"][index // 7 % len(names["surname"])]
        places, streets = self.names["places"][language], self.names["streets"][language]
        number = self.first_customer + index
        name = f"{given} {surname}"
        return Writer(
            number=number,
            name=name,
            language=language,
            addresses=(f"{ascii_name(name)}.{number}@example.{('com', 'org', 'net')[index % 3]}",),
            organisation="",
            city=places[index % len(places)],
            street=f"{1 + index % 88} {streets[index // 3 % len(streets)]}",
            since=self.now - SPAN,
        )

    def _customer(self, writer: Writer) -> None:
        number = self.tables.customers.add(writer.name, writer.language, writer.since)
        self.tables.addresses.add(number, writer.addresses[0], writer.since)

    def _conversation(self, writer: Writer, opened: datetime) -> None:
        chance = self.chance
        (scenario,) = chance.choices(
            self.scenarios[writer.language], cum_weights=self.weights[writer.language]
        )
        owner, colleague = chance.sample(self.floor.clerks, 2)
        length = LONG_LENGTH if chance.random() < LONG_SHARE else LENGTHS[int(chance.random() * len(LENGTHS))]
        story = tell(scenario, Frame(writer, owner, colleague, opened, self.now, length), chance)
        luck = chance.random()
        state = "open" if luck < OPEN else "snoozed" if luck < OPEN + SNOOZED else "closed"
        mine = None if state == "open" and luck < OPEN / 4 else self.floor.agents[owner.key]
        place = self._place(writer, scenario, story, state, mine)
        self._event(story.said[0].at, "conversation.opened", place, writer, None, "{}")
        for revision, said in enumerate(story.said, 1):
            self._said(place, writer, story, said, revision, self.floor.agents[owner.key], state)
        self._records(place, writer, scenario, story, state, mine)

    def _place(self, writer: Writer, scenario: Scenario, story: Story, state: str, mine: int | None) -> int:
        said = story.said
        spoken = [one for one in said if one.by != "note"]
        waiting = _waiting_since(spoken) if state == "open" else None
        return self.tables.conversations.add(
            writer.number,
            self.floor.mailbox,
            story.subject,
            said[0].at,
            state,
            mine,
            said[-1].at,
            " ".join(spoken[-1].text.split())[:200],
            waiting,
            self.now + timedelta(days=1 + self.chance.random() * 20) if state == "snoozed" else None,
            len(said),
            len(said),
            scenario.feeling,
            0 if scenario.feeling == "calm" else 2,
            "mail",
        )

    def _said(
        self, place: int, writer: Writer, story: Story, said: Said, revision: int, agent: int, state: str
    ) -> None:
        ours = said.by != "customer"
        kind = {"customer": "customer", "agent": "reply", "note": "note"}[said.by]
        number = self.tables.messages.add(
            place,
            kind,
            said.at,
            agent if ours else None,
            None if ours else writer.number,
            "Harbour & Hearth" if ours else writer.name,
            self.floor.address if kind == "reply" else "" if ours else writer.addresses[0],
            "" if kind == "note" else story.subject if revision == 1 else f"Re: {story.subject}",
            said.text,
            _page(said.text) if ours else "",
            said.text if ours else "",
            "" if kind == "note" else f"<{place}.{revision}@example.org>",
            revision,
        )
        told = {"customer": "message.received", "reply": "reply.sent", "note": "note.added"}[kind]
        self._event(said.at, told, place, writer, agent if ours else None, f'{{"message": {number}}}')
        if said.vow:
            due = moments.end_of_day(said.vow.due)
            promise = self.tables.promises.add(
                writer.number,
                *(said.vow.what, said.vow.sentence, due, True, said.vow.due_text, agent, agent, said.at),
                "open" if state == "open" and self.chance.random() < 0.1 else "kept",
            )
            self.tables.places.add(promise, place, number)

    def _records(
        self, place: int, writer: Writer, scenario: Scenario, story: Story, state: str, mine: int | None
    ) -> None:
        opened, last = story.said[0].at, story.said[-1].at
        self.tables.participants.add(place, writer.addresses[0], opened)
        for tag in scenario.tags:
            self.tables.tags.add(place, self.floor.tags[tag], mine, opened)
        if mine:
            self.tables.assignments.add(place, mine, mine, opened)
        if state == "closed":
            self.tables.closures.add(place, mine, last)
            self._event(last, "conversation.closed", place, writer, mine, "{}")

    def _event(
        self, at: datetime, kind: str, place: int, writer: Writer, agent: int | None, data: str
    ) -> None:
        self.tables.events.add(at, kind, place, writer.number, self.floor.mailbox, agent, data)


def _waiting_since(spoken: list[Said]) -> datetime | None:
    waiting: datetime | None = None
    for one in spoken:
        waiting = None if one.by == "agent" else waiting or one.at
    return waiting


def _page(text: str) -> str:
    paragraphs = html.escape(text, quote=False).split("\n\n")
    return "".join(["<p>" + paragraph.replace("\n", "<br>\n") + "</p>\n" for paragraph in paragraphs])


@transaction.atomic
def _floor() -> Floor:
    """The staff, the tags and the mailbox of the sample; made where they are missing."""
    company, clerks = script.table("company"), cast.clerks()
    password = make_password(company["password"])
    agents = {}
    for clerk in clerks:
        known = {"name": clerk.name, "handle": clerk.key, "role": clerk.role, "password": password}
        agents[clerk.key] = Agent.objects.get_or_create(email=clerk.email, defaults=known)[0].pk
    tags = {
        name: Tag.objects.get_or_create(name=name)[0].pk for name in (tag["name"] for tag in company["tag"])
    }
    mailbox, _made = Mailbox.objects.get_or_create(
        address=company["mailbox"], defaults={"name": company["short_name"]}
    )
    return Floor(clerks, agents, tags, mailbox.pk, mailbox.address)

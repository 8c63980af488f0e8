"""The house of the sample as rows: staff, teams, mailboxes, tags, saved replies, customers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from goodword.customers.models import Customer, CustomerAddress, CustomerNote, Organisation
from goodword.inbox.models import SavedReply, Tag
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, Membership, Team

from . import knowing, script
from .cast import Clerk, Writer
from .company import Company
from .ledger import Happening, Ledger

TABLES = (
    Mailbox,
    Agent,
    Team,
    Membership,
    Tag,
    SavedReply,
    Organisation,
    Customer,
    CustomerAddress,
    CustomerNote,
    *knowing.TABLES,
)


@dataclass(frozen=True, slots=True)
class House:
    """The rows that conversations refer to."""

    agents: dict[str, Agent]
    teams: dict[str, Team]
    customers: dict[int, Customer]
    tags: dict[str, Tag]
    mailbox: Mailbox
    repairs: Mailbox

    def mailbox_of(self, team: str) -> Mailbox:
        """The address that customers of this team's matters write to."""
        return self.repairs if team == "repairs" else self.mailbox


def furnish(company: Company, ledger: Ledger) -> House:
    """Note down everything but the conversations."""
    facts = script.table("company")
    opened = company.now - timedelta(days=400)
    teams = {entry["key"]: ledger.add(Team(name=entry["name"])) for entry in facts["team"]}
    agents = _staff(company, teams, ledger, password=make_password(facts["password"]), since=opened)
    house = House(
        agents=agents,
        teams=teams,
        customers={},
        tags={entry["name"]: ledger.add(Tag(name=entry["name"])) for entry in facts["tag"]},
        mailbox=ledger.add(Mailbox(address=facts["mailbox"], name=facts["short_name"], created_at=opened)),
        repairs=ledger.add(Mailbox(address=facts["bench"], name=facts["bench_name"], created_at=opened)),
    )
    for entry in facts["saved_reply"]:
        ledger.add(
            SavedReply(
                name=entry["name"], markdown=entry["text"].strip(), by=agents["ben"], updated_at=opened
            )
        )
    firms: dict[str, Organisation] = {}
    for writer in company.writers:
        house.customers[writer.number] = _customer(writer, firms, agents, ledger, company.now)
    return house


def _staff(
    company: Company, teams: dict[str, Team], ledger: Ledger, *, password: str, since: datetime
) -> dict[str, Agent]:
    agents: dict[str, Agent] = {}
    for clerk in company.clerks:
        agents[clerk.key] = ledger.add(_agent(clerk, password, since))
        for team in clerk.teams:
            ledger.add(Membership(team=teams[team], agent=agents[clerk.key], since=since))
    return agents


def _agent(clerk: Clerk, password: str, since: datetime) -> Agent:
    return Agent(
        email=clerk.email,
        name=clerk.name,
        handle=clerk.key,
        role=clerk.role,
        password=password,
        created_at=since,
    )


def _customer(
    writer: Writer,
    firms: dict[str, Organisation],
    agents: dict[str, Agent],
    ledger: Ledger,
    now: datetime,
) -> Customer:
    name = writer.organisation
    if name and name not in firms:
        firms[name] = ledger.add(Organisation(name=name))
    known = knowing.known_of(writer)
    customer = ledger.add(
        Customer(
            name=writer.name,
            organisation=firms.get(name),
            language=writer.language,
            since=writer.since,
            **known.details,
        )
    )
    for address in writer.addresses:
        ledger.add(CustomerAddress(customer=customer, address=address, created_at=writer.since))
    ledger.tell(Happening(writer.since, "customer.added", customer=customer))
    knowing.tell_of(writer, customer, known, ledger, now=now)
    if writer.note:
        at = writer.since + timedelta(days=20)
        note = ledger.add(
            CustomerNote(customer=customer, author=agents["ben"], body=writer.note, created_at=at)
        )
        ledger.tell(
            Happening(at, "customer.note_added", agent=agents["ben"], customer=customer, facts={"note": note})
        )
    return customer

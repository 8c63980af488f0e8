"""What is done about the people of the house. Each verb is one transaction and writes its event.

What cannot be done is refused with NotAllowed, or with Django's ValidationError that names the field,
so that a form shows the sentence where it belongs. Nobody is ever deleted: who leaves keeps their
history and can no longer log in.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from goodword.events.actions import record
from goodword.mail.models import Mailbox

from . import registry
from .access import NotAllowed, require_administrator, require_lead
from .hours import tell_changed
from .models import Agent, Holiday, Membership, Team

NAME_LENGTH = 200
HANDLE_LENGTH = 60
_HANDLE = re.compile(r"[a-z0-9][a-z0-9_-]*")


@transaction.atomic
def first_administrator(*, name: str, email: str, password: str) -> Agent:
    """Make the first agent, who is an administrator. Raises NotAllowed when there is anybody already."""
    _one_at_a_time()
    if Agent.objects.exists():
        raise NotAllowed(_("Somebody has set this desk up already. Log in, or ask them to add you."))
    return _new_agent(None, name=name, email=email, role=Agent.Role.ADMINISTRATOR, password=password)


@transaction.atomic
def add_agent(
    *, by: Agent | None, name: str, email: str, role: str = Agent.Role.AGENT, password: str | None = None
) -> Agent:
    """Add somebody who answers. `by` None is the house itself (a command on the server).

    Without a password they set one through 'Forgot your password?'.
    """
    if by is not None:
        require_administrator(by)
    _one_at_a_time()
    return _new_agent(by, name=name, email=email, role=role, password=password)


@transaction.atomic
def change_agent(
    *,
    by: Agent,
    agent: Agent,
    name: str | None = None,
    email: str | None = None,
    role: str | None = None,
    is_active: bool | None = None,
    password: str | None = None,
) -> Agent:
    """Change what is given, leave the rest. An administrator must remain; raises NotAllowed for the last."""
    require_administrator(by)
    _one_at_a_time()
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    changes: dict[str, Any] = {
        "name": None if name is None else _name(name),
        "email": None if email is None else _email(email, agent),
        "role": None if role is None else _role(role),
        "is_active": is_active,
    }
    changed = {key for key, value in changes.items() if value not in (None, getattr(agent, key))}
    for key in changed:
        setattr(agent, key, changes[key])
    _administrator_remains(agent)
    if password is not None:
        _set_password(agent, password)
        changed.add("password")
    if changed:
        agent.save()
        _record("agent.changed", by, agent=agent.pk, changed=sorted(changed))
    if "is_active" in changed and not agent.is_active:
        for tell in registry.left:
            tell(agent)
    return agent


@transaction.atomic
def change_profile(
    *,
    agent: Agent,
    name: str | None = None,
    handle: str | None = None,
    theme: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    signature: str | None = None,
) -> Agent:
    """What agents change about themselves."""
    _one_at_a_time()
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    changes: dict[str, Any] = {
        "name": None if name is None else _name(name),
        "handle": None if handle is None else _handle(handle, agent),
        "theme": None if theme is None else _choice("theme", theme, Agent.Theme.values),
        "language": None
        if language is None
        else _choice("language", language, list(dict(settings.LANGUAGES))),
        "time_zone": None if time_zone is None else _time_zone(time_zone),
        "signature": None if signature is None else signature.replace("\x00", "").rstrip()[:5_000],
    }
    changed = [key for key, value in changes.items() if value not in (None, getattr(agent, key))]
    for key in changed:
        setattr(agent, key, changes[key])
    if changed:
        agent.save(update_fields=changed)
        _record("agent.profile_changed", agent, changed=sorted(changed))
    return agent


@transaction.atomic
def add_team(
    *, by: Agent | None, name: str, members: Iterable[Agent] = (), mailboxes: Iterable[Mailbox] = ()
) -> Team:
    """Add a team. A mailbox given to teams is closed to everybody else but leads."""
    if by is not None:
        require_administrator(by)
    _one_at_a_time()
    team = Team.objects.create(name=_team_name(name))
    _fill(team, members, mailboxes)
    _record("team.added", by, team=team.pk, name=team.name)
    return team


@transaction.atomic
def set_team(
    *,
    by: Agent,
    team: Team,
    name: str | None = None,
    members: Iterable[Agent] | None = None,
    mailboxes: Iterable[Mailbox] | None = None,
) -> Team:
    """Change a team's name, its whole membership or its mailboxes; what is not given stays."""
    require_administrator(by)
    _one_at_a_time()
    team = Team.objects.select_for_update().get(pk=team.pk)
    if name is not None and team.name != name:
        team.name = _team_name(name, team)
        team.save(update_fields=["name"])
    _fill(team, members, mailboxes)
    _record("team.changed", by, team=team.pk, name=team.name)
    return team


@transaction.atomic
def remove_team(*, by: Agent, team: Team) -> None:
    """Take a team away; its members stay, and mailboxes that no other team has are open to all again."""
    require_administrator(by)
    name, pk = team.name, team.pk
    if Team.objects.filter(pk=pk).delete()[0]:
        _record("team.removed", by, team=pk, name=name)


@transaction.atomic
def add_holiday(*, by: Agent, day: date, name: str, team: Team | None = None) -> Holiday:
    """A day on which nobody works, or one team does not; adding it again only changes its name."""
    require_lead(by)
    holiday, new = Holiday.objects.update_or_create(team=team, day=day, defaults={"name": _name(name)})
    if new:
        _record("holiday.added", by, day=day.isoformat(), name=holiday.name)
        tell_changed(team)
    return holiday


@transaction.atomic
def remove_holiday(*, by: Agent, holiday: Holiday) -> None:
    """The house works on that day after all."""
    require_lead(by)
    if Holiday.objects.filter(pk=holiday.pk).delete()[0]:
        _record("holiday.removed", by, day=holiday.day.isoformat(), name=holiday.name)
        tell_changed(holiday.team)


def _new_agent(by: Agent | None, *, name: str, email: str, role: str, password: str | None) -> Agent:
    name, email = _name(name), _email(email)
    agent = Agent(name=name, email=email, role=_role(role), handle=_free_handle(name, email))
    if password is None:
        agent.set_unusable_password()
    else:
        _set_password(agent, password)
    agent.save()
    _record("agent.added", by, agent=agent.pk, role=agent.role)
    return agent


def _one_at_a_time() -> None:
    """Changes to the staff wait for each other, so that checks over several rows hold until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('goodword staff'))")


def _administrator_remains(agent: Agent) -> None:
    if agent.is_active and agent.is_administrator:
        return
    others = Agent.objects.filter(role=Agent.Role.ADMINISTRATOR, is_active=True).exclude(pk=agent.pk)
    if not others.exists():
        raise NotAllowed(
            _("%(name)s is the only administrator. Make somebody else an administrator first.")
            % {"name": agent.name}
        )


def _fill(team: Team, members: Iterable[Agent] | None, mailboxes: Iterable[Mailbox] | None) -> None:
    if members is not None:
        wanted = {agent.pk for agent in members}
        team.membership_set.exclude(agent_id__in=wanted).delete()
        new = [Membership(team=team, agent_id=pk) for pk in wanted]
        Membership.objects.bulk_create(new, ignore_conflicts=True)
    if mailboxes is not None:
        team.mailboxes.set(mailboxes)


def _free_handle(name: str, email: str) -> str:
    """A handle of nobody yet: the first name, else the whole name, else that with a number."""
    words = slugify(name).split("-")
    plain = [word for word in (words[0], "-".join(words), slugify(email.partition("@")[0]), "agent") if word]
    bases = [base[: HANDLE_LENGTH - 6].strip("-_") for base in plain]
    taken = set(Agent.objects.values_list("handle", flat=True))
    numbered = (f"{bases[0]}{number}" for number in range(2, len(taken) + 3))
    return next(handle for handle in (*bases[:2], *numbered) if handle not in taken)


def _set_password(agent: Agent, password: str) -> None:
    try:
        validate_password(password, agent)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    agent.set_password(password)


def _name(name: str) -> str:
    tidy = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:NAME_LENGTH]
    if not tidy:
        raise ValidationError({"name": _("The name is empty. Write one.")})
    return tidy


def _team_name(name: str, team: Team | None = None) -> str:
    tidy = _name(name)
    if Team.objects.filter(name__iexact=tidy).exclude(pk=team.pk if team else 0).exists():
        raise ValidationError(
            {"name": _("There is a team called '%(name)s' already. Choose another name.") % {"name": tidy}}
        )
    return tidy


def _email(email: str, agent: Agent | None = None) -> str:
    tidy = email.strip().lower()
    try:
        validate_email(tidy)
    except ValidationError as error:
        sentence = _("'%(email)s' is not a mail address. It should look like ada@example.org.")
        raise ValidationError({"email": sentence % {"email": tidy[:100]}}) from error
    holder = Agent.objects.filter(email=tidy).exclude(pk=agent.pk if agent else 0).first()
    if holder is not None:
        sentence = _("%(email)s is already the address of %(name)s. Choose another one.")
        raise ValidationError({"email": sentence % {"email": tidy, "name": holder.name}})
    return tidy


def _handle(handle: str, agent: Agent) -> str:
    tidy = handle.strip().lower().removeprefix("@")
    if not _HANDLE.fullmatch(tidy) or len(tidy) > HANDLE_LENGTH:
        sentence = _("'%(handle)s' cannot be mentioned. Use a-z, 0-9, - and _, such as ada.")
        raise ValidationError({"handle": sentence % {"handle": tidy[:60]}})
    if Agent.objects.filter(handle=tidy).exclude(pk=agent.pk).exists():
        sentence = _("@%(handle)s is somebody else. Choose another handle.")
        raise ValidationError({"handle": sentence % {"handle": tidy}})
    return tidy


def _role(role: str) -> str:
    return _choice("role", role, Agent.Role.values)


def _choice(field: str, value: str, values: list[str]) -> str:
    if value not in values:
        sentence = _("'%(value)s' cannot be chosen here. Choose one of: %(values)s.")
        named = ", ".join(choice for choice in values if choice)
        raise ValidationError({field: sentence % {"value": value[:60], "values": named}})
    return value


def _time_zone(name: str) -> str:
    if name and name not in available_timezones():
        sentence = _("'%(name)s' is no time zone. Write one such as Europe/Berlin.")
        raise ValidationError({"time_zone": sentence % {"name": name[:60]}})
    return name


def _record(kind: str, by: Agent | None, **data: Any) -> None:
    record(kind, agent_id=by.pk if by else None, data=data)

"""The people who answer: agents, their teams, and which mailboxes a team answers."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.mail.models import Mailbox

from .authority import AuthorityLevel


class AgentManager(BaseUserManager["Agent"]):
    """Makes agents with a hashed password."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Agent":
        """Make an agent who may log in."""
        agent = self.model(email=self.normalize_email(email).lower(), **fields)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent

    def get_by_natural_key(self, username: str | None) -> "Agent":
        return self.get(email=(username or "").lower())


class Agent(AbstractBaseUser):
    """Somebody of the house who logs in."""

    class Role(models.TextChoices):
        AGENT = "agent", _("Agent")
        LEAD = "lead", _("Lead")
        ADMINISTRATOR = "administrator", _("Administrator")

    class Theme(models.TextChoices):
        SYSTEM = "", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    handle = models.SlugField(max_length=60, unique=True, help_text="For mentions, such as @ada.")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.AGENT)
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.SYSTEM, blank=True)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, blank=True)
    signature = models.TextField(blank=True)
    languages = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        help_text="Languages they answer in, as 'de'.",
    )
    authority = models.ForeignKey(
        AuthorityLevel, null=True, blank=True, on_delete=models.SET_NULL, related_name="agents"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[AgentManager] = AgentManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_lead(self) -> bool:
        """Leads and administrators see every mailbox and settle what agents may not."""
        return self.role in {self.Role.LEAD, self.Role.ADMINISTRATOR}

    @property
    def is_administrator(self) -> bool:
        return self.role == self.Role.ADMINISTRATOR

    # What allauth expects of a user.
    @property
    def is_staff(self) -> bool:
        return False

    @property
    def is_superuser(self) -> bool:
        return False


class Team(models.Model):
    """Agents who answer together. A mailbox given to teams is closed to everybody else."""

    name = models.CharField(max_length=200, unique=True)
    members = models.ManyToManyField(Agent, through="Membership", related_name="teams")
    mailboxes = models.ManyToManyField(Mailbox, related_name="teams", blank=True)
    time_zone = models.CharField(max_length=60, blank=True, help_text="Of its hours; empty: the company's.")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An agent's place in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "agent"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.agent} in {self.team}"

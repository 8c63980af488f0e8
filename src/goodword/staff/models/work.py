"""What agents can, how much at once, and whether they take work now."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .people import Agent


class Skill(models.Model):
    """Something an agent knows well, such as a product or a kind of case."""

    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class AgentSkill(models.Model):
    """An agent has a skill."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="agents")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "skill"], name="skill_once")]

    def __str__(self) -> str:
        return f"{self.agent}: {self.skill}"


class Capacity(models.Model):
    """How many open conversations of a channel an agent is given at most; a missing one means the house's."""

    agent = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="capacities"
    )
    channel = models.CharField(max_length=20)
    most = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "capacities"
        constraints = [
            models.UniqueConstraint(fields=["agent", "channel"], nulls_distinct=False, name="capacity_once")
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.channel} {self.most}"


class Availability(models.Model):
    """Whether an agent takes new conversations now, and when routing last gave them one."""

    class State(models.TextChoices):
        AVAILABLE = "available", _("takes new conversations")
        AWAY = "away", _("takes no new conversations")

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="availability")
    state = models.CharField(max_length=20, choices=State.choices, default=State.AVAILABLE)
    since = models.DateTimeField(default=timezone.now)
    given_at = models.DateTimeField(null=True, default=None, help_text="Who waited longest is next.")

    class Meta:
        verbose_name_plural = "availabilities"

    def __str__(self) -> str:
        return f"{self.agent_id} {self.state}"

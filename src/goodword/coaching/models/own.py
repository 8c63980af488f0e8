"""What a team makes its own: rules, words, topics and policies. Without a team it is everybody's."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent, Team


class Tailoring(models.Model):
    """That a team has changed its coach. The version never comes twice, so what is made of it can be kept."""

    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE)
    version = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team"], nulls_distinct=False, name="tailoring_of_team")
        ]

    def __str__(self) -> str:
        return f"{self.team or 'everybody'} {self.version}"


class RuleChange(models.Model):
    """A lead changed what a rule does for a team; the newest change holds, an empty one is the standard."""

    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE)
    rule = models.CharField(max_length=120)
    off = models.BooleanField(default=False)
    severity = models.CharField(max_length=4, blank=True)
    message = models.TextField(blank=True)
    why = models.TextField(blank=True)
    reason = models.TextField()
    by = models.ForeignKey(Agent, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["team", "rule", "-id"], name="rule_change_newest")]

    def __str__(self) -> str:
        return f"{self.rule} {'off' if self.off else self.severity}"

    @property
    def is_standard(self) -> bool:
        """Nothing is changed any more."""
        return not (self.off or self.severity or self.message or self.why)


class Term(models.Model):
    """A word of the team: one that customers know, or one with what to say instead."""

    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE)
    words = models.CharField(max_length=120)
    instead = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Agent, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("team", Lower("words"), nulls_distinct=False, name="term_once")
        ]

    def __str__(self) -> str:
        return self.words


class Topic(models.Model):
    """What customers write about, the words that mark it, and the details that an answer needs.

    One named like a topic of the coach's own stands in its place; with `off` that one is left out.
    """

    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    words = ArrayField(models.CharField(max_length=120), default=list)
    details = ArrayField(models.CharField(max_length=20), default=list)
    one_is_enough = models.BooleanField(default=True)
    ask = models.CharField(max_length=300, blank=True)
    off = models.BooleanField(default=False)
    by = models.ForeignKey(Agent, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("team", Lower("name"), nulls_distinct=False, name="topic_once")
        ]

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """A fact that the team stands by, whose it is, and by when it should be looked at again."""

    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE)
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(Agent, on_delete=models.PROTECT)
    review_by = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("team", Lower("text"), nulls_distinct=False, name="policy_once")
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def is_stale(self, today: date) -> bool:
        """Its time to be looked at again has come, or nobody who works here owns it."""
        return not self.owner.is_active or (self.review_by is not None and self.review_by <= today)


class OwnRule(models.Model):
    """A rule that a lead wrote: words to find, what to say of them, and lines that try it."""

    class Subject(models.TextChoices):
        TONE = "tone", _("Tone")
        JARGON = "jargon", _("Words of our own")
        VAGUENESS = "vagueness", _("Something vague")
        NEGATIVE = "negative_phrasing", _("What cannot be done")
        BLAME = "blame", _("Blame")
        OVERPROMISE = "overpromise", _("A promise too great")

    class Severity(models.TextChoices):
        HINT = "hint", _("Hint")
        WARN = "warn", _("Warning")
        STOP = "stop", _("Stop: asks before sending")

    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE)
    words = ArrayField(models.CharField(max_length=120))
    subject = models.CharField(max_length=20, choices=Subject.choices, default=Subject.TONE)
    severity = models.CharField(max_length=4, choices=Severity.choices, default=Severity.WARN)
    message = models.CharField(max_length=300)
    why = models.CharField(max_length=500)
    instead = models.CharField(max_length=120, blank=True)
    good = ArrayField(models.CharField(max_length=500))
    bad = ArrayField(models.CharField(max_length=500))
    by = models.ForeignKey(Agent, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return ", ".join(self.words)[:80]

    @property
    def rule(self) -> str:
        """The id that findings and numbers know it by."""
        return f"own-{self.pk}"

"""When the house works. `working_time` counts with it."""

from django.db import models

from .people import Team


class Shift(models.Model):
    """A stretch of a weekday on which a team works; one that closes at or before it opens ends the next day.

    Without a team it is of the whole house, which holds for every team that has no shifts of its own.
    """

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday, 6 is Sunday.")
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="shift_weekday"),
            models.UniqueConstraint(
                fields=["team", "weekday", "opens"], nulls_distinct=False, name="shift_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class Holiday(models.Model):
    """A day on which nobody works, or one team does not; promises in working days step over it."""

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "day"], nulls_distinct=False, name="holiday_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

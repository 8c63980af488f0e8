"""How much a team, or the whole house, may give in a month."""

from django.db import models

from goodword.staff.models import Team


class TeamBudget(models.Model):
    """What a team may give in a month, from that month on until another budget is set for it.

    Without a team it is of the whole house. Its row is locked while a gesture is given from it, which
    is what keeps gestures at the same moment from giving the last of it twice.
    """

    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="goodwill_budgets"
    )
    month = models.DateField(help_text="The first day of the first month it holds for.")
    amount = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, help_text="In a month; None: no budget from then on."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "month"], nulls_distinct=False, name="budget_once"),
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gte=0), name="budget_not_below_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.month} {self.amount}"

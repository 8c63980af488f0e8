"""Why things go wrong: a tree of causes."""

from django.db import models


class Cause(models.Model):
    """A reason for complaints, in a tree; one that is no longer used stays for the cases it explains."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], nulls_distinct=False, name="cause_once")
        ]

    def __str__(self) -> str:
        return self.name

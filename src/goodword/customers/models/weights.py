"""How much the house lets a kind of moment weigh."""

from django.db import models


class MomentWeight(models.Model):
    """The company's own weight for a kind of moment, in place of the one in `data/moments.toml`."""

    kind = models.CharField(max_length=60, unique=True)
    weight = models.FloatField()

    def __str__(self) -> str:
        return f"{self.kind} {self.weight:+}"

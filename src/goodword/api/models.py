"""Tokens that let programs in."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent


class Token(models.Model):
    """A key for the REST API; only its digest is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and write")
        ADMIN = "admin", _("everything")
        MAIL = "mail", _("hand mail in")

    name = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    agent = models.ForeignKey(
        Agent, null=True, on_delete=models.CASCADE, help_text="Acts as this agent; none: for the whole house."
    )
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, default=None)
    revoked_at = models.DateTimeField(null=True, default=None)

    def __str__(self) -> str:
        return self.name


class IdempotentCall(models.Model):
    """A call that a program may repeat: the same key of the same token gives the same result."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="calls")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, help_text="Digest of what was asked.")
    result_id = models.BigIntegerField(null=True, help_text="Id of what the call made.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="called_once")]
        indexes = [models.Index(fields=["created_at"], name="call_age")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.key}"


class WrongCode(models.Model):
    """A program asked for a voucher that is not there; too many of these and it has to wait."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="wrong_codes")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["token", "at"], name="wrong_code_age")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.at}"

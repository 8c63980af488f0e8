"""How long conversations are kept, what is held back from that, and the log of what went."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_weights_of_moments"),
        ("inbox", "0009_erased_words"),
        ("mail", "0004_mails_left_over"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeepingTimes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "recorded_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Mails that made no message, such as copies of our own.",
                        null=True,
                    ),
                ),
                (
                    "aside_days",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Mails that needed a person and were set aside.", null=True
                    ),
                ),
                (
                    "looks_months",
                    models.PositiveSmallIntegerField(
                        blank=True, default=24, help_text="Who looked.", null=True
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "keeping times",
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                ("months", models.PositiveSmallIntegerField(help_text="Closed and quiet for so long.")),
                (
                    "does",
                    models.CharField(
                        choices=[("erase", "erase the words"), ("delete", "delete for good")],
                        default="erase",
                        max_length=20,
                    ),
                ),
                ("is_on", models.BooleanField(default=False)),
                ("tried_at", models.DateTimeField(default=None, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        blank=True,
                        help_text="None: all.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mail.mailbox",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only with it.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inbox.tag",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("lifted_at", models.DateTimeField(default=None, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="inbox.conversation",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="customers.customer",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("lifted_at", None)),
                        fields=["conversation"],
                        name="hold_conversation",
                    ),
                    models.Index(
                        condition=models.Q(("lifted_at", None)), fields=["customer"], name="hold_customer"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("conversation__isnull", False), ("customer", None)),
                            models.Q(("conversation", None), ("customer__isnull", False)),
                            _connector="OR",
                        ),
                        name="hold_on_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rule", "conversations"),
                            ("recorded", "mails that made no message"),
                            ("aside", "mails that were set aside"),
                            ("files", "files that nothing refers to"),
                            ("looks", "entries of who looked"),
                        ],
                        max_length=20,
                    ),
                ),
                ("day", models.DateField(help_text="The company's day on which it began.")),
                ("name", models.CharField(blank=True, help_text="Of the rule then.", max_length=200)),
                (
                    "does",
                    models.CharField(
                        blank=True,
                        choices=[("erase", "erase the words"), ("delete", "delete for good")],
                        max_length=20,
                    ),
                ),
                ("before", models.DateTimeField(help_text="What is older than this goes.", null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("left_out", models.JSONField(default=dict, help_text="How many by the reason's key.")),
                (
                    "after_at",
                    models.DateTimeField(default=None, help_text="How far it has looked.", null=True),
                ),
                ("after_id", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(default=None, null=True)),
                (
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs",
                        to="inbox.retentionrule",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["id"], name="retention_running"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "rule"), name="one_run_of_a_rule"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "rule"), _negated=True),
                        fields=("kind", "day"),
                        name="one_run_of_a_kind",
                    ),
                ],
            },
        ),
    ]

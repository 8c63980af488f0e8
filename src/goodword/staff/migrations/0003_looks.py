"""Who looked at whose data."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0002_hours_authority_and_work"),
    ]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("page", "opened the page"),
                            ("search", "opened a search result"),
                            ("file", "opened a file"),
                            ("original", "opened the original mail"),
                            ("export", "exported"),
                            ("api", "read through the API"),
                            ("looks", "read who looked"),
                        ],
                        max_length=20,
                    ),
                ),
                ("hour", models.DateTimeField(help_text="The hour that it lies in.")),
                ("customer_id", models.BigIntegerField(null=True)),
                ("conversation_id", models.BigIntegerField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("customer_id__isnull", False)),
                        fields=["customer_id", "-id"],
                        name="look_customer",
                    ),
                    models.Index(fields=["agent", "-id"], name="look_agent"),
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["hour"], name="look_hour", pages_per_range=32
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conversation_id", "customer_id", "agent", "how", "hour"),
                        name="one_look_an_hour",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]

"""Let a remedy wait for approval, and not get it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0010_follow_up_since"),
    ]

    operations = [
        migrations.AlterField(
            model_name="remedy",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "waiting for approval"),
                    ("refused", "not approved"),
                    ("open", "open"),
                    ("under_way", "under way"),
                    ("done", "done"),
                    ("failed", "failed"),
                ],
                default="open",
                max_length=20,
            ),
        ),
    ]

"""Keep since when a follow-up counts what the customer wrote."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="followup",
            name="since",
            field=models.DateTimeField(
                default=django.utils.timezone.now, help_text="When all was done that was agreed."
            ),
        ),
    ]

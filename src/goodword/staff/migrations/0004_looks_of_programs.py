"""Programs look, too: a token of the whole house stands for no agent."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0003_looks")]

    operations = [
        migrations.RemoveConstraint("look", "one_look_an_hour"),
        migrations.AddField(
            "look",
            "program",
            models.CharField(blank=True, default="", help_text="The token it came with.", max_length=200),
            preserve_default=False,
        ),
        migrations.AlterField(
            "look",
            "agent",
            models.ForeignKey(
                help_text="None: a program.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="looks",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "look",
            models.UniqueConstraint(
                fields=["conversation_id", "customer_id", "agent", "program", "how", "hour"],
                nulls_distinct=False,
                name="one_look_an_hour",
            ),
        ),
    ]

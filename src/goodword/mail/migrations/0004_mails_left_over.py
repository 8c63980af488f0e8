"""What made no message is found by its age."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0003_journal_of_earlier_mail"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(
                condition=models.Q(
                    ("state", "set_aside"),
                    models.Q(("state", "done"), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                fields=["received_at", "id"],
                name="rawmail_left_over",
            ),
        ),
    ]

"""Which mails left under a signed address, to which their reports come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0004_mails_left_over"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="signed_sender",
            field=models.BooleanField(
                default=False, help_text="It left under a signed address, to which its reports come."
            ),
        ),
    ]

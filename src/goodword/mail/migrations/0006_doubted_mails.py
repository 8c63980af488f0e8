"""Of which mails a report that nothing proves says that they did not arrive."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0005_signed_senders"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="doubted_at",
            field=models.DateTimeField(
                default=None,
                help_text="When a report that nothing proves said that it did not arrive.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("doubted_at__isnull", False)),
                fields=["doubted_at"],
                name="outgoing_doubted",
            ),
        ),
    ]

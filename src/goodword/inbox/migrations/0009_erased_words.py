"""When the words of a conversation were erased, and how those are found whose words are still there."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("inbox", "0008_clocks_name_their_terms")]

    operations = [
        migrations.AddField(
            "conversation",
            "words_erased_at",
            models.DateTimeField(
                default=None,
                help_text="When what had been said by then was erased; the numbers stayed.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                condition=Q(state="closed") & (Q(words_erased_at=None) | Q(words_erased_at__lt=F("last_at"))),
                fields=["last_at", "id"],
                name="conversation_words",
            ),
        ),
    ]

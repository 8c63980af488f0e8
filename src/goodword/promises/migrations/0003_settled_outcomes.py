from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("promises", "0002_kinds_sources_and_watching")]

    operations = [
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                fields=["at"],
                condition=models.Q(("kind__in", ["kept", "broken"])),
                name="outcome_settled",
            ),
        ),
    ]

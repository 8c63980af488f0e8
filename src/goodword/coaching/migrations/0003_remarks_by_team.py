from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("coaching", "0002_team_coach"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="remark",
            index=models.Index(fields=["team", "-at"], name="remark_team"),
        ),
    ]

"""Files of subscriptions are taken in, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_erased_people")]

    operations = [
        migrations.AlterField(
            model_name="import",
            name="kind",
            field=models.CharField(
                choices=[
                    ("purchases", "Purchases"),
                    ("subscriptions", "Subscriptions"),
                    ("customers", "Customers"),
                ],
                max_length=20,
            ),
        ),
    ]

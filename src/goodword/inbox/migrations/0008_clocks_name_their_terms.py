from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0007_check_ins"),
    ]

    operations = [
        migrations.RemoveField(model_name="serviceclock", name="level"),
        migrations.AlterField(
            model_name="serviceclock",
            name="terms",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.deletion.PROTECT,
                related_name="clocks",
                to="inbox.serviceterms",
            ),
        ),
    ]

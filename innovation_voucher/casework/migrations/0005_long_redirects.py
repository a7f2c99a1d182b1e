"""The answer to a form may carry the filters of a queue, which are longer than any fixed width."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_chains")]

    operations = [
        migrations.AlterField(
            model_name="onetimetoken",
            name="redirect",
            field=models.TextField(help_text="may carry the filters of a queue, so it has no limit"),
        ),
    ]

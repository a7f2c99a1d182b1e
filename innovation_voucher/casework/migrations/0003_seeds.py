"""The tree of regions and the calendar, from the committed data files."""

from django.db import migrations

from innovation_voucher.casework import seeds


def load(apps, _schema_editor):
    seeds.load_regions(apps.get_model("casework", "Region"))
    seeds.load_calendar(apps.get_model("casework", "CalendarDay"))


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_guards")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]

"""Carriers without coordinates stand at the middle of their region; an index for the map's box."""

from typing import Any

from django.db import migrations, models


def place(apps: Any, _schema_editor: Any) -> None:
    carriers = apps.get_model("carriers", "Carrier").objects
    region = apps.get_model("casework", "Region").objects.filter(pk=models.OuterRef("region"))
    carriers.filter(longitude=None).update(
        longitude=models.Subquery(region.values("longitude")[:1]), latitude=models.Subquery(region.values("latitude")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [("carriers", "0004_categories")]

    operations = [
        migrations.AddIndex(
            model_name="carrier",
            index=models.Index(
                "latitude", "longitude", condition=models.Q(("shown", True)), name="carrier_by_place"
            ),
        ),
        migrations.RunPython(place, migrations.RunPython.noop),
    ]

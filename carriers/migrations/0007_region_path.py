"""Where a row stands goes into its search vector, so that words and a region are one look into one index."""

from typing import Any

from django.db import migrations, models

from carriers.search import PlaceInSearchVector

NAMES = ("carrier", "service", "instrument")
HELP = "of the carrier's address; written when the row is made"


def fill(apps: Any, _schema_editor: Any) -> None:
    path = apps.get_model("casework", "Region").objects.filter(pk=models.OuterRef("region")).values("path")
    carriers = apps.get_model("carriers", "Carrier").objects
    carriers.update(region_path=models.Subquery(path[:1]))
    own = carriers.filter(pk=models.OuterRef("carrier")).values("region_path")
    for name in NAMES[1:]:
        apps.get_model("carriers", name).objects.update(region_path=models.Subquery(own[:1]))


class Migration(migrations.Migration):
    dependencies = [("carriers", "0006_mutual_lists")]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="region_path",
                field=models.CharField(default="", editable=False, help_text=HELP, max_length=60),
            )
            for name in NAMES
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(PlaceInSearchVector(name) for name in NAMES),
    ]

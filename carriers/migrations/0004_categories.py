"""The first tree of service categories; staff change it in the admin afterwards."""

import csv
from pathlib import Path

from django.db import migrations

TREE = Path(__file__).resolve().parent.parent / "data/categories.csv"


def load(apps, schema_editor):
    Category = apps.get_model("carriers", "Category")
    ids = {}
    with TREE.open(encoding="utf-8", newline="") as lines:
        for position, row in enumerate(csv.DictReader(lines)):
            # A parent stands above its children in the file.
            node, _made = Category.objects.get_or_create(
                code=row["code"],
                defaults={"name": row["name"], "parent_id": ids.get(row["parent"]), "position": position},
            )
            ids[row["code"]] = node.pk


class Migration(migrations.Migration):
    dependencies = [("carriers", "0003_search")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]

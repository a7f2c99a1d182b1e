"""The chains that every installation has; programmes bring their own."""

import csv
from pathlib import Path
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DATA = Path(__file__).resolve().parent.parent / "data" / "chains.csv"


def load(apps: Any, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make each chain with its steps."""
    chain_model = apps.get_model("casework", "Chain")
    step_model = apps.get_model("casework", "ChainStep")
    with DATA.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            chain, _made = chain_model.objects.get_or_create(key=row["chain"], defaults={"name": row["name"]})
            step_model.objects.create(
                chain=chain,
                position=int(row["position"]),
                name=row["step"],
                office_kind=row["office_kind"],
                scope=row["scope"],
                right=row["right"],
                working_days=int(row["working_days"]),
                may_lower=bool(row["may_lower"]),
            )


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_seeds")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]

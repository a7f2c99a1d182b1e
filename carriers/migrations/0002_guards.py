"""The database repeats the states that a recognition may take."""

from django.db import migrations

from innovation_voucher.casework.guards import FsmGuard


class Migration(migrations.Migration):
    dependencies = [("carriers", "0001_initial")]

    operations = [
        FsmGuard(
            "carriers_carrierrecognition",
            "status",
            first=("draft",),
            edges=(
                ("draft", "submitted"),
                ("draft", "withdrawn"),
                ("recognized", "ended"),
                ("recognized", "suspended"),
                ("returned", "submitted"),
                ("returned", "withdrawn"),
                ("submitted", "recognized"),
                ("submitted", "rejected"),
                ("submitted", "returned"),
                ("submitted", "withdrawn"),
                ("suspended", "ended"),
                ("suspended", "recognized"),
            ),
        )
    ]

from django.db import migrations

from innovation_voucher.casework.guards import FrozenColumns, FsmGuard


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]

    operations = [
        FsmGuard(
            "accounts_verification",
            "status",
            first=("draft",),
            edges=(
                ("approved", "superseded"),
                ("draft", "submitted"),
                ("draft", "withdrawn"),
                ("returned", "expired"),
                ("returned", "submitted"),
                ("returned", "withdrawn"),
                ("submitted", "approved"),
                ("submitted", "rejected"),
                ("submitted", "returned"),
                ("submitted", "withdrawn"),
            ),
        ),
        # What the bureau looked at stays as it was looked at.
        FrozenColumns(
            "accounts_verification",
            ("answers", "resident_id", "account_number", "organization_id", "number"),
            unless_state=("status", ("draft", "returned")),
        ),
    ]

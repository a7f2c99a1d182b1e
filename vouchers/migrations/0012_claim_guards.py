"""The states of claims are guarded again after the columns of external claims."""

from django.db import migrations

from innovation_voucher.casework.guards import FsmGuard


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0011_voucher_agreed")]

    operations = [
        # SQLite rebuilds the table for a new constraint and loses its triggers.
        FsmGuard(
            "vouchers_claim",
            "status",
            first=("draft", "submitted", "imported", "offered"),
            edges=(
                ("approved", "revoked"),
                ("awaiting_stamp", "lapsed"),
                ("awaiting_stamp", "submitted"),
                ("awaiting_stamp", "withdrawn"),
                ("draft", "awaiting_stamp"),
                ("draft", "lapsed"),
                ("draft", "submitted"),
                ("draft", "withdrawn"),
                ("imported", "approved"),
                ("offered", "approved"),
                ("offered", "declined"),
                ("offered", "lapsed"),
                ("returned", "awaiting_stamp"),
                ("returned", "lapsed"),
                ("returned", "submitted"),
                ("returned", "withdrawn"),
                ("submitted", "approved"),
                ("submitted", "lapsed"),
                ("submitted", "rejected"),
                ("submitted", "returned"),
                ("submitted", "waitlisted"),
                ("submitted", "withdrawn"),
                ("waitlisted", "approved"),
                ("waitlisted", "lapsed"),
                ("waitlisted", "withdrawn"),
            ),
        ),
    ]

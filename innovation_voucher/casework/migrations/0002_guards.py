"""The rules of review cases and of the audit record, said again by the database."""

from django.db import migrations

from innovation_voucher.casework.guards import FsmGuard, InsertOnly


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [
        FsmGuard(
            "casework_reviewcase",
            "status",
            first=("open",),
            edges=(
                ("open", "approved"),
                ("open", "rejected"),
                ("open", "returned"),
                ("open", "withdrawn"),
                ("returned", "expired"),
                ("returned", "open"),
                ("returned", "withdrawn"),
            ),
        ),
        FsmGuard(
            "casework_reviewtask",
            "status",
            first=("open", "waiting"),
            edges=(("open", "done"), ("open", "skipped"), ("waiting", "open"), ("waiting", "skipped")),
        ),
        InsertOnly("casework_auditrow", but=("sequence", "previous_hash", "hash")),
    ]

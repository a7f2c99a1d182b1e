"""The database repeats the states of orders and quotes; what was said, recorded or scanned stays."""

from django.db import migrations

from innovation_voucher.casework.guards import FsmGuard, InsertOnly


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        FsmGuard(
            "orders_order",
            "status",
            first=("placed",),
            edges=(
                ("accepted", "cancelled"),
                ("accepted", "completed"),
                ("accepted", "declined"),
                ("accepted", "delivered"),
                ("accepted", "lapsed"),
                ("delivered", "accepted"),
                ("delivered", "completed"),
                ("placed", "accepted"),
                ("placed", "cancelled"),
                ("placed", "completed"),
                ("placed", "declined"),
                ("placed", "lapsed"),
            ),
        ),
        FsmGuard(
            "orders_quote",
            "status",
            first=("offered",),
            edges=(("offered", "accepted"), ("offered", "expired"), ("offered", "withdrawn")),
        ),
        InsertOnly("orders_ordermessage"),
        InsertOnly("orders_scan"),
        InsertOnly("orders_servicerecord"),
    ]

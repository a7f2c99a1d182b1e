"""The table of orders was altered, which takes its triggers away on SQLite; what an order consists of stays."""

from django.db import migrations

from innovation_voucher.casework.guards import FsmGuard, InsertOnly


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_cart_and_parent")]

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
        InsertOnly("orders_orderline"),
    ]

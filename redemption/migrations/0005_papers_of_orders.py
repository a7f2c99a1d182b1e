"""Invoices and bank receipts stand behind orders; a draft keeps its orders; contracts are entered and recognized."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

import innovation_voucher.lib.money


def move_to_orders(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Every voucher has one order."""
    order = apps.get_model("orders", "Order").objects.filter(voucher=OuterRef("voucher"))
    for name in ("InvoiceAllocation", "BankReceipt"):
        apps.get_model("redemption", name).objects.update(order=Subquery(order.values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0009_return_reasons"),
        ("orders", "0002_guards"),
        ("redemption", "0004_publicity_and_experts"),
        ("vouchers", "0007_budget_line"),
    ]

    operations = [
        migrations.AddField(
            "invoice",
            "image",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="casework.attachment",
            ),
        ),
        migrations.AddField(
            "bankreceipt",
            "image",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="casework.attachment",
            ),
        ),
        migrations.AddField(
            "invoice", "name", models.CharField(blank=True, max_length=100, verbose_name="发票名称")
        ),
        migrations.AddField(
            "redemptionline",
            "approved_contract",
            innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="认定合同金额"),
        ),
        migrations.AddField(
            "redemptionline",
            "contract_amount",
            innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="合同金额"),
        ),
        migrations.AddConstraint(
            "redemptionline",
            models.CheckConstraint(
                condition=models.Q(
                    ("approved_contract__isnull", True),
                    ("approved_contract__lte", models.F("contract_amount")),
                    _connector="OR",
                ),
                name="line_recognized_at_most_entered",
            ),
        ),
        migrations.CreateModel(
            name="Pick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "contract_amount",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="合同金额"),
                ),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pick", to="orders.order"
                    ),
                ),
                (
                    "redemption",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="picks",
                        to="redemption.redemption",
                    ),
                ),
            ],
            options={
                "verbose_name": "草稿中的订单",
                "verbose_name_plural": "草稿中的订单",
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("contract_amount__isnull", True), ("contract_amount__gt", 0), _connector="OR"),
                        name="pick_positive",
                    )
                ],
            },
        ),
        migrations.AddField(
            "invoiceallocation",
            "order",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invoice_allocations",
                to="orders.order",
            ),
        ),
        migrations.AddField(
            "bankreceipt",
            "order",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="orders.order"
            ),
        ),
        migrations.RunPython(move_to_orders, migrations.RunPython.noop),
    ]

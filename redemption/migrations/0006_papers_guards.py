"""What stood behind vouchers is gone from there; the triggers of the tables that changed are made again."""

import django.db.models.deletion
from django.db import migrations, models

from innovation_voucher.casework.guards import FrozenColumns, FrozenUnder
from redemption.guards import WithinInvoice


class Migration(migrations.Migration):
    dependencies = [("redemption", "0005_papers_of_orders")]

    operations = [
        migrations.RemoveConstraint("invoiceallocation", "allocation_once"),
        migrations.RemoveField("invoiceallocation", "voucher"),
        migrations.RemoveField("bankreceipt", "voucher"),
        migrations.AlterField(
            "invoiceallocation",
            "order",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invoice_allocations",
                to="orders.order",
            ),
        ),
        migrations.AlterField(
            "bankreceipt",
            "order",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="orders.order"
            ),
        ),
        migrations.AddConstraint(
            "invoiceallocation",
            models.UniqueConstraint(fields=("invoice", "order"), name="allocation_once"),
        ),
        FrozenColumns("redemption_redemptionline", ("redemption_id", "voucher_id")),
        FrozenUnder(
            "redemption_redemptionline",
            ("approved", "claimed", "computed", "contract_amount", "approved_contract"),
            parent="redemption_redemption",
            key="redemption_id",
            state="status",
            states=("approved", "in_publicity", "contested", "payable", "paid", "recovered"),
        ),
        WithinInvoice(),
    ]

"""The database repeats states and keeps what was claimed and frozen as it was."""

from django.db import migrations

from innovation_voucher.casework.guards import FrozenColumns, FsmGuard


class Migration(migrations.Migration):
    dependencies = [("redemption", "0001_initial")]

    operations = [
        FsmGuard(
            "redemption_redemption",
            "status",
            first=("draft",),
            edges=(
                ("approved", "in_publicity"),
                ("approved", "payable"),
                ("awaiting_consent", "draft"),
                ("awaiting_consent", "in_review"),
                ("awaiting_consent", "withdrawn"),
                ("contested", "in_publicity"),
                ("contested", "in_review"),
                ("contested", "rejected"),
                ("draft", "awaiting_consent"),
                ("draft", "in_review"),
                ("draft", "withdrawn"),
                ("in_publicity", "contested"),
                ("in_publicity", "payable"),
                ("in_review", "approved"),
                ("in_review", "rejected"),
                ("in_review", "returned"),
                ("in_review", "withdrawn"),
                ("paid", "recovered"),
                ("payable", "paid"),
                ("returned", "expired"),
                ("returned", "in_review"),
                ("returned", "withdrawn"),
            ),
        ),
        FsmGuard(
            "redemption_settlementbatch",
            "status",
            first=("draft",),
            edges=(
                ("countersigned", "exported"),
                ("draft", "cancelled"),
                ("draft", "frozen"),
                ("exported", "reconciled"),
                ("frozen", "cancelled"),
                ("frozen", "countersigned"),
            ),
        ),
        FsmGuard(
            "redemption_payment",
            "status",
            first=("pending",),
            edges=(("pending", "sent"), ("sent", "failed"), ("sent", "paid")),
        ),
        FsmGuard("redemption_publicity", "status", first=("draft",), edges=(("draft", "open"), ("open", "closed"))),
        FsmGuard(
            "redemption_objection",
            "status",
            first=("received",),
            edges=(("received", "dismissed"), ("received", "upheld")),
        ),
        FrozenColumns("redemption_redemption", ("number", "payee_id", "programme_id", "snapshot_id", "region_id")),
        FrozenColumns("redemption_redemptionline", ("redemption_id", "voucher_id")),
        FrozenColumns("redemption_settlementbatch", ("number", "programme_id", "region_id", "prepared_by_id")),
        FrozenColumns(
            "redemption_settlementbatch",
            ("total", "count", "period_from", "period_to"),
            unless_state=("status", ("draft",)),
        ),
        FrozenColumns(
            "redemption_settlementbatch",
            ("countersigned_by_id", "countersigned_at"),
            unless_state=("status", ("frozen",)),
        ),
        FrozenColumns(
            "redemption_payment",
            ("batch_id", "reference", "payee_id", "holder", "bank", "account", "last_four", "amount"),
        ),
        FrozenColumns("redemption_payment", ("bank_reference", "failure"), unless_state=("status", ("sent",))),
        FrozenColumns("redemption_paymentline", ("payment_id", "redemption_id", "line_id", "amount")),
    ]

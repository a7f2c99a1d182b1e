"""A trigger of our own: what stands on an invoice is at most its amount."""

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from innovation_voucher.casework.guards import Guard, Trigger

_WORDS = "an invoice carries at most its amount"
#: Shares of vouchers that ended without payment count no more, nor those of orders that ended without a voucher.
_ENDED = "'voided', 'returned_by_carrier', 'terminated', 'refused', 'lapsed'"
_OVER = "'declined', 'cancelled', 'lapsed'"


class WithinInvoice(Guard):
    """The shares of an invoice, those of ended vouchers and orders left out, never exceed it.

    Only on PostgreSQL: SQLite could no longer rebuild the tables that the condition looks at, and
    there one writes at a time under the locked check of the verb.
    """

    table = "redemption_invoiceallocation"

    def triggers(self, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
        if connection.vendor != "postgresql":
            return
        others = (
            'SELECT COALESCE(SUM(a."amount"), 0) FROM "redemption_invoiceallocation" a '  # noqa: S608  names of our tables
            'JOIN "orders_order" o ON o."id" = a."order_id" '
            'LEFT JOIN "vouchers_voucher" v ON v."id" = o."voucher_id" '
            'WHERE a."invoice_id" = NEW."invoice_id" AND a."order_id" <> NEW."order_id" '
            f"AND COALESCE(v.\"status\", '') NOT IN ({_ENDED})"
            f' AND NOT (v."id" IS NULL AND o."status" IN ({_OVER}))'
        )
        whole = 'SELECT i."amount" FROM "redemption_invoice" i WHERE i."id" = NEW."invoice_id"'
        for event in ("INSERT", "UPDATE"):
            name = f"within_{self.table}_{event.lower()}"
            yield Trigger(self.table, name, event, _WORDS, f'NEW."amount" + ({others}) > ({whole})')

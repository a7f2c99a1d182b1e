"""What enterprises and entrepreneurs use. One entry per address; letters are people (people.py)."""

from innovation_voucher.tests.sweeps import targets
from innovation_voucher.tests.sweeps.knocking import Address

ENTERPRISE: dict[str, Address] = {
    "ent-home": Address(get="302 A, 403 OPGSTUZX, 200 *", post="405 *"),
    "ent-cert": Address(get="302 A, 403 OPGSTUZX, 200 *", post="405 *"),
    "ent-cert-start": Address(get="405 *", post="302 ANBHRECK, 403 *"),
    "ent-cert-section": Address(
        get="302 A, 404 N, 409 BHRECK, 403 *",
        post="302 A, 404 N, 409 BHRECK, 403 *",
        target=targets.fixed(key="organization"),
    ),
    "ent-cert-mend": Address(get="405 *", post="302 A, 404 N, 409 BHRECK, 403 *"),
    "ent-cert-autofill": Address(get="302 A, 404 N, 409 BHRECK, 403 *", post="302 A, 404 N, 409 BHRECK, 403 *"),
    "ent-cert-check": Address(get="302 A, 404 N, 409 BHRECK, 403 *", post="302 A, 404 N, 409 BHRECK, 403 *"),
    "ent-cert-done": Address(get="302 A, 403 OPGSTUZX, 404 N, 200 *", post="405 *"),
    "ent-cert-withdraw": Address(get="200 BHRECK, 302 A, 404 N, 403 *", post="302 A, 404 N, 422 BHRECK, 403 *"),
    "ent-cert-history": Address(get="302 A, 403 OPGSTUZX, 200 *", post="405 *"),
    "ent-cert-one": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        target=targets.VERIFICATION,
    ),
    "ent-cert-receipt": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        target=targets.VERIFICATION,
    ),
    "ent-quota": Address(get="302 A, 403 OPGSTUZX, 200 *", post="405 *"),
    "ent-claim-new": Address(get="302 A, 403 OPGSTUZX, 200 *", post="200 NCK, 302 A, 422 BHFVRE, 403 *"),
    "ent-claim": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        target=targets.CLAIM,
    ),
    "ent-claim-done": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        target=targets.CLAIM,
    ),
    "ent-ledger": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        target=targets.ACCOUNT,
    ),
    "ent-vouchers": Address(get="302 A, 403 OPGSTUZX, 200 *", post="405 *"),
    "ent-voucher-void": Address(get="302 ANBHRECK, 403 *", post="302 ANBHRECK, 403 *"),
    "ent-voucher-voided": Address(get="302 A, 403 OPGSTUZX, 404 *", post="405 *"),
    "ent-voucher": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="302 A, 403 OPGSTUZX, 404 *",
        target=targets.voucher(),
    ),
    "ent-voucher-pdf": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="302 A, 403 OPGSTUZX, 404 *",
        target=targets.voucher(),
    ),
    "ent-voucher-qr": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="302 A, 403 OPGSTUZX, 404 *",
        target=targets.voucher(),
    ),
    "ent-voucher-reprint": Address(
        get="405 *",
        post="302 ABH, 404 NRECK, 403 *",
        post_foreign="302 A, 403 OPGSTUZX, 404 *",
        target=targets.voucher(),
    ),
    "order-new": Address(
        get="302 A, 403 OPGSTUZX, 200 *", post="200 NCK, 302 A, 422 BHFVRE, 403 *", target=targets.SERVICE
    ),
    "order-check": Address(get="403 OPGSTUZX, 302 *", post="403 OPGSTUZX, 302 *", target=targets.SERVICE),
    "order-done": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        target=targets.order("placed"),
    ),
    "ent-orders": Address(get="302 A, 403 OPGSTUZX, 200 *", post="405 *"),
    "ent-order": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        target=targets.order(),
    ),
    "ent-order-message": Address(
        get="405 *",
        post="302 ABH, 404 NRECK, 403 *",
        post_foreign="302 AR, 403 OPGSTUZX, 404 *",
        target=targets.order(),
    ),
    "ent-order-contract": Address(
        get="405 *",
        post="302 A, 404 NRECK, 422 BHFV, 403 *",
        post_foreign="302 A, 403 OPGSTUZX, 422 R, 404 *",
        target=targets.order(),
    ),
    "ent-order-contract-template": Address(
        get="302 BHFVC, 404 *", post="405 *", get_foreign="403 R, 404 *", target=targets.order()
    ),
    "ent-order-file-remove": Address(
        get="200 BH, 302 A, 404 NRECK, 403 *",
        post="302 ABH, 404 NRECK, 403 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        post_foreign="302 A, 403 OPGSTUZX, 422 R, 404 *",
        target=targets.order_file,
    ),
    "ent-order-review": Address(
        get="200 BH, 302 A, 404 NRECK, 403 *",
        post="302 A, 404 NRECK, 422 BH, 403 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        post_foreign="302 A, 403 OPGSTUZX, 422 R, 404 *",
        target=targets.order("completed", voucher__status="confirmed"),
    ),
    "ent-use": Address(
        get="200 BH, 302 A, 404 NRECK, 403 *",
        post="302 A, 404 NRECK, 422 BH, 403 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        post_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        target=targets.order(voucher=None),
    ),
    "ent-use-check": Address(
        get="302 ABH, 404 NRECK, 403 *",
        post="302 ABH, 404 NRECK, 403 *",
        get_foreign="302 AR, 403 OPGSTUZX, 404 *",
        post_foreign="302 AR, 403 OPGSTUZX, 404 *",
        target=targets.order(voucher=None),
    ),
    "ent-use-done": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="405 *",
        get_foreign="302 AR, 403 OPGSTUZX, 404 *",
        target=targets.order(voucher__status="issued"),
    ),
    "ent-use-offline": Address(get="200 NBHRECK, 302 A, 403 *", post="302 A, 404 NBHRECK, 403 *"),
    "ent-reviews": Address(get="302 A, 403 OPGSTUZX, 200 *", post="405 *"),
    "ent-order-cancel": Address(
        get="200 BH, 302 A, 404 NRECK, 403 *",
        post="302 ABH, 404 NRECK, 403 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        post_foreign="302 A, 403 OPGSTUZX, 422 R, 404 *",
        target=targets.order("placed"),
    ),
    "ent-order-confirm": Address(
        get="200 BH, 302 A, 404 NRECK, 403 *",
        post="302 ABH, 404 NRECK, 403 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        post_foreign="302 A, 403 OPGSTUZX, 422 R, 404 *",
        target=targets.order("delivered"),
    ),
    "ent-order-problem": Address(
        get="200 BH, 302 A, 404 NRECK, 403 *",
        post="302 ABH, 404 NRECK, 403 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        post_foreign="302 A, 403 OPGSTUZX, 422 R, 404 *",
        target=targets.order("delivered"),
    ),
    "ent-order-resubmit": Address(
        get="200 BH, 302 A, 404 NRECK, 403 *",
        post="302 ABH, 404 NRECK, 403 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        post_foreign="302 A, 403 OPGSTUZX, 422 R, 404 *",
        target=targets.order(voucher__status="returned_by_carrier"),
    ),
    "ent-redeem-list": Address(get="302 A, 403 OPGSTUZX, 200 *", post="405 *"),
    "ent-redeem-papers": Address(
        get="200 C, 302 A, 403 OPGSTUZX, 404 *",
        post="200 C, 302 A, 403 OPGSTUZX, 404 *",
        get_foreign="302 A, 403 OPGSTUZX, 404 *",
        post_foreign="302 A, 403 OPGSTUZX, 404 *",
        target=targets.voucher("confirmed"),
    ),
    "ent-redeem": Address(
        get="302 A, 404 NREKPZX, 200 *", post="405 *", get_foreign="200 RCOGSTU, 302 A, 404 *", target=targets.RETURNED
    ),
}

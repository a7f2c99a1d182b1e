"""What carriers use. One entry per address; letters are people (people.py)."""

from innovation_voucher.tests.sweeps import targets
from innovation_voucher.tests.sweeps.knocking import Address

CARRIER: dict[str, Address] = {
    "carrier-home": Address(get="200 CK, 302 A, 403 *", post="405 *"),
    "carrier-open": Address(get="200 NBHFVRE, 302 ACK, 403 *", post="302 ACK, 422 NBHFVRE, 403 *"),
    "carrier-profile": Address(get="200 CK, 302 A, 403 *", post="302 A, 422 CK, 403 *"),
    "carrier-cert": Address(get="200 CK, 302 A, 403 *", post="405 *"),
    "carrier-apply": Address(get="200 CK, 302 A, 403 *", post="302 A, 422 CK, 403 *"),
    "carrier-recognition": Address(
        get="200 C, 302 A, 404 K, 403 *",
        post="302 A, 404 K, 422 C, 403 *",
        get_foreign="200 K, 302 A, 404 C, 403 *",
        post_foreign="302 A, 404 C, 422 K, 403 *",
        target=targets.RECOGNITION,
    ),
    "carrier-recognition-withdraw": Address(
        get="405 *",
        post="302 A, 404 K, 422 C, 403 *",
        post_foreign="302 A, 404 C, 422 K, 403 *",
        target=targets.RECOGNITION,
    ),
    "carrier-items": Address(get="200 CK, 302 A, 403 *", post="405 *"),
    "carrier-item-new": Address(
        get="200 CK, 302 A, 403 *", post="302 A, 422 CK, 403 *", target=targets.fixed(kind="services")
    ),
    "carrier-item": Address(
        get="200 C, 302 A, 404 K, 403 *",
        post="302 A, 404 K, 422 C, 403 *",
        get_foreign="200 K, 302 A, 404 C, 403 *",
        post_foreign="302 A, 404 C, 422 K, 403 *",
        target=targets.ITEM,
    ),
    "carrier-item-listing": Address(
        get="200 C, 302 A, 404 K, 403 *",
        post="302 AC, 404 K, 403 *",
        get_foreign="200 K, 302 A, 404 C, 403 *",
        post_foreign="302 AK, 404 C, 403 *",
        target=targets.ITEM,
    ),
    "carrier-bookings": Address(get="200 CK, 302 A, 403 *", post="405 *"),
    "carrier-booking": Address(
        get="200 C, 302 A, 404 K, 403 *", post="405 *", get_foreign="302 A, 404 CK, 403 *", target=targets.order()
    ),
    "carrier-booking-accept": Address(
        get="405 *",
        post="302 A, 404 K, 422 C, 403 *",
        post_foreign="302 A, 404 CK, 403 *",
        target=targets.order("placed"),
    ),
    "order-phone": Address(get="200 CK, 302 A, 403 *", post="302 A, 422 CK, 403 *"),
    "order-quote": Address(
        get="200 C, 302 A, 404 K, 403 *",
        post="302 A, 404 K, 422 C, 403 *",
        get_foreign="302 A, 404 CK, 403 *",
        post_foreign="302 A, 404 CK, 403 *",
        target=targets.order("placed"),
    ),
    "carrier-booking-withdraw-quote": Address(
        get="200 C, 302 A, 404 K, 403 *",
        post="302 A, 404 K, 422 C, 403 *",
        get_foreign="302 A, 404 CK, 403 *",
        post_foreign="302 A, 404 CK, 403 *",
        target=targets.order("placed"),
    ),
    "carrier-booking-message": Address(
        get="405 *", post="302 AC, 404 K, 403 *", post_foreign="302 A, 404 CK, 403 *", target=targets.order()
    ),
    "carrier-record": Address(
        get="200 C, 302 A, 404 K, 403 *",
        post="302 A, 404 K, 422 C, 403 *",
        get_foreign="302 A, 404 CK, 403 *",
        post_foreign="302 A, 404 CK, 403 *",
        target=targets.order(voucher__status="confirmed"),
    ),
    "carrier-review-reply": Address(
        get="302 A, 404 K, 409 C, 403 *",
        post="302 A, 404 K, 409 C, 403 *",
        get_foreign="302 A, 404 CK, 403 *",
        post_foreign="302 A, 404 CK, 403 *",
        target=targets.ORDER,
    ),
    "carrier-reviews": Address(get="200 CK, 302 A, 403 *", post="405 *"),
    "carrier-scan": Address(get="200 CK, 302 A, 403 *", post="405 *"),
    "carrier-scan-photo": Address(get="405 *", post="302 A, 422 CK, 403 *"),
    "carrier-vouchers": Address(get="200 CK, 302 A, 403 *", post="405 *"),
    "carrier-booking-decline": Address(
        get="200 C, 302 A, 404 K, 403 *",
        post="302 AC, 404 K, 403 *",
        get_foreign="302 A, 404 CK, 403 *",
        post_foreign="302 A, 404 CK, 403 *",
        target=targets.order("placed"),
    ),
    "carrier-booking-remind": Address(
        get="302 A, 404 CK, 403 *", post="302 A, 404 CK, 403 *", target=targets.order("delivered")
    ),
    "carrier-redeem-list": Address(get="302 A, 403 OPGSTUZX, 200 *", post="405 *"),
}

"""What every signed-in person has, and both payees. One entry per address; letters are people (people.py)."""

from typing import Any

from innovation_voucher.tests.sweeps import targets
from innovation_voucher.tests.sweeps.knocking import Address


def _draft(methods: str, **names: Any) -> Address:
    """A page of a draft that is nobody's: there is one in no other state."""
    says = "302 A, 403 OPGSTUZX, 404 *"
    return Address(get=says if methods == "both" else "405 *", post=says, target=targets.fixed(number="none", **names))


PERSONS: dict[str, Address] = {
    "security": Address(get="302 A, 200 *", post="405 *"),
    "file": Address(
        get="302 A, 404 NRECKPZX, 200 *", post="405 *", get_foreign="200 KPGSTU, 302 A, 404 *", target=targets.file()
    ),
    "file-page": Address(
        get="302 A, 404 NRECKPZX, 200 *",
        post="405 *",
        get_foreign="200 KPGSTU, 302 A, 404 *",
        target=targets.file(number=1),
    ),
    "inbox": Address(get="302 A, 200 *", post="405 *"),
    "inbox-read": Address(get="405 *", post="302 *"),
    "inbox-message": Address(
        get="200 B, 302 A, 404 *", post="405 *", get_foreign="200 R, 302 A, 404 *", target=targets.message
    ),
    "inbox-open": Address(get="405 *", post="302 AB, 404 *", post_foreign="302 AR, 404 *", target=targets.message),
    "inbox-delete": Address(get="405 *", post="302 AB, 404 *", post_foreign="302 AR, 404 *", target=targets.message),
    "demo-outbox": Address(get="404 *", post="405 *"),
    "choose-role": Address(get="302 A, 200 *", post="302 A, 422 *"),
    "account-bank": Address(get="200 NBFRECK, 302 A, 403 *", post="302 A, 422 NBFRECK, 403 *"),
    "redeem-check": Address(get="403 OPGSTUZX, 302 *", post="405 *"),
    "redeem-submit": Address(get="405 *", post="403 OPGSTUZX, 302 *"),
    "redeem-gather": Address(get="405 *", post="403 OPGSTUZX, 302 *"),
    "redeem-draft": _draft("both"),
    "redeem-draft-check": _draft("both"),
    "redeem-leave": _draft("post", code="none"),
    "redeem-draft-file-remove": _draft("post", pk=1),
    "redeem-paper-remove": Address(
        get="405 *",
        post="302 ABHFV, 404 NRECK, 403 *",
        post_foreign="302 AR, 403 OPGSTUZX, 404 *",
        target=targets.invoice,
    ),
    "redeem-withdraw": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="302 ABHF, 404 NRECK, 422 V, 403 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        post_foreign="302 AR, 403 OPGSTUZX, 404 *",
        target=targets.RETURNED,
    ),
    "redeem-consent": Address(
        get="200 BHFV, 302 A, 404 NRECK, 403 *",
        post="302 A, 404 NRECK, 422 BHFV, 403 *",
        get_foreign="200 R, 302 A, 403 OPGSTUZX, 404 *",
        post_foreign="302 A, 403 OPGSTUZX, 422 R, 404 *",
        target=targets.RETURNED,
    ),
    "redeem-resubmit": Address(
        get="405 *",
        post="302 ABHFV, 404 NRECK, 403 *",
        post_foreign="302 AR, 403 OPGSTUZX, 404 *",
        target=targets.RETURNED,
    ),
    "verify-receive": Address(
        get="405 *", post="302 A, 422 C, 403 *", post_foreign="302 A, 403 *", target=targets.voucher()
    ),
    "verify-return": Address(get="405 *", post="302 AC, 403 *", post_foreign="302 A, 403 *", target=targets.voucher()),
}

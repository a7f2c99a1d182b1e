"""What offices use. One entry per address; letters are people (people.py)."""

from innovation_voucher.tests.sweeps import targets
from innovation_voucher.tests.sweeps.knocking import Address


def _settle(methods: str, **names: str) -> Address:
    """A page of the third party about something that is not there; `methods`: get, post or both."""
    row = "302 A, 404 Z, 403 *"
    get, post = (row if methods in (name, "both") else "405 *" for name in ("get", "post"))
    return Address(get=get, post=post, target=targets.fixed(**names))


DESK: dict[str, Address] = {
    "desk-inbox": Address(get="200 OPGSTUZ, 302 A, 403 *", post="405 *"),
    "desk-search": Address(get="200 OPGSTUZ, 302 A, 403 *", post="405 *"),
    # Posted without filters: nothing to keep as a view.
    "desk-queue": Address(
        get="200 OPGSTUZ, 302 A, 403 *", post="302 A, 422 OPGSTUZ, 403 *", target=targets.fixed(subject="verification")
    ),
    # Saved views are their person's; nobody has number 0.
    "desk-view": Address(
        get="302 A, 404 OPGSTUZ, 403 *",
        post="302 A, 404 OPGSTUZ, 403 *",
        target=targets.fixed(subject="verification", pk=0),
    ),
    "desk-view-delete": Address(
        get="302 A, 404 OPGSTUZ, 403 *",
        post="302 A, 404 OPGSTUZ, 403 *",
        target=targets.fixed(subject="verification", pk=0),
    ),
    "desk-queue-csv": Address(
        get="200 OPGSTUZ, 302 A, 403 *", post="405 *", target=targets.fixed(subject="verification")
    ),
    # Nothing is ticked: back to the queue with words.
    "desk-bulk": Address(
        get="302 AOPGSTUZ, 403 *", post="302 AOPGSTUZ, 403 *", target=targets.fixed(subject="verification")
    ),
    "desk-assign": Address(
        get="302 AOPGSTUZ, 403 *", post="302 AOPGSTUZ, 403 *", target=targets.fixed(subject="verification")
    ),
    "desk-bulk-result": Address(
        get="302 A, 404 OPGSTUZ, 403 *", post="405 *", target=targets.fixed(subject="verification", token="none")
    ),
    "desk-start": Address(get="405 *", post="302 AOPGSTUZ, 403 *", target=targets.fixed(subject="verification")),
    "desk-case": Address(
        get="200 OGSTU, 302 A, 404 P, 403 *",
        post="302 A, 404 P, 422 O, 403 *",
        get_foreign="200 PGSTU, 302 A, 404 O, 403 *",
        post_foreign="302 A, 404 O, 409 PGSTU, 403 *",
        target=targets.case(status="open"),
    ),
    "desk-take": Address(
        get="405 *",
        post="302 AO, 404 P, 403 *",
        post_foreign="302 A, 404 O, 409 PGSTU, 403 *",
        target=targets.case(status="open"),
    ),
    # Who decides about the case may keep away from it; who only looks has no need to.
    "desk-recuse": Address(
        get="200 O, 302 A, 404 P, 403 *",
        post="302 AO, 404 P, 403 *",
        get_foreign="200 P, 302 A, 404 O, 403 *",
        post_foreign="302 AP, 404 O, 403 *",
        target=targets.case(status="open"),
    ),
    "desk-notice": Address(
        get="302 A, 404 NREKPZX, 200 *",
        post="405 *",
        get_foreign="200 PGSTU, 302 A, 404 *",
        target=targets.case("redeem", status="returned"),
    ),
    "desk-notice-pdf": Address(
        get="302 A, 404 NREKPZX, 200 *",
        post="405 *",
        get_foreign="200 PGSTU, 302 A, 404 *",
        target=targets.case("redeem", status="returned"),
    ),
    "desk-carriers": Address(get="200 OPGSTUZ, 302 A, 403 *", post="405 *"),
    "desk-claim-revoke": Address(
        get="200 O, 302 A, 404 P, 403 *",
        post="302 AO, 404 P, 403 *",
        get_foreign="302 A, 404 O, 409 P, 403 *",
        post_foreign="302 A, 404 O, 409 P, 403 *",
        target=targets.REVOCABLE,
    ),
    "desk-carrier-new": Address(get="200 ST, 302 A, 403 *", post="422 ST, 302 A, 403 *"),
    "desk-carrier": Address(
        get="200 OGSTU, 302 A, 404 PZ, 403 *",
        post="405 *",
        get_foreign="200 PGSTU, 302 A, 404 OZ, 403 *",
        target=targets.COUNTYS_RECOGNITION,
    ),
    "desk-carrier-act": Address(
        get="200 OST, 302 A, 404 PZ, 403 *",
        post="302 AOST, 404 PZ, 403 *",
        get_foreign="200 PST, 302 A, 404 OZ, 403 *",
        post_foreign="302 APST, 404 OZ, 403 *",
        target=targets.ACT,
    ),
    "settle-round": Address(get="200 Z, 302 A, 403 *", post="405 *"),
    "settle-share": _settle("both", region="330108", carrier="none"),
    "settle-redemptions": Address(get="200 Z, 302 A, 403 *", post="405 *"),
    "settle-redemption": _settle("get", number="none"),
    "settle-submit": _settle("post", number="none"),
    "settle-withdraw": _settle("both", number="none"),
    "settle-drop": _settle("both", number="none", code="none"),
    "settle-batches": Address(get="200 Z, 302 A, 403 *", post="405 *"),
    "settle-batch": _settle("both", number="none"),
    "settle-receipt-new": _settle("both", number="none"),
    "settle-sign": _settle("both", number="none"),
    "settle-diff": Address(get="200 Z, 302 A, 403 *", post="405 *"),
    "settle-receipts": Address(get="200 Z, 302 A, 403 *", post="405 *"),
    "desk-publicity": Address(get="200 OPGSTUZ, 302 A, 403 *", post="405 *"),
    # Nothing is ticked.
    "desk-publicity-new": Address(
        get="200 ST, 302 A, 404 OP, 403 *", post="422 ST, 302 A, 404 OP, 403 *", target=targets.publicity_new
    ),
    # An open list is opened by nobody any more.
    "desk-publicity-one": Address(
        get="200 GSTU, 302 A, 404 OPZ, 403 *", post="302 A, 404 OPZ, 403 *", target=targets.publicity("open")
    ),
    "desk-objections": Address(get="200 OPGSTUZ, 302 A, 403 *", post="405 *"),
    "desk-objection": Address(
        get="200 ST, 302 A, 404 OPGUZ, 403 *", post="422 ST, 302 A, 404 OPGUZ, 403 *", target=targets.objection
    ),
    "inst-panels": Address(get="200 OPGSTUZ, 302 A, 403 *", post="405 *"),
    # No act is named.
    "inst-panel": Address(
        get="200 G, 302 A, 404 OPSTUZ, 403 *",
        post="409 G, 302 A, 404 OPSTUZ, 403 *",
        get_foreign="302 A, 404 OPGSTUZ, 403 *",
        post_foreign="302 A, 404 OPGSTUZ, 403 *",
        target=targets.panel(True),
    ),
    "expert-tasks": Address(get="200 J, 302 A, 403 *", post="405 *"),
    "expert-history": Address(get="200 J, 302 A, 403 *", post="405 *"),
    "expert-declaration": Address(get="200 J, 302 A, 403 *", post="422 J, 302 A, 403 *"),
    # An empty sheet is kept as it is.
    "expert-case": Address(
        get="200 J, 302 A, 403 *",
        post="302 AJ, 403 *",
        get_foreign="404 J, 302 A, 403 *",
        post_foreign="404 J, 302 A, 403 *",
        target=targets.panel(False),
    ),
    "expert-check": Address(
        get="200 J, 302 A, 403 *",
        post="422 J, 302 A, 403 *",
        get_foreign="404 J, 302 A, 403 *",
        post_foreign="404 J, 302 A, 403 *",
        target=targets.panel(False),
    ),
    "expert-recuse": Address(
        get="200 J, 302 A, 403 *",
        post="302 AJ, 403 *",
        get_foreign="404 J, 302 A, 403 *",
        post_foreign="404 J, 302 A, 403 *",
        target=targets.panel(False),
    ),
    "desk-vouchers": Address(get="200 OPGSTU, 302 A, 403 *", post="405 *"),
    "desk-vouchers-csv": Address(get="200 OPGSTU, 302 A, 403 *", post="405 *"),
    "desk-voucher": Address(
        get="200 OGSTU, 302 A, 404 P, 403 *",
        post="405 *",
        get_foreign="200 GSTU, 302 A, 404 OP, 403 *",
        target=targets.voucher(),
    ),
    "desk-paper": Address(
        get="200 O, 302 A, 404 PSTUZ, 403 *", post="302 AO, 404 PSTUZ, 403 *", target=targets.RETURNED
    ),
    "desk-voucher-terminate": Address(
        get="200 O, 302 A, 404 P, 403 *",
        post="302 AO, 404 P, 403 *",
        get_foreign="302 A, 404 OP, 403 *",
        post_foreign="302 A, 404 OP, 403 *",
        target=targets.voucher("confirmed"),
    ),
    "desk-voucher-freeze": Address(
        get="200 O, 302 A, 404 P, 403 *",
        post="302 AO, 404 P, 403 *",
        get_foreign="302 A, 404 OP, 403 *",
        post_foreign="302 A, 404 OP, 403 *",
        target=targets.voucher(),
    ),
    "desk-voucher-lift": Address(
        get="200 O, 302 A, 404 P, 403 *",
        post="302 A, 404 P, 409 O, 403 *",
        get_foreign="302 A, 404 OP, 403 *",
        post_foreign="302 A, 404 OP, 403 *",
        target=targets.voucher(),
    ),
    # The rival's account is frozen already.
    "desk-account-freeze": Address(
        get="200 O, 302 A, 404 P, 403 *",
        post="302 AO, 404 P, 403 *",
        post_foreign="302 A, 404 P, 409 O, 403 *",
        target=targets.ACCOUNT,
    ),
    "desk-account-lift": Address(
        get="200 O, 302 A, 404 P, 403 *",
        post="302 A, 404 P, 409 O, 403 *",
        post_foreign="302 AO, 404 P, 403 *",
        target=targets.ACCOUNT,
    ),
    "desk-rules": Address(get="200 OPGSTUZ, 302 A, 403 *", post="405 *"),
    "desk-rule-new": Address(get="200 OP, 302 A, 403 *", post="302 A, 422 OP, 403 *", target=targets.programme),
    "desk-rule": Address(
        get="200 OGSTUZ, 302 A, 404 P, 403 *",
        post="405 *",
        get_foreign="200 GSTUZ, 302 A, 404 OP, 403 *",
        target=targets.local_rules,
    ),
    # Who prepared a draft does not confirm it, but may take it back.
    "desk-rule-confirm": Address(
        get="200 O, 302 A, 404 P, 403 *",
        post="302 A, 404 P, 409 O, 403 *",
        get_foreign="302 A, 404 OP, 403 *",
        post_foreign="302 A, 404 OP, 403 *",
        target=targets.local_rules,
    ),
    "desk-rule-withdraw": Address(
        get="200 O, 302 A, 404 P, 403 *",
        post="302 AO, 404 P, 403 *",
        get_foreign="302 A, 404 OP, 403 *",
        post_foreign="302 A, 404 OP, 403 *",
        target=targets.local_rules,
    ),
    "desk-enterprises": Address(get="200 OPGSTU, 302 A, 403 *", post="405 *"),
    "desk-enterprise": Address(
        get="200 OGSTU, 302 A, 404 P, 403 *",
        post="405 *",
        get_foreign="200 PGSTU, 302 A, 404 O, 403 *",
        target=targets.firm,
    ),
}

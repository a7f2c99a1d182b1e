"""What must hold for quota and vouchers at any time; each check yields one line per broken row."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Coalesce

from innovation_voucher.casework import calendar
from innovation_voucher.lib.money import YuanField

from .models import BudgetPool, Claim, LedgerEntry, QuotaAccount, Voucher
from .models.accounts import BUCKETS
from .resolve import policy_of

_ZERO = Decimal(0)
#: How long the clock may be away before it is an alarm.
_TOLERATED = timedelta(days=1)
Flow = dict[str, Decimal]


def buckets_add_up() -> Iterator[str]:
    """Every bucket of every account is the sum of what came in less what went out."""
    flows = _flows("account_id")
    for account in QuotaAccount.objects.only("number", "granted", *BUCKETS).iterator():
        flow = flows.get(account.pk, {})
        for bucket in BUCKETS:
            if getattr(account, bucket) != flow.get(bucket, _ZERO):
                yield f"account {account.number}: {bucket} is not the sum of its entries"
        if account.granted != -flow.get("budget", _ZERO):
            yield f"account {account.number}: granted is not the sum of its entries"


def pools_add_up() -> Iterator[str]:
    """A budget is its total less what was granted from it."""
    flows = _flows("pool_id")
    for pool in BudgetPool.objects.iterator():
        if pool.budget != pool.total + flows.get(pool.pk, {}).get("budget", _ZERO):
            yield f"pool {pool.pk}: budget is not its total less its entries"


def lines_are_counted() -> Iterator[str]:
    """A budget counts exactly the claims that wait for it."""
    waiting = Count("claims", filter=Q(claims__status="waitlisted"))
    for pool in BudgetPool.objects.annotate(in_line=waiting).exclude(waiting=F("in_line")):
        yield f"pool {pool.pk}: {pool.waiting} in line, {pool.in_line} wait"


def vouchers_hold_their_entries() -> Iterator[str]:
    """What a voucher holds is what its own entries say, and nothing once it has ended."""
    flows: dict[str, Flow] = {}
    rows = LedgerEntry.objects.filter(account__vouchers__isnull=False).distinct()
    for reference, source, target, amount in rows.values_list("reference", "source", "target", "amount"):
        flow = flows.setdefault(reference.rpartition("/")[0], {})
        flow[source] = flow.get(source, _ZERO) - amount
        flow[target] = flow.get(target, _ZERO) + amount
    for voucher in Voucher.objects.only("code", "held", "in_batch").iterator():
        flow = flows.get(voucher.code, {})
        for bucket in ("held", "in_batch"):
            if getattr(voucher, bucket) != flow.get(bucket, _ZERO):
                yield f"voucher {voucher.code}: {bucket} is not the sum of its entries"


def ended_vouchers_hold_nothing() -> Iterable[str]:
    """Quota that an ended voucher still held could never be used."""
    live = ("requested", "returned", "issued", "confirmed", "redeeming")
    stuck = Voucher.objects.exclude(status__in=live).filter(Q(held__gt=0) | Q(in_batch__gt=0))
    return (f"voucher {code}: ended and still holds quota" for code in stuck.values_list("code", flat=True))


def accounts_cover_their_vouchers() -> Iterator[str]:
    """held and in_batch of an account are the sums over its vouchers."""
    zero = Value(_ZERO, output_field=YuanField())
    rows = QuotaAccount.objects.annotate(
        voucher_held=Coalesce(Sum("vouchers__held"), zero),
        voucher_batch=Coalesce(Sum("vouchers__in_batch"), zero),
    ).exclude(held=F("voucher_held"), in_batch=F("voucher_batch"))
    yield from (f"account {row.number}: holds more or less than its vouchers" for row in rows)


def claims_keep_their_caps() -> Iterator[str]:
    """What was claimed of one account stays within the cap of its newest claim's snapshot."""
    newest: dict[int, Claim] = {}
    for claim in Claim.objects.filter(status="approved", account__isnull=False).select_related("snapshot", "account"):
        newest.setdefault(claim.account_id or 0, claim)
    for claim in newest.values():
        cap = policy_of(claim.snapshot).cap_year if claim.snapshot else None
        if cap is not None and claim.account is not None and claim.account.granted > cap:
            yield f"account {claim.account.number}: granted more than the cap {cap}"


def paid_at_most_face() -> Iterable[str]:
    """A paid voucher names what was paid, and that is at most its amount."""
    wrong = Voucher.objects.filter(status="paid").filter(Q(paid_amount__isnull=True) | Q(paid_amount__gt=F("amount")))
    return (f"voucher {code}: paid without or above its amount" for code in wrong.values_list("code", flat=True))


def lapsed_accounts_are_empty() -> Iterable[str]:
    """After the account has lapsed nothing is available."""
    wrong = QuotaAccount.objects.filter(status="lapsed", available__gt=0)
    return (f"account {number}: lapsed and not empty" for number in wrong.values_list("number", flat=True))


def accounts_lapse_in_time() -> Iterable[str]:
    """A day after its last valid day an account has lapsed; else the clock stands still."""
    late = QuotaAccount.objects.filter(status="active", valid_until__lt=calendar.today() - _TOLERATED)
    return (f"account {number}: over its last day and still active" for number in late.values_list("number", flat=True))


def _flows(owner: str) -> dict[int, Flow]:
    """Per owner and bucket: what came in less what went out (two queries)."""
    flows: dict[int, Flow] = {}
    for side, sign in (("target", 1), ("source", -1)):
        rows = LedgerEntry.objects.order_by().values_list(owner, side).annotate(total=Sum("amount"))
        for pk, bucket, total in rows.filter(**{f"{owner}__isnull": False}):
            flow = flows.setdefault(pk, {})
            flow[bucket] = flow.get(bucket, _ZERO) + sign * total
    return flows


CHECKS = {
    "quota.buckets": buckets_add_up,
    "quota.pools": pools_add_up,
    "quota.lines": lines_are_counted,
    "quota.vouchers": accounts_cover_their_vouchers,
    "quota.lapsed": lapsed_accounts_are_empty,
    "quota.in_time": accounts_lapse_in_time,
    "claim.caps": claims_keep_their_caps,
    "voucher.entries": vouchers_hold_their_entries,
    "voucher.ended": ended_vouchers_hold_nothing,
    "voucher.paid": paid_at_most_face,
}

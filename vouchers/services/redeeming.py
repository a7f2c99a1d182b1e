"""What redemption does with vouchers. The callers have locked batch, accounts and vouchers before."""

from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import YuanField, format_yuan

from .. import freeze_rules, ledger, rules
from ..models import Voucher
from ..models.parameters import HoldAt
from ..resolve import policy_of
from . import moves
from .locking import lock_voucher, lock_vouchers
from .telling import record

State = Voucher.State


@transaction.atomic
def start_redeeming(voucher: Voucher, *, by: User | None) -> Voucher:
    """A redemption holds the voucher; its quota is taken now where the policy says so."""
    voucher = lock_voucher(voucher)
    require(rules.may_start_redeeming(voucher))
    if policy_of(voucher.snapshot).hold_at == HoldAt.REDEMPTION and not voucher.held:
        moves.hold(voucher, moves.account_of(voucher), by=by)
    return _moved(voucher, "start_redeeming", "voucher.redeeming", by=by)


@transaction.atomic
def stop_redeeming(voucher: Voucher, *, by: User | None) -> Voucher:
    """The redemption was withdrawn: the voucher can be redeemed again."""
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, State.REDEEMING, act=_("撤回兑付")))
    require(rules.is_in_no_batch(voucher))
    if policy_of(voucher.snapshot).hold_at == HoldAt.REDEMPTION:
        moves.release(voucher, by=by)
    return _moved(voucher, "stop_redeeming", "voucher.redeeming_stopped", by=by)


@transaction.atomic
def reduce_hold(voucher: Voucher, *, to: Decimal, by: User | None) -> Voucher:
    """The final decision approved `to` yuan: the rest of the hold is free."""
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, State.REDEEMING, act=_("核减")))
    if not 0 <= to <= voucher.held:
        raise Refused(_("核定金额不能超过券额"))
    freed = moves.release(voucher, by=by, keep=to)
    voucher.save(update_fields=["held", "movements"])
    if freed:
        record("voucher.hold_reduced", voucher, by=by, before=voucher.status, held=voucher.held, freed=freed)
    return voucher


@transaction.atomic
def reject_redeeming(voucher: Voucher, *, by: User | None, reason: str) -> Voucher:
    """The redemption was refused for good: the voucher ends and its hold is free."""
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, State.REDEEMING, act=_("不予兑付")))
    require(rules.is_in_no_batch(voucher))
    moves.release(voucher, by=by)
    voucher.ended_at, voucher.end_reason = timezone.now(), reason
    return _moved(voucher, "terminate", "voucher.redemption_rejected", by=by, reason=reason)


@transaction.atomic
def freeze_voucher(voucher: Voucher, *, amount: Decimal, by: User | None) -> Voucher:
    """A frozen batch pays `amount` yuan of the hold."""
    rows = Voucher.objects.filter(pk=voucher.pk).annotate(part=Value(amount, output_field=YuanField()))
    freeze_vouchers(rows, by=by)
    return lock_voucher(voucher)


@transaction.atomic
def freeze_vouchers(rows: QuerySet[Voucher], *, by: User | None, note: str = "") -> None:
    """A frozen batch pays of each hold the annotated `part`, yuan, in a few statements for all of them.

    Raises Refused where one of them can not be paid any more or holds less; then nothing has moved.
    """
    for voucher in lock_vouchers(rows.values_list("pk", flat=True)):
        require(rules.in_state(voucher, State.REDEEMING, act=_("列入批次")))
        require(freeze_rules.may_enter_batch(voucher))
    ledger.freeze_many(rows, by=by)
    audit.record_many(
        "voucher.in_batch",
        rows,
        label="code",
        region_path="region__path",
        by=by,
        before={"status": State.REDEEMING},
        after={"status": State.REDEEMING, "batch": note},
    )


@transaction.atomic
def unfreeze_voucher(voucher: Voucher, *, amount: Decimal, by: User | None) -> Voucher:
    """The bank did not pay, or the batch was cancelled."""
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, State.REDEEMING, act=_("撤出批次")))
    moves.unpay(voucher, amount, by=by)
    voucher.save(update_fields=["held", "in_batch", "movements"])
    record("voucher.out_of_batch", voucher, by=by, before=voucher.status, in_batch=voucher.in_batch)
    return voucher


@transaction.atomic
def pay_voucher(voucher: Voucher, *, amount: Decimal, by: User | None) -> Voucher:
    """The bank has paid the `amount` yuan that are in the batch; what is still held beside it is free."""
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, State.REDEEMING, act=_("登记拨付")))
    if amount != voucher.in_batch:
        raise Refused(_("拨付金额与列入批次的 %s 元不一致，核对批次后再登记") % format_yuan(voucher.in_batch))
    moves.pay(voucher, amount, by=by)
    moves.release(voucher, by=by)
    voucher.paid_amount, voucher.ended_at = amount, timezone.now()
    return _moved(voucher, "pay", "voucher.paid", by=by)


def _moved(voucher: Voucher, transition: str, verb: str, *, by: User | None, reason: str = "") -> Voucher:
    before = voucher.status
    getattr(voucher, transition)()
    voucher.save()
    record(verb, voucher, by=by, before=before, reason=reason)
    return voucher

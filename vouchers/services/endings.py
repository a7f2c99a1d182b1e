"""The ways in which a voucher ends without being paid; each gives its hold back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import deadlines, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office, ReviewCase
from innovation_voucher.casework.rules import require

from .. import rules
from ..models import Voucher
from ..resolve import policy_of
from . import moves
from .locking import lock_voucher
from .telling import record, tell_both, tell_holder


@dataclass(frozen=True)
class Ended:
    """What came of one voucher of several: the row, and the reason when it was refused."""

    voucher: Voucher
    refusal: str = ""


@transaction.atomic
def void_voucher(voucher: Voucher, *, by: User | None, reason: str) -> Voucher:
    """The holder takes it back; the quota is free again, or lapsed when its last day is over."""
    case = reviews.lock_case_of(voucher)
    voucher = lock_voucher(voucher)
    require(rules.may_void(by, voucher, policy_of(voucher.snapshot)))
    before = voucher.status
    _close_review(case, voucher, by=by)
    moves.release(voucher, by=by)
    voucher.void()
    _end(voucher, "voucher.voided", before, by=by, reason=reason)
    tell_both(voucher, "voucher.voided", _("创新券 %(code)s 已由企业作废"), reason)
    return voucher


def _close_review(case: ReviewCase | None, voucher: Voucher, *, by: User | None) -> None:
    """The review of the use ends with its voucher; `case` is the locked row that was live before."""
    if case is not None and case.status in (ReviewCase.State.OPEN, ReviewCase.State.RETURNED):
        reviews.withdraw(voucher, by=by)


def void_vouchers(vouchers: Sequence[Voucher], *, by: User, reason: str) -> list[Ended]:
    """Void several, each for itself: one that cannot be voided keeps none of the others back."""
    return [_try(voucher, by=by, reason=reason) for voucher in vouchers]


def _try(voucher: Voucher, *, by: User, reason: str) -> Ended:
    try:
        return Ended(void_voucher(voucher, by=by, reason=reason))
    except Refused as refused:
        return Ended(voucher, str(refused.message))


@transaction.atomic
def return_by_carrier(voucher: Voucher, *, by: User | None, reason: str) -> Voucher:
    """The carrier says that facts and contract differ; the hold is free at once. Final."""
    voucher = lock_voucher(voucher)
    require(rules.may_return_by_carrier(voucher))
    before = voucher.status
    moves.release(voucher, by=by)
    voucher.return_by_carrier()
    return _end(voucher, "voucher.returned_by_carrier", before, by=by, reason=reason)


@transaction.atomic
def terminate_voucher(voucher: Voucher, *, by: User, office: Office | None, reason: str) -> Voucher:
    """The bureau ends a confirmed voucher; quota of an earlier year does not come back into this one."""
    voucher = lock_voucher(voucher)
    require(rules.may_terminate(by, voucher))
    if not reason.strip():
        raise Refused(_("写明终止的原因，企业和服务机构都会看到"))
    before = voucher.status
    moves.release(voucher, by=by)
    voucher.terminate()
    _end(voucher, "voucher.terminated", before, by=by, reason=reason, office=office)
    tell_both(voucher, "voucher.terminated", _("创新券 %(code)s 已由科技局终止"), reason)
    return voucher


@transaction.atomic
def lapse_voucher(voucher: Voucher, *, by: User | None = None, reason: str = "") -> Voucher:
    """Its time is over; a review of its use ends with it."""
    case = reviews.lock_case_of(voucher)
    voucher = lock_voucher(voucher)
    open_states = rules.LIVE - {Voucher.State.REDEEMING}
    require(rules.in_state(voucher, *open_states, act=_("失效")))
    before = voucher.status
    _close_review(case, voucher, by=by)
    moves.release(voucher, by=by)
    voucher.lapse()
    _end(voucher, "voucher.lapsed", before, by=by, reason=reason or _("没有在期限内办理"))
    tell_holder(voucher, "voucher.lapsed", _("创新券 %(code)s 已失效"), voucher.end_reason)
    return voucher


def _end(
    voucher: Voucher, verb: str, before: str, *, by: User | None, reason: str, office: Office | None = None
) -> Voucher:
    voucher.ended_at, voucher.end_reason = timezone.now(), reason
    voucher.save()
    deadlines.close(voucher)
    record(verb, voucher, by=by, before=before, reason=reason, office=office)
    return voucher

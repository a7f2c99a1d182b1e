"""What the page of a use says about what follows: who looks at it, when the voucher is good, how it is taken back."""

from collections.abc import Sequence

from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.models import ChainStep, Office
from innovation_voucher.casework.statuses import Text
from vouchers.models.parameters import CancelUntil, Confirmation
from vouchers.policy import Policy, asks_amount

_BY_CARRIER = (Confirmation.CARRIER_RECEIVES, Confirmation.CARRIER_CONFIRMS)
_REVIEWED = gettext_lazy("审核通过前可自行撤回，额度退回。")
#: How long the holder may take it back, as `cancel_until` says; the carrier has accepted before this page opens.
_UNTIL: dict[str, Text] = {
    CancelUntil.USE_APPROVED: _REVIEWED,
    CancelUntil.REVIEW_PASSED: _REVIEWED,
    CancelUntil.CARRIER_CONFIRMS: gettext_lazy("机构确认前可自行作废，额度退回。"),
    CancelUntil.CARRIER_ACCEPTS: gettext_lazy("提交后不能自行撤回。"),
    CancelUntil.REDEMPTION_SUBMITTED: gettext_lazy("提交兑付前可自行作废，额度退回。"),
}


def reviewers(policy: Policy) -> list[str]:
    """The kinds of offices that look at a use, in the order of the steps (one query where there is a review)."""
    if not policy.use_chain:
        return []
    steps = ChainStep.objects.filter(chain__key=policy.use_chain).order_by("position")
    return [str(Office.Kind(kind).label) for kind in dict.fromkeys(steps.values_list("office_kind", flat=True))]


def lede(policy: Policy, who: Sequence[str], *, asks_contract: bool) -> str:
    """What to fill in, and who does what with it; `who` are the reviewers."""
    if asks_amount(policy):
        fill = _("填好合同和申请使用金额。")
    elif asks_contract:
        fill = _("填好合同，右侧显示这张券能抵多少。")
    else:
        fill = _("填好金额和说明，右侧显示这张券能抵多少。")
    return fill + _follows(policy, who)


def _follows(policy: Policy, who: Sequence[str]) -> str:
    by_carrier = policy.confirmation in _BY_CARRIER
    if not who:
        return _("提交后由服务机构核对确认。") if by_carrier else _("提交后券即生效。")
    then = _("通过后由服务机构确认。") if by_carrier else _("通过后券即生效。")
    return _("%(looks)s，%(then)s") % {"looks": _looks(policy, who), "then": then}


def _looks(policy: Policy, who: Sequence[str]) -> str:
    names = {"who": "、".join(who)}
    if len(who) > 1:
        return _("提交后依次由%(who)s审核") % names
    return (_("提交后由%(who)s核定金额") if asks_amount(policy) else _("提交后由%(who)s审核")) % names


def until(policy: Policy, who: Sequence[str]) -> str:
    """What handing in closes, and until when it can be taken back."""
    first = _("%s。") % _looks(policy, who) if who else _("提交后券面信息不能修改。")
    return first + str(_UNTIL.get(policy.cancel_until or "", ""))

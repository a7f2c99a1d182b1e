"""Who may do what with a redemption or a batch, and why not."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.rules import may_act, may_see_organization
from innovation_voucher.casework.rights import holds
from innovation_voucher.casework.rules import Answer
from vouchers.models import Voucher

from .models import Redemption, SettlementBatch

Person = AbstractBaseUser | AnonymousUser
FINANCE = ("owner", "handler", "finance")


def payee_of(voucher: Voucher) -> Organization:
    """Who is paid for a voucher: fixed when it was requested."""
    if voucher.redeemer == Voucher.Redeemer.CARRIER:
        return voucher.carrier.organization
    return voucher.organization


def may_see(user: Person, redemption: Redemption) -> bool:
    """The payee's people, the other side of its vouchers, and officers of the region."""
    if may_see_organization(user, redemption.payee) or holds(user, "view_cases", redemption.region):
        return True
    return any(
        may_see_organization(user, line.voucher.organization)
        or may_see_organization(user, line.voucher.carrier.organization)
        for line in redemption.lines.select_related("voucher__organization", "voucher__carrier__organization")
    )


def may_redeem(user: Person, voucher: Voucher) -> Answer:
    """The payee's people ask for payment of a confirmed, unfrozen voucher."""
    payee = payee_of(voucher)
    if not may_see_organization(user, payee):
        return False, _("这张券由%(payee)s申请兑付。") % {"payee": payee.name}
    if voucher.frozen_reason:
        return False, _("这张券已被冻结，解冻后才能兑付。")
    if voucher.status != Voucher.State.CONFIRMED:
        return False, _("这张券现在是“%(state)s”，不能申请兑付。") % {"state": voucher.get_status_display()}
    return may_act(user, payee, roles=FINANCE)


def may_withdraw(user: Person, redemption: Redemption) -> Answer:
    """The payee takes it back before the first decision."""
    if redemption.status not in ("draft", "awaiting_consent", "in_review", "returned"):
        return False, _("已经核定的兑付不能撤回。")
    return may_act(user, redemption.payee, roles=FINANCE)


def may_prepare(user: Person, batch: SettlementBatch) -> Answer:
    """Draw up, freeze, export and reconcile a batch."""
    if holds(user, "settle", batch.region):
        return True, ""
    return False, _("需要“制作结算批次”的权限，请联系省级主管部门。")


def may_countersign(user: Person, batch: SettlementBatch) -> Answer:
    """Countersigning takes the right and another person than the one who drew it up."""
    if not holds(user, "countersign", batch.region):
        return False, _("需要“复核结算批次”的权限，请联系省级主管部门。")
    if batch.prepared_by_id == user.pk:
        return False, _("制单人不能复核自己的批次，请由另一人复核。")
    return True, ""

"""When a voucher or an account may be frozen, and when the freeze may be lifted."""

from django.utils.translation import gettext as _

from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import ALLOWED, Answer

from . import rules
from .models import QuotaAccount, Voucher


def region_of(thing: Voucher | QuotaAccount) -> Region:
    """Where the right over a voucher or an account is asked: the node that accepts the holder's cases."""
    return thing.region if isinstance(thing, Voucher) else thing.organization.bureau


def may_freeze(thing: Voucher | QuotaAccount) -> Answer:
    """Whether there is something left to freeze that is not frozen yet."""
    if rules.is_frozen(thing):
        return False, _("已经冻结，需要修改时先解除冻结")
    if isinstance(thing, Voucher):
        return rules.in_state(thing, *rules.LIVE, act=_("冻结"))
    if thing.status == QuotaAccount.State.ACTIVE:
        return ALLOWED
    return False, _("这个额度账户已失效，不用冻结")


def may_lift(thing: Voucher | QuotaAccount) -> Answer:
    """Whether there is a freeze to lift."""
    return ALLOWED if rules.is_frozen(thing) else (False, _("现在没有冻结，刷新页面查看最新状态"))


def may_enter_batch(voucher: Voucher) -> Answer:
    """Whether a settlement batch may pay it: not while it is frozen."""
    return (False, rules.frozen_words(voucher)) if rules.is_frozen(voucher) else ALLOWED

"""Whether the enterprise has to agree before its carrier is paid, and who may."""

from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.rules import may_act
from innovation_voucher.casework.rules import Answer
from vouchers.models.parameters import Consent
from vouchers.resolve import policy_of

from .models import Redemption

#: The act that an enterprise's agreement is, as terms and deadlines name it.
CONSENT = "consent"


def enterprise_of(redemption: Redemption) -> Organization | None:
    """Whose vouchers the redemption is about: all of them are one enterprise's; None while nothing is in it."""
    line = redemption.lines.select_related("voucher__organization").order_by("id").first()
    return line.voucher.organization if line else None


def asks_enterprise(redemption: Redemption) -> bool:
    """Whether somebody else than the payee has to agree first."""
    if policy_of(redemption.snapshot).consent != Consent.ENTERPRISE_AGREES:
        return False
    enterprise = enterprise_of(redemption)
    return enterprise is not None and enterprise.pk != redemption.payee_id


def may_consent(user: User, redemption: Redemption) -> Answer:
    """The enterprise's owner and handlers agree or refuse, once, and never who asked for the money."""
    if redemption.status != Redemption.State.AWAITING_CONSENT:
        return False, _("这件兑付现在是“%(state)s”，不用您确认。") % {"state": redemption.get_status_display()}
    if redemption.created_by_id == user.pk:
        return False, _("兑付由您代服务机构提出，须由本单位的其他人确认。")
    enterprise = enterprise_of(redemption)
    return may_act(user, enterprise) if enterprise else (False, _("这件兑付里没有创新券。"))

"""The district registers that the signed paper has come; what waited only for it may be paid."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rules import require
from vouchers.resolve import policy_of

from .. import paper_rules
from ..models import Redemption
from .publishing import release
from .redeeming import lock, tell_payee


@transaction.atomic
def receive_paper(redemption: Redemption, *, by: User, office: Office | None = None) -> Redemption:
    """Write down that the signed form and its papers have come.

    Raises NotAllowed for everybody but the accepting bureau, Refused where none is awaited.
    """
    redemption = lock(redemption)
    require(paper_rules.may_take_in(by, redemption), NotAllowed)
    require(paper_rules.is_expected(redemption))
    redemption.paper_received_at = timezone.now()
    redemption.save(update_fields=["paper_received_at"])
    audit.record("redemption.paper_received", redemption, by=by, office=office, region=redemption.region)
    words = _("兑付申请 %(number)s 的纸质件已收到")
    tell_payee(redemption, "paper_received", words % {"number": redemption.number})
    _go_on(redemption, by=by)
    return redemption


def _go_on(redemption: Redemption, *, by: User) -> None:
    """What is approved and waited for nothing else may be paid."""
    if redemption.status == Redemption.State.APPROVED and not policy_of(redemption.snapshot).publicity_days:
        redemption.make_payable()
        redemption.save(update_fields=["status"])
        audit.record("redemption.released", redemption, by=by, region=redemption.region)
        return
    release(redemption, by=by)

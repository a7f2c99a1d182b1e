"""The signed paper that a scheme wants beside the electronic redemption: who registers it, and what waits for it."""

from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rights import holds, offices_of, offices_with
from innovation_voucher.casework.rules import ALLOWED, Answer
from vouchers.resolve import policy_of

from .models import Redemption

#: The right on the accepting region to take the paper in.
RIGHT = "review_redemption"
State = Redemption.State
#: It was handed in and its money has not been paid.
OPEN = (State.IN_REVIEW, State.RETURNED, State.APPROVED, State.IN_PUBLICITY, State.CONTESTED)


def asks_paper(redemption: Redemption) -> bool:
    """Whether the scheme wants a signed paper at all."""
    return bool(policy_of(redemption.snapshot).paper_copy)


def awaits_paper(redemption: Redemption) -> bool:
    """Whether it has not come yet: until then nothing is paid."""
    return asks_paper(redemption) and redemption.paper_received_at is None


def keeps_open(redemption: Redemption) -> bool:
    """Whether everybody has agreed, and the paper is still missing without which nothing is paid or closed."""
    return redemption.status in (State.APPROVED, State.IN_PUBLICITY) and awaits_paper(redemption)


def may_take_in(user: User, redemption: Redemption) -> Answer:
    """The bureau of the accepting region takes papers in; the reason names it."""
    sits = any(office.kind == Office.Kind.BUREAU for office in offices_of(user))
    if sits and holds(user, RIGHT, redemption.region):
        return ALLOWED
    bureaus = offices_with(RIGHT, redemption.region).filter(kind=Office.Kind.BUREAU)
    who = "、".join(office.name for office in bureaus[:3])
    return False, _("纸质件由%(who)s登记。") % {"who": who or redemption.region.name}


def is_expected(redemption: Redemption) -> Answer:
    """Whether there is a paper to register now."""
    if not asks_paper(redemption):
        return False, _("这项创新券不用交纸质件。")
    if redemption.paper_received_at is not None:
        return False, _("纸质件已登记，不用再办。")
    if redemption.status not in OPEN:
        return False, _("这件兑付现在是“%(state)s”，不能登记纸质件。") % {"state": redemption.get_status_display()}
    return ALLOWED

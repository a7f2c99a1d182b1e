"""How long a carrier may take to confirm a voucher."""

from datetime import date
from typing import Literal, cast

from innovation_voucher.casework import calendar, deadlines
from innovation_voucher.casework.models import Deadline

from ..models import Voucher
from ..models.parameters import Confirmation
from ..policy import Policy, TermSpec

#: The act that an issued voucher awaits, as terms and deadlines name it.
CONFIRMATION = "voucher_confirmation"
#: Where the scheme says nothing: the carrier is reminded before the seventh day and on it.
DEFAULT = TermSpec(act=CONFIRMATION, days=7, unit="d", remind_before=2, on_expiry=Deadline.OnExpiry.REMIND)

#: `confirmation` values under which confirming is an act of the carrier's people.
_BY_CARRIER = (Confirmation.CARRIER_CONFIRMS, Confirmation.CARRIER_RECEIVES)


def await_confirmation(voucher: Voucher, policy: Policy) -> None:
    """Start the carrier's term on a voucher that is issued today; the row is saved by the caller."""
    term = policy.term(CONFIRMATION) or DEFAULT
    day = calendar.today()
    if day > voucher.valid_until:
        voucher.confirm_until = min(_last(term, day), voucher.redeem_until)
    if policy.confirmation in _BY_CARRIER:
        deadlines.start(
            voucher,
            CONFIRMATION,
            days=term.days,
            unit=_unit(term),
            remind_before=term.remind_before,
            on_expiry=term.on_expiry,
        )


def _last(term: TermSpec, day: date) -> date:
    return deadlines.plus(day, term.days, _unit(term))


def _unit(term: TermSpec) -> Literal["wd", "d"]:
    return cast("Literal['wd', 'd']", term.unit)

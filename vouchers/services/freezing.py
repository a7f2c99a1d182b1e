"""Freezing a voucher or an account: a flag with a reason and perhaps an end, set by the bureau.

A freeze with a last day ends by itself the day after: every rule asks `rules.is_frozen` for the day,
so no sweep has to lift it. A frozen voucher is neither received, returned, voided, redeemed nor put
into a batch; the bureau may still terminate it. A frozen account neither claims nor holds.
"""

from datetime import date
from typing import TypeVar

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.organizations import people_of
from innovation_voucher.casework import audit, calendar, messaging
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rules import require

from .. import freeze_rules, rules
from ..models import QuotaAccount, Voucher
from .locking import lock_account, lock_voucher
from .telling import record, tell_both

Freezable = TypeVar("Freezable", Voucher, QuotaAccount)


@transaction.atomic
def set_freeze(thing: Freezable, *, by: User, office: Office | None, reason: str, until: date | None) -> Freezable:
    """Freeze a voucher or an account up to and with `until`; None = until it is lifted.

    Raises NotAllowed without the right there, Refused when it is frozen or over already, without a
    reason, or for a day that has passed.
    """
    thing = _locked(thing)
    require(rules.may_control(by, freeze_rules.region_of(thing)), NotAllowed)
    require(freeze_rules.may_freeze(thing))
    if not reason.strip(" 。"):
        raise Refused(_("写明冻结的原因，企业和服务机构都会看到"))
    if until is not None and until < calendar.today():
        raise Refused(_("冻结截止日不能早于今天"))
    # The reason is read inside a sentence, which has a full stop of its own.
    thing.frozen_reason, thing.frozen_until = reason.strip(" 。")[:200], until
    thing.save(update_fields=["frozen_reason", "frozen_until"])
    _note(thing, "frozen", by=by, office=office, reason=reason)
    return thing


@transaction.atomic
def lift_freeze(thing: Freezable, *, by: User, office: Office | None, reason: str = "") -> Freezable:
    """End a freeze before its time."""
    thing = _locked(thing)
    require(rules.may_control(by, freeze_rules.region_of(thing)), NotAllowed)
    require(freeze_rules.may_lift(thing))
    thing.frozen_reason, thing.frozen_until = "", None
    thing.save(update_fields=["frozen_reason", "frozen_until"])
    _note(thing, "unfrozen", by=by, office=office, reason=reason)
    return thing


def _locked(thing: Freezable) -> Freezable:
    return lock_voucher(thing) if isinstance(thing, Voucher) else lock_account(thing)


def _note(thing: Voucher | QuotaAccount, act: str, *, by: User, office: Office | None, reason: str) -> None:
    """The audit row, and the message to whom it concerns."""
    is_frozen, moment = act == "frozen", timezone.now().isoformat()
    until = thing.frozen_until.isoformat() if thing.frozen_until else ""
    if isinstance(thing, Voucher):
        record(f"voucher.{act}", thing, by=by, before=thing.status, office=office, reason=reason, until=until)
        title = _("创新券 %(code)s 已由科技局冻结") if is_frozen else _("创新券 %(code)s 已解除冻结")
        tell_both(thing, f"voucher.{act}", title, reason, mark=moment)
        return
    region, after = thing.organization.bureau, {"until": until}
    audit.record(f"account.{act}", thing, by=by, region=region, office=office, reason=reason, after=after)
    title = _("额度账户 %(number)s 已由科技局冻结") if is_frozen else _("额度账户 %(number)s 已解除冻结")
    messaging.notify(
        people_of(thing.organization),
        kind=f"account.{act}",
        title=title % {"number": thing.number},
        body=reason,
        link=reverse("ent-quota"),
        dedupe=f"account.{act}:{thing.number}:{moment}",
    )

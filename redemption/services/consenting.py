"""A carrier's redemption waits for the enterprise: it is asked, reminded, and looked after when it is late."""

from typing import Literal, cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people import people_of
from innovation_voucher.casework import audit, deadlines, messaging, rights
from innovation_voucher.casework.models import Deadline
from innovation_voucher.lib.money import format_yuan
from vouchers.policy import TermSpec
from vouchers.resolve import policy_of

from ..consents import CONSENT, enterprise_of
from ..models import Redemption

#: Where the scheme says nothing: five working days, then the bureau is told.
DEFAULT = TermSpec(act=CONSENT, days=5, unit="wd", remind_before=1, on_expiry=Deadline.OnExpiry.ESCALATE)


def ask_consent(redemption: Redemption, *, amount: object, by: User) -> None:
    """Let the locked draft wait for the enterprise, which learns the `amount` (yuan) and its last day."""
    redemption.ask_consent()
    redemption.submitted_at = timezone.now()
    redemption.save(update_fields=["status", "submitted_at"])
    term = policy_of(redemption.snapshot).term(CONSENT) or DEFAULT
    unit = cast("Literal['wd', 'd']", term.unit)
    due = deadlines.start(
        redemption, CONSENT, days=term.days, unit=unit, remind_before=term.remind_before, on_expiry=term.on_expiry
    )
    after = {"amount": str(amount), "due": due.due_on}
    audit.record("redemption.consent_asked", redemption, by=by, region=redemption.region, after=after)
    words = {"payee": redemption.payee.name, "amount": format_yuan(amount), "month": due.due_on.month}  # type: ignore[arg-type]
    title = _("%(payee)s申请兑付 %(amount)s 元，请您在%(month)d月%(day)d日前确认") % {**words, "day": due.due_on.day}
    tell_enterprise(redemption, "consent", title, mark=str(redemption.submitted_at))


def tell_enterprise(redemption: Redemption, kind: str, title: str, *, mark: str = "") -> None:
    """Inbox and SMS to the enterprise's people, with a link to the page on which they decide."""
    enterprise = enterprise_of(redemption)
    if enterprise is None:
        return
    messaging.notify(
        people_of(enterprise),
        kind=f"redemption.{kind}",
        title=title,
        link=reverse("redeem-consent", args=[redemption.number]),
        sms=_("【创新券】%(title)s") % {"title": title},
        dedupe=f"redemption:{redemption.number}:{kind}:{mark}",
    )


def remind_consent(redemption: Redemption) -> None:
    """The clock: the enterprise's last day comes near."""
    due = deadlines.due(redemption, CONSENT)
    if due is not None:
        words = {"number": redemption.number, "month": due.due_on.month, "day": due.due_on.day}
        title = _("兑付 %(number)s 待您确认，%(month)d月%(day)d日到期") % words
        tell_enterprise(redemption, "consent_reminder", title, mark=str(due.due_on))


def escalate_consent(redemption: Redemption, due: Deadline) -> None:
    """The clock: the enterprise is late; its bureau and itself are told, nothing is decided for it."""
    enterprise = enterprise_of(redemption)
    words = {"who": enterprise.name if enterprise else "", "number": redemption.number, "day": due.due_on}
    title = _("%(who)s逾期未确认兑付 %(number)s（%(day)s到期）") % words
    messaging.notify(
        rights.holders("view_cases", redemption.region),
        kind="redemption.consent_overdue",
        title=title,
        link=reverse("ent-redeem", args=[redemption.number]),
        dedupe=f"redemption:{redemption.number}:consent_overdue:{due.due_on}",
    )
    tell_enterprise(redemption, "consent_overdue", title, mark=str(due.due_on))

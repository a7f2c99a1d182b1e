"""What the end of a term does to quota and vouchers: rule 6 of docs/policy.md."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit, calendar, reviews
from innovation_voucher.casework.models import ReviewCase
from innovation_voucher.casework.rules import require
from innovation_voucher.lib import workdays

from .. import ledger, rules
from ..models import QuotaAccount, Voucher
from .endings import lapse_voucher
from .locking import lock_voucher

#: Accounts that lapse in one transaction: short enough for whoever waits for one of them.
CHUNK = 10_000

State = Voucher.State


@dataclass(frozen=True)
class Lapsed:
    """How many accounts lapsed, and what they had left, yuan."""

    count: int
    amount: Decimal


def accounts_over(day: date) -> QuerySet[QuotaAccount]:
    """Accounts whose last valid day lies before the day and that have not lapsed yet."""
    return QuotaAccount.objects.filter(status=QuotaAccount.State.ACTIVE, valid_until__lt=day)


@transaction.atomic
def lapse_accounts(day: date, *, only: int | None = None, most: int = CHUNK) -> Lapsed:
    """Lapse accounts that are over on the day, at most so many, as one set.

    A million accounts one by one would take an hour. An account that somebody holds is left to the
    next run: waiting for it would keep all others waiting.
    """
    over = accounts_over(day).order_by("valid_until", "pk")
    if only is not None:
        over = over.filter(pk=only)
    skip = only is None and connection.features.has_select_for_update_skip_locked
    locked = over.select_for_update(of=("self",), no_key=True, skip_locked=skip)
    # The ids are read here: what follows acts on exactly the rows that are locked.
    found = dict(locked.values_list("pk", "available")[:most])
    if not found:
        return Lapsed(0, Decimal("0.00"))
    rows = QuotaAccount.objects.filter(pk__in=list(found))
    audit.record_many(
        "account.lapsed",
        rows,
        label="number",
        region_path="organization__bureau__path",
        by=None,
        before={"status": QuotaAccount.State.ACTIVE},
        after={"status": QuotaAccount.State.LAPSED},
    )
    ledger.lapse_many(rows, by=None)
    return Lapsed(len(found), sum(found.values(), Decimal("0.00")))


def lapse_account(account: QuotaAccount, *, by: None = None) -> QuotaAccount:  # noqa: ARG001  only the clock calls it
    """Lapse one account after its last valid day; one that has lapsed stays as it is.

    Raises Refused while it is valid.
    """
    lapse_accounts(calendar.today(), only=account.pk)
    fresh = QuotaAccount.objects.get(pk=account.pk)
    over = fresh.status == QuotaAccount.State.LAPSED
    require((over, _("额度有效期至 %(day)s，现在还没有到期") % {"day": fresh.valid_until}))
    return fresh


def vouchers_over(day: date) -> QuerySet[Voucher]:
    """Vouchers that by their days may be over; the verb looks again at each, under its lock."""
    unsecured = Q(status__in=(State.REQUESTED, State.RETURNED, State.ISSUED), valid_until__lt=day)
    late = Q(status=State.ISSUED, confirm_until__gte=day)
    secured = Q(status=State.CONFIRMED, redeem_until__lt=day)
    found = Voucher.objects.filter(unsecured | secured).exclude(late).exclude(_under_review())
    return found.order_by("valid_until", "pk")


def _under_review() -> Q:
    kind = ContentType.objects.get_for_model(Voucher)
    cases = ReviewCase.objects.filter(subject_type=kind, subject_id=OuterRef("pk"), status=ReviewCase.State.OPEN)
    return Q(Exists(cases), status=State.REQUESTED)


@transaction.atomic
def lapse_voucher_if_over(pk: int, day: date) -> Voucher | None:
    """Lapse the voucher if its last day lies before the day; None when it goes on."""
    voucher = Voucher.objects.get(pk=pk)
    case = reviews.lock_case_of(voucher)
    voucher = lock_voucher(voucher)
    last = last_day(voucher, case)
    if last is None or last >= day:
        return None
    return lapse_voucher(voucher, by=None, reason=_over_words(voucher, last))


def last_day(voucher: Voucher, case: ReviewCase | None) -> date | None:
    """The last day on which a voucher with this live review may stay as it is; None while others have to act."""
    under_review = case is not None and case.status == ReviewCase.State.OPEN
    return rules.last_day(voucher, under_review=under_review, correct_by=_correct_by(voucher, case))


def _correct_by(voucher: Voucher, case: ReviewCase | None) -> date | None:
    """Until when to mend what a reviewer returned after the last valid day; None when it was returned before."""
    if case is None or case.status != ReviewCase.State.RETURNED:
        return None
    item = reviews.last_return(case).first()
    returned = item.task.decided_at if item else None
    late = returned is not None and workdays.shanghai_today(returned) > voucher.valid_until
    return case.return_due if late else None


def _over_words(voucher: Voucher, last: date) -> str:
    words = {
        State.CONFIRMED: _("没有在 %(day)s 前提交兑付"),
        State.ISSUED: _("服务机构没有在 %(day)s 前确认"),
        State.RETURNED: _("没有在 %(day)s 前补正"),
    }
    return words.get(State(voucher.status), _("有效期至 %(day)s，没有办结")) % {"day": last}

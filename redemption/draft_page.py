"""The page of a draft that gathers orders: its rows, what is written, its files, and what is missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.services import active_bank_account
from innovation_voucher.casework import attachments
from innovation_voucher.lib.forms import PortalForm
from orders.models import Order
from orders.services import settled_amount
from vouchers.answers import answered
from vouchers.models import QuotaAccount
from vouchers.policy import Gap
from vouchers.resolve import policy_of

from . import asked, queries, services
from .models import Pick, Redemption
from .paper_forms import AmountsForm, FactsForm, FileForm, facts_form
from .papers_page import address_of
from .sections import Section, file_row
from .things import handle

AMOUNTS = "amounts"
_WITH = ("order__voucher__snapshot", "order__snapshot", "order__carrier", "order__service")


@dataclass(frozen=True)
class Row:
    """One order of the draft: what it cost, what can be claimed, and what it lacks. Yuan."""

    pick: Pick
    address: str
    amount: Decimal | None
    worth: Decimal
    gaps: list[Gap]
    settled: bool

    @property
    def order(self) -> Order:
        """The order itself."""
        found: Order = self.pick.order
        return found


def rows_of(draft: Redemption) -> list[Row]:
    """The orders of the draft with their papers."""
    picks = list(draft.picks.select_related(*_WITH))
    papers = services.papers_by_order([pick.order for pick in picks])
    return [_row(pick, papers[pick.order_id]) for pick in picks]


def _row(pick: Pick, papers: services.Papers) -> Row:
    thing = handle(pick.order)
    amount = services.order_amount(pick.order, papers.entered)
    missing = services.gaps(thing, papers=papers)
    settled = pick.order.voucher is not None or settled_amount(pick.order) is not None
    return Row(pick, address_of(thing), amount, services.worth_now(thing, papers), missing, settled)


def forms_of(request: HttpRequest, draft: Redemption, rows: Iterable[Row]) -> dict[str, PortalForm]:
    """A form for amounts that are open, one for what is written, one for each kind of file."""
    policy, what = policy_of(draft.snapshot), request.POST.get("what")
    data: dict[str, Any] = {what: request.POST} if what else {}
    files: dict[str, Any] = {what: request.FILES} if what else {}
    initial = {f"row_{row.key}": draft.answers.get(row.key, "") for row in asked.rows(policy)}
    forms: dict[str, PortalForm] = {}
    open_picks = [row.pick for row in rows if not row.settled]
    if open_picks:
        forms[AMOUNTS] = AmountsForm(data.get(AMOUNTS), prefix=AMOUNTS, picks=open_picks)
    facts = facts_form(policy, data.get(asked.FACTS), initial=initial, single=False)
    if facts is not None:
        forms[asked.FACTS] = facts
    for spec in asked.file_rows(policy):
        forms[spec.key] = FileForm(data.get(spec.key), files.get(spec.key), prefix=f"file-{spec.key}", row=spec)
    return forms


def give(draft: Redemption, form: PortalForm, what: str, *, by: User) -> None:
    """Write down what was given."""
    if isinstance(form, FactsForm):
        answers = {**dict.fromkeys((row.key for row in form.specs), ""), **form.answers}
        services.keep_answers(draft, by=by, answers=answers)
    elif isinstance(form, AmountsForm):
        services.keep_amounts(draft, by=by, amounts=form.amounts)
    else:
        given = form.cleaned_data["file"]
        services.keep_file(draft, what, by=by, name=given.name, data=given)


def page_of(draft: Redemption, payee: Organization, rows: list[Row], forms: dict[str, PortalForm]) -> dict[str, Any]:
    """Everything that the draft's page shows."""
    policy = policy_of(draft.snapshot)
    missing = services.draft_gaps(draft)
    return {
        "draft": draft,
        "rows": rows,
        "accounts": _accounts(draft),
        "amounts": forms.get(AMOUNTS),
        "facts": forms.get(asked.FACTS),
        "sections": list(_sections(draft, forms)),
        "gaps": missing,
        "ready": not missing and not any(row.gaps for row in rows),
        "services_total": sum((row.amount or Decimal(0) for row in rows), Decimal("0.00")),
        "total": sum((row.worth for row in rows), Decimal("0.00")),
        "window": (policy.window_from, policy.window_to) if policy.window_from else None,
        "back_url": queries.list_url(payee),
        "crumbs": [(_("兑付申请"), queries.list_url(payee)), (draft.number, "")],
    }


def _accounts(draft: Redemption) -> list[QuotaAccount]:
    """Where the money comes from: voucher number, year, granted and remaining."""
    found = QuotaAccount.objects.filter(organization=draft.payee, programme=draft.programme)
    return list(found.select_related("programme").order_by("valid_until"))


def _sections(draft: Redemption, forms: dict[str, PortalForm]) -> Iterator[Section]:
    kept = attachments.files(draft)
    for row in asked.file_rows(policy_of(draft.snapshot)):
        rows = [file_row(file) for file in kept if file.key == row.key]
        button = _("上传%(what)s") % {"what": row.label}
        optional = not row.minimum
        yield Section(row.key, row.label, rows, forms[row.key], button, optional=optional, is_file=True)


def check_of(draft: Redemption, payee: Organization) -> dict[str, Any]:
    """What is shown once more before it is handed in."""
    rows = rows_of(draft)
    policy = policy_of(draft.snapshot)
    return {
        "draft": draft,
        "rows": rows,
        "total": sum((row.worth for row in rows), Decimal("0.00")),
        "said": answered(asked.rows(policy), draft.answers),
        "files": [attachments.card(file) for file in attachments.files(draft)],
        "account": active_bank_account(payee),
        "pay_within": policy.pay_within_days,
    }

"""The page of a draft that gathers orders: its rows, what is written, its files, and what is missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.services import active_bank_account
from innovation_voucher.casework import attachments, reviews
from innovation_voucher.casework.models import ReturnItem
from innovation_voucher.lib.forms import PortalForm
from orders.models import Order
from orders.services import settled_amount
from vouchers.answers import answered
from vouchers.models import QuotaAccount
from vouchers.models.parameters import Consent
from vouchers.phone_forms import phones_of
from vouchers.policy import Gap
from vouchers.resolve import policy_of

from . import asked, queries, services
from .models import Pick, Redemption
from .paper_forms import AmountsForm, FactsForm, FileForm, facts_form
from .papers_page import address_of
from .sections import Section, file_row
from .things import handle

AMOUNTS = "amounts"
_WITH = ("voucher__snapshot", "snapshot", "carrier", "service")


@dataclass(frozen=True)
class Row:
    """One order of the draft: what it cost, what can be claimed, and what it lacks. Yuan.

    `open_pick` is its place where the amount is still to be entered.
    """

    order: Order
    address: str
    amount: Decimal | None
    worth: Decimal
    gaps: list[Gap]
    open_pick: Pick | None


def rows_of(draft: Redemption) -> list[Row]:
    """The orders of the draft, or of what was returned, with their papers."""
    picks = {pick.order_id: pick for pick in draft.picks.all()}
    found = Order.objects.filter(Q(pick__redemption=draft) | Q(voucher__lines__redemption=draft))
    orders = list(found.select_related(*_WITH).order_by("pk"))
    papers = services.papers_by_order(orders)
    return [_row(order, papers[order.pk], picks.get(order.pk)) for order in orders]


def _row(order: Order, papers: services.Papers, pick: Pick | None) -> Row:
    thing = handle(order)
    amount = services.order_amount(order, papers.entered)
    missing = services.gaps(thing, papers=papers)
    settled = order.voucher is not None or settled_amount(order) is not None
    worth = services.worth_now(thing, papers)
    return Row(order, address_of(thing), amount, worth, missing, None if settled else pick)


def forms_of(request: HttpRequest, draft: Redemption, rows: Iterable[Row]) -> dict[str, PortalForm]:
    """A form for amounts that are open, one for what is written, one for each kind of file."""
    policy, what = policy_of(draft.snapshot), request.POST.get("what")
    data: dict[str, Any] = {what: request.POST} if what else {}
    files: dict[str, Any] = {what: request.FILES} if what else {}
    forms: dict[str, PortalForm] = {}
    open_picks = [row.open_pick for row in rows if row.open_pick is not None]
    if open_picks:
        forms[AMOUNTS] = AmountsForm(data.get(AMOUNTS), prefix=AMOUNTS, picks=open_picks)
    facts = facts_form(
        policy, data.get(asked.FACTS), phones=phones_of(request, draft.payee), kept=draft.answers, single=False
    )
    if facts is not None:
        forms[asked.FACTS] = facts
    for spec in asked.file_rows(policy):
        forms[spec.key] = FileForm(data.get(spec.key), files.get(spec.key), prefix=f"file-{spec.key}", row=spec)
    return forms


def give(draft: Redemption, form: PortalForm, what: str, *, by: User) -> None:
    """Write down what was given."""
    if isinstance(form, FactsForm):
        services.keep_answers(draft, by=by, answers=form.written)
    elif isinstance(form, AmountsForm):
        services.keep_amounts(draft, by=by, amounts=form.amounts)
    else:
        given = form.cleaned_data["file"]
        services.keep_file(draft, what, by=by, name=given.name, data=given)


def page_of(
    draft: Redemption, payee: Organization, rows: list[Row], forms: dict[str, PortalForm], by: User
) -> dict[str, Any]:
    """Everything that the page shows; while it is returned only what the letter names can be changed."""
    policy, facts = policy_of(draft.snapshot), forms.get(asked.FACTS)
    returned = reviews.returned_items(draft) if draft.status == Redemption.State.RETURNED else {}
    if isinstance(facts, FactsForm):
        facts.close(services.open_keys(draft, by))
    missing = services.draft_gaps(draft)
    return {
        "draft": draft,
        "refused": queries.refusal(draft) if policy.consent == Consent.ENTERPRISE_AGREES else "",
        "rows": rows,
        "accounts": _accounts(draft),
        "amounts": forms.get(AMOUNTS),
        "facts": facts,
        "pins": [item.words for row in asked.rows(policy) for item in returned.get(row.key, ())],
        "sections": list(_sections(draft, forms, returned)),
        "mends": bool(returned),
        "gaps": [gap for gap in missing if gap.key != services.WINDOW],
        "waits": [gap for gap in missing if gap.key == services.WINDOW],
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


def _sections(
    draft: Redemption, forms: dict[str, PortalForm], returned: Mapping[str, Sequence[ReturnItem]]
) -> Iterator[Section]:
    kept = attachments.files(draft)
    for row in asked.file_rows(policy_of(draft.snapshot)):
        rows = [file_row(file) for file in kept if file.key == row.key]
        button = _("上传%(what)s") % {"what": row.label}
        pins = [item.words for item in returned.get(row.key, ())]
        closed = bool(returned) and not {"", row.key} & set(returned)
        form = None if closed else forms[row.key]
        yield Section(row.key, row.label, rows, form, button, optional=not row.minimum, is_file=True, pins=pins)


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

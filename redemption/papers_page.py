"""The page of an order's papers: its forms, its sections, and what is still missing."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Organization
from innovation_voucher.casework import attachments, reviews
from innovation_voucher.lib.forms import PortalForm
from innovation_voucher.lib.references import group_code
from orders.models import Order
from vouchers.models import Voucher
from vouchers.models.parameters import Consent
from vouchers.phone_forms import phones_of
from vouchers.policy import subsidy

from . import asked, queries, rules, services
from .models import Pick, Redemption
from .paper_forms import ContractForm, FactsForm, FileForm, InvoiceForm, ReceiptForm, facts_form
from .sections import Section, sections_of
from .things import Thing, handle, order_of, rules_of

Forms = dict[str, PortalForm]
_WITH = ("snapshot", "organization", "carrier__organization", "programme", "region")


def thing_of(code: str, payee: Organization) -> Thing:
    """The payee's voucher under the number, or its order that gets its voucher with the redemption; else 404."""
    vouchers = Voucher.objects.filter(queries.paid_to(payee), code=code).select_related(*_WITH, "order")
    found = vouchers.first() or _order(code, payee)
    if found is None:
        raise Http404
    return found


def _order(code: str, payee: Organization) -> Thing | None:
    rows = Order.objects.filter(Q(organization=payee), number=code, use_voucher=True, snapshot__isnull=False)
    order = rows.select_related(*_WITH, "voucher__snapshot", "voucher__carrier", "service").first()
    return handle(order) if order is not None else None


def address_of(thing: Thing) -> str:
    """Under which number the page stands."""
    return thing.code if isinstance(thing, Voucher) else thing.number


def forms_of(request: HttpRequest, thing: Thing, payee: Organization, papers: services.Papers) -> Forms:
    """One form for invoices, receipts, what is written, and each kind of file, under the key of its section."""
    policy, what = rules_of(thing), request.POST.get("what")
    data: dict[str, Any] = {what: request.POST} if what else {}
    files: dict[str, Any] = {what: request.FILES} if what else {}
    typed = asked.picture_rows(policy)
    invoice, receipt = (typed.get(key) for key in (asked.INVOICE_PICTURE, asked.RECEIPT_PICTURE))
    keys = services.INVOICES, services.RECEIPTS
    wanted = services.asked_invoice_fields(policy)
    forms: Forms = {
        keys[0]: InvoiceForm(data.get(keys[0]), files.get(keys[0]), prefix=keys[0], wanted=wanted, row=invoice),
        keys[1]: ReceiptForm(data.get(keys[1]), files.get(keys[1]), prefix=keys[1], row=receipt),
    }
    if asked.itemizes(policy):
        key, scan = services.CONTRACTS, typed.get(asked.CONTRACT_SCAN)
        forms[key] = ContractForm(data.get(key), files.get(key), prefix=key, row=scan)
    for row in asked.file_rows(policy):
        forms[row.key] = FileForm(data.get(row.key), files.get(row.key), prefix=f"file-{row.key}", row=row)
    amount = services.order_amount(order_of(thing), papers.entered)
    phones = phones_of(request, payee)
    facts = facts_form(policy, data.get(asked.FACTS), phones=phones, kept=papers.answers, amount=amount, single=True)
    if facts is not None:
        forms[asked.FACTS] = facts
    return forms


def give(thing: Thing, form: PortalForm, what: str, *, by: Any) -> None:
    """Write down what was given."""
    data = form.cleaned_data
    if isinstance(form, FactsForm):
        services.keep_facts(thing, by=by, answers=form.written, contract_amount=data.get("contract_amount"))
    elif isinstance(form, InvoiceForm):
        facts = {name: value for name, value in data.items() if name != "image"}
        services.add_invoice(thing, by=by, facts=services.InvoiceFacts(**facts), picture=form.picture)
    elif isinstance(form, ContractForm):
        contract = services.ContractFacts(name=data["name"], amount=data["amount"])
        services.add_contract(thing, by=by, facts=contract, picture=form.picture)
    elif isinstance(form, ReceiptForm):
        services.add_receipt(thing, by=by, amount=data["amount"], paid_on=data["paid_on"], picture=form.picture)
    else:
        given = data["file"]
        services.add_paper(thing, what, by=by, name=given.name, data=given)


def page_of(request: HttpRequest, thing: Thing, payee: Organization, papers: services.Papers, forms: Forms) -> Any:
    """Everything that the page shows."""
    policy, order, by = rules_of(thing), order_of(thing), request.user
    redemption = _redemption(thing)
    returned = reviews.returned_items(redemption) if redemption else {}
    opened = set(returned) if returned else None
    sections = sections_of(thing, papers, attachments.files(order), forms, returned)
    facts: Any = forms.get(asked.FACTS)
    if facts is not None:
        facts.close({name.removeprefix("row_") for name in facts.fields if _may_write(by, thing, name, opened)})
    missing = services.gaps(thing, papers=papers)
    pick = Pick.objects.filter(order=order).select_related("redemption").first()
    contract = services.order_amount(order, papers.entered)
    return {
        "thing": thing,
        "voucher": thing if isinstance(thing, Voucher) else None,
        "order": order,
        "address": address_of(thing),
        "number": group_code(thing.code) if isinstance(thing, Voucher) else thing.number,
        "redemption": redemption,
        "draft": pick,
        "refused": queries.refusal(pick.redemption) if pick and policy.consent == Consent.ENTERPRISE_AGREES else "",
        "gathers": asked.gathers(policy),
        "facts": facts,
        "fact_pins": [item.words for row in policy.fields_of(asked.STAGE) for item in returned.get(row.key, ())],
        "sections": [_closed(by, thing, section, opened) for section in sections],
        "gaps": missing,
        "contract": contract,
        "amount": services.worth_now(thing, papers),
        "given": papers,
        "expected": services.expected_receipts(policy, thing, papers),
        "formula": subsidy(policy, contract) if contract is not None else None,
        "may_submit": isinstance(thing, Voucher) and thing.status == Voucher.State.CONFIRMED,
        "back_url": queries.list_url(payee),
        "crumbs": [(_("兑付申请"), queries.list_url(payee)), (order.title, "")],
    }


def _redemption(thing: Thing) -> Redemption | None:
    if not isinstance(thing, Voucher):
        return None
    line = thing.lines.filter(live=True).select_related("redemption").first()
    return line.redemption if line else None


def _may_write(by: Any, thing: Thing, name: str, opened: set[str] | None) -> bool:
    return rules.may_mend(by, thing, name.removeprefix("row_"), opened)[0]


def _closed(by: Any, thing: Thing, section: Section, opened: set[str] | None) -> Section:
    """The section without its form where the rules say no."""
    if not rules.may_mend(by, thing, section.key, opened)[0]:
        section.form = None
    return section

"""A small world for redemption: vouchers with orders, papers, reviews and batches in every state."""

from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Organization, User
from carriers.models import Carrier
from innovation_voucher.casework import attachments, calendar, reviews
from innovation_voucher.casework.models import Attachment, Chain, ChainStep, Region, ReviewCase
from innovation_voucher.lib import spreadsheets
from innovation_voucher.lib.tests import files
from innovation_voucher.lib.uploads import Rule
from innovation_voucher.tests import cast
from orders.models import Order
from redemption import services, things
from redemption.models import Redemption, SettlementBatch
from vouchers.models import EvidenceRow, Programme, ProgrammeVersion, Voucher
from vouchers.services.publishing import publish
from vouchers.tests import factories as quota

CHAIN = "redemption-test"
PROVINCE = "330000"

_serial = count(1)

#: A scheme whose redemption asks for a number, an amount and an equal bank receipt.
ASKING: dict[str, Any] = {
    "amount_base": "contract",
    "redeem_from": "accepted",
    "redemption_chain": CHAIN,
    "publicity_days": 0,
    "payment_check": "net_for_carrier",
    "invoice_fields": ["number"],
    "orders_per_invoice": 1,
}


def make_chain(*steps: dict[str, Any]) -> Chain:
    """One bureau step that may lower the amount, unless steps are named."""
    chain, made = Chain.objects.get_or_create(key=CHAIN, defaults={"name": "兑付"})
    usual = {"office_kind": "bureau", "right": "review_redemption", "working_days": 5, "may_lower": True}
    if made:
        for position, step in enumerate(steps or ({},), 1):
            ChainStep.objects.create(chain=chain, position=position, **{"name": f"审核{position}", **usual, **step})
    return chain


def make_programme(**parameters: Any) -> Programme:
    """An open programme with the rules of `ASKING` and these changes, and its chain."""
    make_chain()
    return quota.make_programme(**{**ASKING, **parameters})


def invoice_number() -> str:
    """The number of a fully digital invoice that nobody has."""
    return f"26330000{next(_serial):012d}"


def make_voucher(
    organization: Organization | None = None,
    programme: Programme | None = None,
    *,
    carrier: Carrier | None = None,
    redeemer: str = "enterprise",
    contract: int | str = 18_000,
    quota_amount: int | str = 200_000,
    order_state: str = "accepted",
) -> Voucher:
    """A confirmed voucher on its order; 18,000 yuan of contract are worth 14,000."""
    organization = organization or cast.make_organization()
    programme = programme or make_programme()
    voucher = quota.make_voucher(
        organization,
        programme,
        carrier,
        state="confirmed",
        contract=contract,
        quota=quota_amount,
        redeemer=redeemer,
    )
    make_order(voucher, order_state)
    return voucher


def make_order(voucher: Voucher, state: str = "accepted") -> Order:
    """The order of a voucher, brought to a state by its own transitions."""
    order = Order.objects.create(
        number=f"DD-T-{next(_serial):06d}",
        organization=voucher.organization,
        region=voucher.region,
        carrier=voucher.carrier,
        programme=voucher.programme,
        snapshot=voucher.snapshot,
        voucher=voucher,
        title=voucher.service_title,
        category_name=voucher.service_category,
        contact_name="周甲",
        contact_phone="+8619900000000",
        placed_at=timezone.now(),
    )
    road = ("accept", "deliver", "complete")
    for step in road[: ("placed", "accepted", "delivered", "completed").index(state)]:
        getattr(order, step)()
        order.save()
    return order


def payee_of(voucher: Voucher) -> User:
    """The owner of the side that is paid."""
    return cast.owner_of(things.payee_of(voucher))


def complete(voucher: Voucher, amount: int | str | None = None) -> Voucher:
    """Give an invoice over the contract, or over `amount`, and the receipt that goes with it."""
    by = payee_of(voucher)
    total = Decimal(amount or voucher.contract_amount)
    services.add_invoice(voucher, by=by, facts=services.InvoiceFacts(number=invoice_number(), amount=total))
    paid = total - (voucher.amount if voucher.redeemer == "carrier" else 0)
    if paid:
        services.add_receipt(voucher, by=by, amount=paid, paid_on=calendar.today())
    return Voucher.objects.get(pk=voucher.pk)


def ready(organization: Organization | None = None, programme: Programme | None = None, **values: Any) -> Voucher:
    """A confirmed voucher whose papers are complete."""
    return complete(make_voucher(organization, programme, **values))


def submitted(
    organization: Organization | None = None, programme: Programme | None = None, **values: Any
) -> Redemption:
    """A redemption of one voucher under review."""
    voucher = ready(organization, programme, **values)
    return services.submit_voucher(voucher, by=payee_of(voucher))


def case_of(redemption: Redemption) -> ReviewCase:
    """The live case."""
    case = reviews.live_case(redemption)
    assert case is not None
    return case


def officer(name: str = "沈审核", region_code: str = cast.COUNTY) -> User:
    """Reviews redemptions of the county; always a new person."""
    return cast.make_officer(region_code, "review_redemption", name=name)


def decide(redemption: Redemption, decision: str = "approve", *, by: User | None = None, **values: Any) -> Redemption:
    """Let an officer of the redemption's region decide the open task."""
    by = by or officer(region_code=redemption.region.code)
    task = case_of(redemption).tasks.get(status="open")
    reviews.decide(task, by=by, office=None, decision=decision, **values)
    return Redemption.objects.get(pk=redemption.pk)


def payable(organization: Organization | None = None, programme: Programme | None = None, **values: Any) -> Redemption:
    """A redemption that waits for its batch."""
    return decide(submitted(organization, programme, **values))


def returned(organization: Organization | None = None, programme: Programme | None = None, **values: Any) -> Redemption:
    """A redemption that came back because of its receipts."""
    redemption = submitted(organization, programme, **values)
    return decide(redemption, "return", items=[("receipts", "回单日期与合同不符")])


# --- Batches ------------------------------------------------------------------------------------


def settler(name: str = "钱制单", region_code: str = PROVINCE) -> User:
    """Draws up batches of the province."""
    return _provincial(name, "settle", region_code)


def countersigner(name: str = "孙复核", region_code: str = PROVINCE) -> User:
    """Countersigns batches of the province."""
    return _provincial(name, "countersign", region_code)


def _provincial(name: str, right: str, region_code: str) -> User:
    office = cast.make_office("province", region_code, rights=(right,), name=f"{region_code}{right}")
    user = cast.make_officer(region_code, kind="province", name=name, office=office)
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return user


def draft(by: User, programme: Programme, region: Region | None = None) -> SettlementBatch:
    """A draft over the whole year so far."""
    today = calendar.today()
    return services.create_batch(
        programme=programme,
        region=region or cast.make_region(PROVINCE),
        period_from=today.replace(month=1, day=1),
        period_to=today,
        by=by,
    )


def frozen(by: User, programme: Programme) -> SettlementBatch:
    """A batch whose lines are fixed."""
    batch = draft(by, programme)
    return services.freeze_batch(batch, by=by, typed_total=services.preview_of(batch).total)


def locked() -> tuple[User, SettlementBatch]:
    """A frozen batch over one payment of 14,000 yuan, and who drew it up."""
    programme, by = make_programme(), settler()
    payable(programme=programme)
    return by, frozen(by, programme)


def fresh(batch: SettlementBatch) -> SettlementBatch:
    """The batch as it stands now."""
    return SettlementBatch.objects.get(pk=batch.pk)


def exported(by: User, second: User, programme: Programme) -> SettlementBatch:
    """A batch at the bank."""
    batch = frozen(by, programme)
    services.countersign_batch(batch, by=second, typed_total=batch.total)
    services.export_batch(batch, by=by)
    return SettlementBatch.objects.get(pk=batch.pk)


def answer(rows: list[list[Any]], kind: str = "xlsx") -> BytesIO:
    """The bank's file: rows of reference, amount, result, bank reference, reason."""
    heads = ["流水号", "金额", "结果", "银行流水号", "退回原因"]
    if kind == "csv":
        return BytesIO(spreadsheets.csv_text(heads, rows).encode("utf-8-sig"))
    return BytesIO(spreadsheets.xlsx(heads, rows))


def paid_rows(batch: SettlementBatch, *, failed: int = 0) -> list[list[Any]]:
    """An answer to every payment; the last `failed` are sent back."""
    payments = list(batch.payments.order_by("reference"))
    rows: list[list[Any]] = []
    for index, payment in enumerate(payments):
        back = index >= len(payments) - failed
        rows.append(
            [payment.reference, payment.amount, "退回", "", "账号与户名不符"]
            if back
            else [payment.reference, payment.amount, "成功", f"YH{index:06d}", ""]
        )
    return rows


def import_rows(batch: SettlementBatch, by: User, rows: list[list[Any]], kind: str = "xlsx") -> services.Results:
    """Let the bank answer."""
    return services.import_results(batch, by=by, name=f"结果.{kind}", data=answer(rows, kind))


def pdf() -> BytesIO:
    """A small document."""
    return BytesIO(files.pdf())


def png() -> BytesIO:
    """A small picture."""
    return BytesIO(files.picture())


def ask_for(programme: Programme, key: str, *, label: str, minimum: int = 1, **values: Any) -> None:
    """A further version of the programme whose redemption asks for this file."""
    latest = programme.versions.latest("number")
    copied = {name: getattr(latest, name) for name in latest.parameter_names()}
    version = ProgrammeVersion.objects.create(
        programme=programme, number=latest.number + 1, effective_from=latest.effective_from, **copied
    )
    EvidenceRow.objects.create(
        version=version,
        stage="redemption",
        key=key,
        label=label,
        minimum=minimum,
        **{"formats": ["pdf", "png"], "max_bytes": 5 * 1024 * 1024, **values},
    )
    publish(version, by=None)
    programme.refresh_from_db()


def give_at_use(order: Order, key: str) -> Attachment:
    """A file that was given when the voucher was used."""
    rule = Rule(formats=("pdf",), max_bytes=5 * 1024 * 1024)
    return attachments.attach(order, key, name="合同.pdf", data=pdf(), rule=rule, by=cast.owner_of(order.organization))

"""Evidence of the use: formats, sizes, number, replacement, gaps, and whose file it is."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from innovation_voucher.casework import attachments
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Attachment, AuditRow
from innovation_voucher.lib.tests.files import pdf, picture
from orders import services
from orders.models import Order
from orders.tests.conftest import client_of
from orders.tests.factories import World, booking, contract_file, make_order, make_world, use_of
from orders.tests.watch import nothing_changes, refused

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-10", "ZJ-8")]

QUOTE = {"key": "quote", "label": "报价单", "formats": ["pdf"], "max_bytes": 1_000_000, "minimum": 2, "maximum": 3}
PHOTO = {"key": "photo", "label": "现场照片", "formats": ["jpg", "png"], "max_bytes": 1_000_000, "minimum": 0}


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return make_world(evidence=(QUOTE, PHOTO))


@pytest.fixture
def order(world: World) -> Order:
    return make_order(world, "accepted")


def give(world: World, order: Order, key: str = "quote", name: str = "报价.pdf", content: bytes = b"") -> Attachment:
    return services.add_evidence(order, key, by=world.owner, name=name, data=io.BytesIO(content or pdf()))


def names(order: Order, key: str) -> list[str]:
    return [file.name for file in attachments.files(order, key)]


def gaps(order: Order) -> dict[str, int]:
    return {gap.key: gap.missing for gap in services.use_gaps(order, services.use_policy(order))}


# --- What is taken --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "name", "content"),
    [
        ("quote", "报价.pdf", pdf()),
        ("quote", "报价.PDF", pdf(pages=3)),
        ("contract", "合同.jpg", picture("JPEG")),
        ("photo", "现场.jpeg", picture("JPEG")),
        ("photo", "现场.png", picture("PNG")),
    ],
)
def test_each_row_takes_its_formats(world: World, order: Order, key: str, name: str, content: bytes) -> None:
    file = give(world, order, key, name, content)
    assert names(order, key) == [file.name]
    assert AuditRow.objects.get(verb="order.evidence").after == {"key": key, "file": file.name}


@pytest.mark.parametrize(
    ("key", "name", "content"),
    [
        ("quote", "报价.jpg", picture("JPEG")),
        ("photo", "现场.pdf", pdf()),
        ("quote", "报价.pdf", picture("JPEG")),
        ("photo", "现场.jpg", pdf()),
        ("quote", "空.pdf", b"\n"),
        ("quote", "半份.pdf", pdf()[:40]),
        ("quote", "大.pdf", b"%PDF-1.4\n" + b"0" * 1_000_001),
    ],
    ids=["jpg", "pdf", "disguised jpg", "disguised pdf", "empty", "cut off", "too large"],
)
def test_nothing_else_is_kept(world: World, order: Order, key: str, name: str, content: bytes) -> None:
    refused(lambda: give(world, order, key, name, content))


@pytest.mark.parametrize(
    "name", ["报价", "报价.exe", "报价.pdf.exe", "../../报价.jpg", "C:\\报价.html", "报价\u202efdp.exe"]
)
def test_a_file_is_called_what_it_is_whatever_its_name_says(world: World, order: Order, name: str) -> None:
    file = give(world, order, name=name)
    assert (file.kind, file.name.endswith(".pdf")) == ("pdf", True)
    assert not set(file.name) & set("/\\\u202e")


def test_the_limit_of_a_row_is_exact_to_the_byte(db: None) -> None:
    content = pdf()
    row = {"label": "甲", "formats": ["pdf"], "minimum": 0}
    fits = {**row, "key": "fits", "max_bytes": len(content)}
    short = {**row, "key": "short", "max_bytes": len(content) - 1}
    below = {**row, "key": "below", "max_bytes": len(content), "strict": True}
    world = make_world(evidence=(fits, short, below))
    order = make_order(world, "accepted")
    assert give(world, order, "fits", content=content).size == len(content)
    for key in ("short", "below"):
        refused(lambda key=key: give(world, order, key, content=content))


# --- How many -------------------------------------------------------------------------------


def test_missing_files_are_counted_down_and_stop_the_use(world: World, order: Order) -> None:
    counts = [gaps(order)]
    for key in ("contract", "quote", "quote"):
        give(world, order, key)
        counts.append(gaps(order))
    assert counts == [{"contract": 1, "quote": 2}, {"quote": 2}, {"quote": 1}, {}]
    assert services.use_voucher(order, by=world.owner, use=use_of()).status == "issued"


def test_all_gaps_are_said_at_once(world: World, order: Order) -> None:
    with nothing_changes(), pytest.raises(Refused, match=r"合同.*；.*报价单") as found:
        services.use_voucher(order, by=world.owner, use=use_of())
    assert found.value.code == "evidence"


def test_the_maximum_counts_what_is_there_and_not_what_was(world: World, order: Order) -> None:
    files = [give(world, order, name=f"{n}.pdf") for n in (1, 2, 3)]
    refused(lambda: give(world, order, name="4.pdf"), "最多 3 份")
    services.remove_evidence(order, files[1], by=world.owner)
    give(world, order, name="4.pdf")
    assert names(order, "quote") == ["1.pdf", "3.pdf", "4.pdf"]
    assert Attachment.objects.count() == 4


def test_a_row_without_maximum_takes_many(world: World, order: Order) -> None:
    for n in range(7):
        give(world, order, "photo", f"{n}.png", picture("PNG"))
    assert len(names(order, "photo")) == 7


def test_what_was_to_replace_a_file_and_did_not_fit_leaves_the_old_one(world: World, order: Order) -> None:
    old = give(world, order, name="旧.pdf")

    def replace() -> object:
        data = io.BytesIO(picture("JPEG"))
        return services.add_evidence(order, "quote", by=world.owner, name="新.pdf", data=data, replaces=old)

    refused(replace)
    assert names(order, "quote") == ["旧.pdf"]


def test_a_removed_file_stays_for_the_record_and_makes_a_gap(world: World, order: Order) -> None:
    file = give(world, order, "contract")
    services.remove_evidence(order, file, by=world.owner)
    assert gaps(order)["contract"] == 1
    assert Attachment.objects.get(pk=file.pk).removed_at is not None
    assert AuditRow.objects.get(verb="order.evidence_removed").before == {"file": file.name}


# --- Whose file -----------------------------------------------------------------------------


def disputed(world: World) -> Order:
    """An order at the enterprise's own cost that came back into service, with the carrier's report."""
    order = services.place_order(organization=world.enterprise, programme=None, booking=booking(world), by=world.owner)
    services.accept_order(order, by=world.seller, amount=use_of().contract_amount, promised_on=None)
    file = ("检测报告.pdf", contract_file())
    day = Order.objects.get(pk=order.pk).accepted_at.date()
    services.record_service(order, by=world.seller, delivered_on=day, result="合格", file=file)
    services.report_problem(order, by=world.owner, reason="缺附件")
    return Order.objects.get(pk=order.pk)


def test_the_enterprise_cannot_take_away_the_carriers_report(world: World) -> None:
    order = disputed(world)
    (report,) = attachments.files(order, "service_result")
    refused(lambda: services.remove_evidence(order, report, by=world.owner), "检测报告.pdf")
    address = reverse("ent-order-file-remove", args=[order.number, report.token])
    with nothing_changes():
        response: Any = client_of(world.owner).post(address, {"_token": new_token()})
        assert response.status_code == 422
    assert names(order, "service_result") == ["检测报告.pdf"]


def test_a_file_of_another_order_is_neither_removed_nor_replaced(world: World, order: Order) -> None:
    other = make_order(world, "accepted")
    file = give(world, other)
    refused(lambda: services.remove_evidence(order, file, by=world.owner))

    def replace() -> object:
        data = contract_file()
        return services.add_evidence(order, "quote", by=world.owner, name="新.pdf", data=data, replaces=file)

    refused(replace)
    assert names(other, "quote") == ["报价.pdf"]


def test_the_template_is_not_evidence(world: World, order: Order) -> None:
    made = attachments.generated(order, "contract_template", name="模板.pdf", content=pdf(), by=world.owner)
    assert gaps(order) == {"contract": 1, "quote": 2}
    address = reverse("ent-order-file-remove", args=[order.number, made.token])
    assert client_of(world.owner).get(address).status_code == 404

"""The file for the bank: its sums, its harmless cells, and when it leaves."""

from copy import deepcopy
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from accounts.models import User
from innovation_voucher.casework import attachments
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.lib import spreadsheets
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from redemption import services
from redemption.models import SettlementBatch
from redemption.tests import factories
from redemption.tests.factories import fresh, locked
from vouchers.models import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(begun: tuple[User, SettlementBatch]) -> tuple[User, SettlementBatch]:
    return deepcopy(begun)


def _content(batch: SettlementBatch, kind: str, by: Any) -> bytes:
    file = services.export_batch(batch, by=by, kind=kind)
    with file.file.open() as source:
        content: bytes = source.read()
    return content


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_file_adds_up_to_the_batch_to_the_cent(kind: str, programme: Programme, settler: Any, second: Any) -> None:
    for contract in ("8112.33", "9999.99", "18000"):
        factories.payable(programme=programme, contract=contract)
    batch = factories.frozen(settler, programme)
    services.countersign_batch(batch, by=second, typed_total=batch.total)
    rows = spreadsheets.read_rows(BytesIO(_content(batch, kind, settler)), f"x.{kind}")
    assert sum(Decimal(row["金额"]) for row in rows) == batch.total
    assert {row["流水号"] for row in rows} == set(batch.payments.values_list("reference", flat=True))
    assert [row["账号"] for row in rows] == [p.account for p in batch.payments.order_by("reference")]
    assert fresh(batch).status == "exported"
    assert set(batch.payments.values_list("status", flat=True)) == {"sent"}


def test_the_same_file_comes_again(programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.exported(settler, second, programme)
    first = services.export_batch(batch, by=settler)
    again = services.export_batch(batch, by=settler)
    assert (first.pk, first.sha256) == (again.pk, fresh(batch).file_digest)
    assert AuditRow.objects.filter(verb="batch.exported").count() == 1


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "＝1", "\t=1"])
def test_hostile_names_are_no_formulas(name: str, programme: Programme, settler: Any, second: Any) -> None:
    organization = cast.make_organization(name=f"{name}有限公司")
    factories.payable(organization, programme)
    batch = factories.frozen(settler, programme)
    services.countersign_batch(batch, by=second, typed_total=batch.total)
    text = _content(batch, "csv", settler).decode("utf-8-sig")
    assert f"'{name.strip()}" in text or f"'{name}" in text
    sheet = openpyxl.load_workbook(BytesIO(_content(batch, "xlsx", settler))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []


@begins(locked)
def test_nothing_leaves_before_the_second_signature(desk: tuple[User, SettlementBatch]) -> None:
    settler, batch = desk
    with pytest.raises(Refused, match="现在是“待复核”"):
        services.export_batch(batch, by=settler)
    assert attachments.files(batch) == []
    assert set(batch.payments.values_list("status", flat=True)) == {"pending"}


def test_a_format_that_no_bank_takes_is_refused(programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.exported(settler, second, programme)
    with pytest.raises(Refused, match="xlsx 和 csv"):
        services.export_batch(batch, by=settler, kind="exe")


@begins(locked)
def test_a_countersigner_alone_does_not_export(desk: tuple[User, SettlementBatch]) -> None:
    _settler, batch = desk
    second = factories.countersigner()
    services.countersign_batch(batch, by=second, typed_total=batch.total)
    with pytest.raises(NotAllowed):
        services.export_batch(batch, by=second)
    assert fresh(batch).status == "countersigned"

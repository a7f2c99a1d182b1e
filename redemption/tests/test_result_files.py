"""Result files as banks really write them: other column names, hostile cells, in parts, in any order."""

from collections.abc import Callable
from io import BytesIO
from itertools import permutations
from typing import Any

import pytest
from django.db.models import Sum

from innovation_voucher.casework import invariants
from innovation_voucher.casework.models import Message
from innovation_voucher.lib import spreadsheets
from innovation_voucher.tests import cast
from redemption import bankfile, services
from redemption.models import Redemption, SettlementBatch
from redemption.tests import factories
from vouchers.models import QuotaAccount

pytestmark = pytest.mark.django_db

WRITERS: dict[str, Callable[[list[str], list[list[Any]]], bytes]] = {
    "xlsx": spreadsheets.xlsx,
    "csv": lambda heads, rows: spreadsheets.csv_text(heads, rows).encode("utf-8-sig"),
}
USUAL = {name: titles[0] for name, titles in bankfile.RESULT_COLUMNS.items()}
NAMES = [(name, title) for name, titles in bankfile.RESULT_COLUMNS.items() for title in titles]
#: How a row of the factories is laid out.
LAYOUT = ("reference", "amount", "result", "bank_reference", "reason")


def exported(count: int = 1) -> tuple[SettlementBatch, Any]:
    """A batch at the bank with so many payments, and who drew it up."""
    programme, settler = factories.make_programme(), factories.settler()
    for _index in range(count):
        factories.payable(programme=programme)
    return factories.exported(settler, factories.countersigner(), programme), settler


# --- Cells and columns, without a database --------------------------------------------------------


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize(("name", "title"), NAMES)
def test_every_name_of_a_column_is_understood(name: str, title: str, kind: str) -> None:
    heads = [title if key == name else USUAL[key] for key in LAYOUT]
    content = WRITERS[kind](heads, [["JS-1-0001", "14000.00", "成功", "YH1", "无"]])
    row = spreadsheets.read_rows(BytesIO(content), f"x.{kind}")[0]
    found = {key: bankfile.cell(row, key) for key in LAYOUT}
    assert list(found.values()) == ["JS-1-0001", "14000.00", "成功", "YH1", "无"]
    assert bankfile.missing_columns(row) == []


@pytest.mark.parametrize("missing", LAYOUT)
def test_a_column_is_missed_where_it_is_needed(missing: str) -> None:
    row = {USUAL[key]: "x" for key in LAYOUT if key != missing}
    assert bankfile.missing_columns(row) == ([USUAL[missing]] if missing in bankfile.NEEDED else [])
    assert bankfile.cell(row, missing) == ""


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("hostile", ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(1)", "＝1", "\tx", "a\r\nb", "\0"])
def test_a_hostile_cell_comes_back_as_text(hostile: str, kind: str) -> None:
    content = WRITERS[kind](list(USUAL.values()), [["JS-1-0001", "成功", 1, "YH", hostile]])
    row = spreadsheets.read_rows(BytesIO(content), f"x.{kind}")[0]
    assert not bankfile.cell(row, "reason").startswith(("=", "+", "-", "@", "＝"))
    assert bankfile.cell(row, "reference") == "JS-1-0001"


def test_the_first_filled_name_of_a_column_counts() -> None:
    assert bankfile.cell({"结果": "", "状态": "退回", "result": "paid"}, "result") == "退回"


# --- What becomes of the batch ------------------------------------------------------------------


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("word", bankfile.PAID_WORDS + bankfile.FAILED_WORDS)
def test_every_word_of_a_result_is_understood(word: str, kind: str) -> None:
    batch, settler = exported()
    rows = factories.paid_rows(batch)
    rows[0][2] = f" {word} "
    results = factories.import_rows(batch, settler, rows, kind)
    paid = word in bankfile.PAID_WORDS
    assert (results.paid, results.failed, results.problems) == (int(paid), int(not paid), [])
    assert batch.payments.get().status == ("paid" if paid else "failed")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_parts_of_an_answer_in_any_order_lead_to_the_same_end(order: tuple[int, ...]) -> None:
    batch, settler = exported(3)
    rows = factories.paid_rows(batch, failed=1)
    for index in order:
        assert factories.import_rows(batch, settler, [rows[index]]).problems == []
    assert list(batch.payments.order_by("reference").values_list("status", flat=True)) == ["paid", "paid", "failed"]
    assert services.reconcile_batch(batch, by=settler).status == "reconciled"
    assert invariants.broken() == {}


def test_overlapping_parts_pay_and_tell_once() -> None:
    batch, settler = exported(2)
    rows = factories.paid_rows(batch)
    outcomes = [factories.import_rows(batch, settler, part) for part in (rows[:1], rows, rows[1:], rows * 2)]
    assert [(found.paid, found.known) for found in outcomes] == [(1, 0), (1, 1), (0, 1), (0, 4)]
    assert QuotaAccount.objects.aggregate(total=Sum("spent"))["total"] == batch.total
    assert Message.objects.filter(kind="redemption.paid").count() == 2
    assert invariants.broken() == {}


def test_a_row_twice_in_one_file_is_applied_once() -> None:
    batch, settler = exported()
    results = factories.import_rows(batch, settler, factories.paid_rows(batch) * 3)
    assert (results.paid, results.known, results.problems) == (1, 2, [])


def test_contrary_rows_of_one_file_keep_the_first() -> None:
    batch, settler = exported()
    row = factories.paid_rows(batch)[0]
    results = factories.import_rows(batch, settler, [row, [row[0], row[1], "退回", "", "账号有误"]])
    assert results.problems == [(3, "这一笔已登记为“已拨付”")]
    assert Redemption.objects.get().status == "paid"


def test_what_the_bank_says_is_cut_to_what_is_kept() -> None:
    batch, settler = exported()
    row = factories.paid_rows(batch, failed=1)[0]
    factories.import_rows(batch, settler, [[*row[:4], "长" * 500]])
    assert batch.payments.get().failure == "长" * 200
    assert Redemption.objects.get().failure == "长" * 200


def test_a_payment_sent_back_without_a_reason_says_so_to_its_payee() -> None:
    batch, settler = exported()
    row = factories.paid_rows(batch, failed=1)[0]
    factories.import_rows(batch, settler, [[*row[:4], ""]])
    redemption = Redemption.objects.get()
    assert redemption.failure == "银行没有写明原因"
    assert Message.objects.filter(kind="redemption.sent_back", user=cast.owner_of(redemption.payee)).exists()


def test_no_more_problems_are_kept_than_a_person_can_read() -> None:
    batch, settler = exported()
    strange = [[f"X-{n}", 1, "成功", "", ""] for n in range(103)]
    results = factories.import_rows(batch, settler, strange, "csv")
    kept = services.last_results(batch)
    assert kept is not None
    assert (len(results.problems), len(kept["problems"]), kept["more"]) == (103, 100, 3)

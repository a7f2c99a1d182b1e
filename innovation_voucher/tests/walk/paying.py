"""Slice d: redemption, review with a lower amount, batch, bank file, paid."""

from io import BytesIO
from pathlib import Path

from innovation_voucher.lib import spreadsheets
from redemption.models import Redemption, SettlementBatch

from .files import Papers
from .people import Person


def redeem(ent: Person, papers: Papers, amount: str = "20,000.00") -> str:
    """The list says what is missing; each gap is filled; the redemption is handed in."""
    ent.open("/ent/redeem/")
    ent.sees("请填写发票号")
    ent.shot("40-redeem-list-gaps")
    ent.follow(ent.page.get_by_role("link", name="样机疲劳寿命试验").first)
    ent.shot("41-redeem-papers")
    ent.attach("file", papers.invoice)
    ent.press("上传")
    ent.fill("发票号码", "26337000000012345678")
    ent.page.locator("input[name$=amount]").first.fill("30000")
    ent.press("添加发票")
    ent.page.locator("input[name$=amount]").last.fill("29999")
    ent.press("添加回单")
    ent.sees("少 1.00 元")
    ent.go(ent.page.locator("#receipts, #receipt").get_by_role("button", name="删除").first)
    ent.page.locator("input[name$=amount]").last.fill("30000")
    ent.press("添加回单")
    ent.shot("42-redeem-ready")
    ent.open("/ent/redeem/")
    ent.sees("符合", amount)
    ent.press("提交全部齐全的")
    ent.shot("43-redeem-check")
    ent.press("提交兑付")
    ent.shot("44-redeem-in-review")
    return Redemption.objects.get().number


def freeze(maker: Person, total: str = "18,000.00", region: str = "浙江省", programme: str = "") -> None:
    """Provincial staff draw up a batch, see what goes in, and freeze it by typing the total."""
    maker.page.goto(f"{maker.base}/admin/redemption/settlementbatch/add/")
    maker.fill("核定日期从", "2026-01-01")
    maker.fill("核定日期到", "2026-12-31")
    choice = {"label": programme} if programme else {"index": 1}
    maker.page.locator("select[name=programme]").select_option(**choice)  # type: ignore[arg-type]
    maker.page.locator("select[name=region]").select_option(label=region)
    maker.shot("50-batch-new")
    maker.go(maker.page.locator("form button[type=submit], form input[type=submit]").last)
    maker.sees(total)
    maker.shot("51-batch-preview")
    act(maker, "锁定批次", {"再次输入合计金额": total})
    maker.shot("52-batch-frozen")


def act(person: Person, button: str, answers: dict[str, str]) -> None:
    """Fill and press one act on the page of the only batch."""
    batch = SettlementBatch.objects.get()
    person.page.goto(f"{person.base}/admin/redemption/settlementbatch/{batch.pk}/change/")
    for label, value in answers.items():
        person.page.get_by_label(label).first.fill(value)
    person.go(person.page.get_by_role("button", name=button).first)


def countersign(checker: Person, total: str = "18,000.00") -> None:
    """Another person types the total again."""
    act(checker, "复核", {"再次输入合计金额": total})
    checker.shot("53-batch-countersigned")


def export(maker: Person, total: float = 18000) -> bytes:
    """The bank file, to the cent."""
    batch = SettlementBatch.objects.get()
    maker.page.goto(f"{maker.base}/admin/redemption/settlementbatch/{batch.pk}/change/")
    content = maker.download("xlsx")
    rows = spreadsheets.read_rows(BytesIO(content), "bank.xlsx")
    assert [float(row["金额"]) for row in rows] == [total]
    return content


def settle(maker: Person, folder: Path) -> None:
    """The bank's answer is imported and the batch reconciled."""
    payment = SettlementBatch.objects.get().payments.get()
    rows = [[payment.reference, payment.amount, "成功", "YH0001", ""]]
    answer = folder / "结果.xlsx"
    answer.write_bytes(spreadsheets.xlsx(["流水号", "金额", "结果", "银行流水号", "退回原因"], rows))
    batch = SettlementBatch.objects.get()
    maker.page.goto(f"{maker.base}/admin/redemption/settlementbatch/{batch.pk}/change/")
    maker.attach("file", answer)
    maker.go(maker.page.get_by_role("button", name="导入").first)
    maker.shot("54-batch-results")
    act(maker, "核对", {})
    maker.sees("0.00")
    maker.shot("55-batch-reconciled")

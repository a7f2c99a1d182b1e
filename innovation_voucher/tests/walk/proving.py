"""A redemption with its contracts one by one, what its state is called, and the signed paper that closes it."""

from pathlib import Path

from redemption.models import Redemption
from vouchers.models import Voucher

from .files import Papers
from .people import Person


def redeem(ent: Person, papers: Papers) -> str:
    """Contract and invoice with scans, receipt, result, effect; then it is handed in."""
    ent.open("/ent/redeem/")
    ent.follow(ent.page.get_by_role("link", name="样机疲劳寿命试验").first)
    ent.sees("请添加合同")
    ent.shot("84-papers-empty")
    contract = {"name": "疲劳试验合同", "amount": "9099"}
    _add(ent, "contracts", "添加合同", contract, papers.invoice, status=422)
    ent.sees("docx")
    ent.shot("85-contract-refused")
    _add(ent, "contracts", "添加合同", contract, papers.contract)
    invoice = {"name": "检测费", "number": "26127000000012345678", "amount": "9099"}
    _add(ent, "invoices", "添加发票", invoice, papers.invoice)
    _add(ent, "receipts", "添加回单", {"amount": "9099"}, papers.invoice)
    ent.page.locator("#result input[type=file]").set_input_files(papers.report)
    ent.press("上传服务结果证明")
    ent.fill("科技创新券使用成效", "找到断裂起源，改进后寿命提高一倍。")
    ent.press("保存草稿")
    ent.sees("材料符合", "4,549.50")
    ent.shot("86-papers-ready")
    ent.press("检查并提交")
    ent.shot("87-redeem-check")
    ent.press("提交兑付")
    ent.sees("导出兑付申请表", "审核中")
    ent.shot("88-redeem-in-review")
    return Redemption.objects.get().number


def _add(ent: Person, section: str, button: str, values: dict[str, str], scan: Path, status: int = 200) -> None:
    for name, value in values.items():
        ent.page.locator(f"[name='{section}-{name}']").fill(value)
    ent.page.locator(f"[name='{section}-image']").set_input_files(scan)
    ent.press(button, status=status)


def is_called(ent: Person, number: str, words: str, shot: str = "") -> None:
    """The page of the redemption, its list and its timeline say what the step made of it."""
    ent.open(f"/redeem/{number}/")
    ent.sees(words, f"：{words}")
    if shot:
        ent.shot(shot)
    ent.page.goto(f"{ent.base}/ent/redeem/?tab=open")
    ent.sees(words)


def waits_for_its_paper(ent: Person, number: str, shot: str) -> None:
    """Decided, and not closed: the page says what is missing."""
    ent.open(f"/redeem/{number}/")
    ent.sees("收到之前不能拨付，也不能办结", "交签字盖章的纸质件")
    ent.shot(shot)


def receive_paper(officer: Person, number: str) -> None:
    """The district registers the signed paper on its page."""
    officer.open(f"/desk/redeem/{number}/")
    officer.sees("收到之前不能拨付、不能办结")
    officer.press("登记收到纸质件")
    officer.shot("9a-paper")
    officer.press("登记收到纸质件")
    officer.sees("已登记收到纸质件")
    assert Voucher.objects.get().status == Voucher.State.REDEEMING

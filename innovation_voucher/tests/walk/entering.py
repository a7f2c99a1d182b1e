"""Redeeming where the contract is entered: a draft, pictures with what is typed, less recognized, a public list."""

from innovation_voucher.casework import calendar
from redemption.models import Redemption

from .files import Papers
from .people import Person

_FILES = {"contract": "合同", "report": "检验检测等相关服务报告", "rd_proof": "研发活动证明"}


def redeem(ent: Person, papers: Papers, title: str, amount: str, *, receipts: tuple[str, str]) -> str:
    """Every gap is named and filled; what is written stays as a draft; checked and handed in."""
    ent.open("/ent/redeem/")
    ent.sees("请填写合同金额", "请填写发票号", "请补充银行回单")
    ent.shot("60-redeem-gaps")
    ent.press(title)
    ent.fill("合同金额", amount)
    ent.press("保存草稿")
    assert Redemption.objects.get().status == Redemption.State.DRAFT
    files = {"contract": papers.contract, "report": papers.report, "rd_proof": papers.contract}
    for key, label in _FILES.items():
        ent.attach(f"file-{key}-file", files[key])
        ent.press(f"上传{label}")
    _invoice(ent, papers, amount)
    for part in receipts:
        ent.fill("回单金额", part)
        ent.attach("receipts-image", papers.invoice)
        ent.press("添加回单")
    ent.sees("材料符合，可以提交兑付")
    ent.shot("61-redeem-papers")
    ent.press("检查并提交")
    ent.sees("服务完成后 60 天内拨付")
    ent.shot("62-redeem-check")
    ent.press("提交兑付")
    ent.sees("下单与用券", "申请兑付", "审核认定")
    ent.shot("63-redeem-in-review")
    return Redemption.objects.get().number


def _invoice(ent: Person, papers: Papers, amount: str) -> None:
    ent.fill("发票号码", f"{calendar.today():%y}327000000012345678")
    ent.fill("发票金额", amount)
    ent.attach("invoices-image", papers.invoice)
    ent.press("添加发票")


def recognize(officer: Person, basis: str, reason: str) -> None:
    """The bureau recognizes less of the contract; the amount follows."""
    officer.open("/desk/redeem/")
    officer.press("从最早的一件开始")
    officer.tick("同意")
    officer.fill("认定合同金额", basis)
    officer.fill("办理意见", reason)
    officer.shot("64-recognize")
    officer.press("提交并返回队列")


def agree(officer: Person) -> None:
    """The next office agrees to what the first recognized."""
    officer.open("/desk/redeem/")
    officer.press("从最早的一件开始")
    officer.sees("前一步认定")
    officer.tick("同意")
    officer.press("提交并返回队列")


def sees_paid(ent: Person, number: str) -> None:
    """All three pairs, and that it is paid."""
    ent.open(f"/redeem/{number}/")
    ent.sees("已拨付", "15,000.00", "3,750.00", "14,000.00", "3,500.00", "12,000.00", "3,000.00")
    ent.shot("65-redeem-paid")

"""Redemptions and settlement batches of the demo world, in every state."""

from io import BytesIO

from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from innovation_voucher.lib import spreadsheets
from innovation_voucher.lib.money import yuan
from redemption import services as redemption
from redemption.models import Redemption, SettlementBatch
from vouchers.models import Programme

from . import papers
from .walk import Walk
from .world import World, decide

COUNTY = "330108"


def walk_redemptions(world: World) -> None:
    """Submitted, returned, withdrawn, rejected, payable; then batches in every state."""
    submitted(world, "hegu", "电磁兼容摸底试验", "5200")
    returned = submitted(world, "chengguang", "电磁兼容摸底试验", "6500")
    decide(world, returned, "return", items=[("invoice", "发票图片不清楚，请重新上传。")])
    withdrawn = submitted(world, "hegu", "金属材料化学成分分析", "2400")
    redemption.withdraw_redemption(withdrawn, by=world.owners["hegu"])
    rejected = submitted(world, "hegu", "软件代码安全扫描", "3000")
    decide(world, rejected, "reject", reason="服务内容与研发活动无关。")
    _batches(world)
    approved(world, submitted(world, "chengguang", "软件代码安全扫描", "8000"))
    _ready(world, "chengguang", "金属材料化学成分分析", "3600")


def _ready(
    world: World,
    firm: str,
    title: str,
    amount: str,
    redeemer: str = "enterprise",
    programme: Programme | None = None,
) -> Walk:
    """A completed service with all papers: contract, invoice with number and amount, bank receipt."""
    walk = Walk(world, firm, title, yuan(amount), redeemer=redeemer, programme=programme).to_completed()
    voucher = walk.voucher
    payee = walk.owner if redeemer == "enterprise" else walk.seller
    number = f"2633{world.next():016d}"
    picture = papers.picture("电子发票", f"发票号码 {number}", f"金额 {yuan(amount):,.2f} 元")
    redemption.add_paper(voucher, "invoice", by=payee, name="发票.jpg", data=BytesIO(picture))
    facts = redemption.InvoiceFacts(number=number, issued_on=calendar.today(), amount=yuan(amount))
    redemption.add_invoice(voucher, by=payee, facts=facts)
    paid = yuan(amount) - (voucher.amount if redeemer == "carrier" else 0)
    redemption.add_receipt(voucher, by=payee, amount=max(paid, yuan("0.01")), paid_on=calendar.today())
    return walk


def submitted(world: World, firm: str, title: str, amount: str, redeemer: str = "enterprise") -> Redemption:
    walk = _ready(world, firm, title, amount, redeemer)
    payee = walk.owner if redeemer == "enterprise" else walk.seller
    return redemption.submit_voucher(walk.voucher, by=payee)


def hand_over(world: World, firm: str, title: str, amount: str, *, programme: Programme) -> Redemption:
    """What the enterprise hands in under another scheme."""
    walk = _ready(world, firm, title, amount, programme=programme)
    return redemption.submit_voucher(walk.voucher, by=walk.owner)


def approved(world: World, row: Redemption) -> Redemption:
    decide(world, row, "approve")
    return Redemption.objects.get(pk=row.pk)


def _batches(world: World) -> None:
    """Each stage takes what is payable at that moment."""
    approved(world, submitted(world, "hegu", "软件产品登记测试", "20000"))
    approved(world, submitted(world, "chengguang", "专利导航分析", "15000", redeemer="carrier"))
    paid = _exported(world)
    bank_answers(world, paid, failed=1)
    redemption.reconcile_batch(paid, by=world.officers["qian-zd"])
    waiting = _frozen(world)
    redemption.countersign_batch(waiting, by=world.officers["zhou-fh"], typed_total=waiting.total)
    approved(world, submitted(world, "hegu", "专利导航分析", "6000"))
    _frozen(world)
    _batch(world)
    redemption.cancel_batch(_batch(world), by=world.officers["qian-zd"], reason="期间选错，重新制单")


def _batch(world: World) -> SettlementBatch:
    today = calendar.today()
    return redemption.create_batch(
        programme=world.programme,
        region=Region.objects.get(code=COUNTY),
        period_from=today.replace(day=1),
        period_to=today,
        by=world.officers["qian-zd"],
    )


def _frozen(world: World) -> SettlementBatch:
    batch = _batch(world)
    total = redemption.preview_of(batch).total
    return redemption.freeze_batch(batch, by=world.officers["qian-zd"], typed_total=total)


def _exported(world: World) -> SettlementBatch:
    batch = _frozen(world)
    batch = redemption.countersign_batch(batch, by=world.officers["zhou-fh"], typed_total=batch.total)
    redemption.export_batch(batch, by=world.officers["qian-zd"])
    return SettlementBatch.objects.get(pk=batch.pk)


def bank_answers(world: World, batch: SettlementBatch, *, failed: int, maker: str = "qian-zd") -> None:
    """The bank's answer: the last `failed` payments are sent back."""
    rows = []
    payments = list(batch.payments.order_by("reference"))
    for index, payment in enumerate(payments):
        back = index >= len(payments) - failed
        rows.append(
            [
                payment.reference,
                payment.amount,
                "退回" if back else "成功",
                "" if back else f"YH{index:08d}",
                "账号与户名不符" if back else "",
            ]
        )
    content = spreadsheets.xlsx(["流水号", "金额", "结果", "银行流水号", "退回原因"], rows)
    redemption.import_results(batch, by=world.officers[maker], name="结果.xlsx", data=BytesIO(content))

"""Orders and vouchers of the demo world, each walked by the portal's verbs to one state."""

from innovation_voucher.lib.money import yuan
from orders import services as orders
from vouchers import services as vouchers

from .walk import Walk
from .world import World


def claim(world: World, firm: str, *amounts: str) -> None:
    """Claim quota at once, as often as there are amounts (yuan)."""
    for amount in amounts:
        vouchers.claim_instantly(world.firms[firm], world.programme, amount=yuan(amount), by=world.owners[firm])


def walk_orders(world: World) -> None:
    """One order in every state, and one voucher in every state before redemption."""
    claim(world, "chengguang", "120000", "60000")
    claim(world, "hegu", "150000")
    claim(world, "qingyu", "20000", "20000")
    _bookings(world)
    _vouchers(world)
    _reviews(world)


def _bookings(world: World) -> None:
    Walk(world, "chengguang", "金属材料化学成分分析", yuan("1200")).place()
    Walk(world, "chengguang", "软件产品登记测试", yuan("18000")).place().accept()
    Walk(world, "chengguang", "软件代码安全扫描", yuan("7500")).place().accept().contract()
    declined = Walk(world, "chengguang", "中试工艺验证", yuan("40000")).place()
    orders.decline_order(declined.order, by=declined.seller, reason="近期产线检修，十二月中旬后可以排期。")
    cancelled = Walk(world, "hegu", "专利导航分析", yuan("15000")).place()
    orders.cancel_order(cancelled.order, by=cancelled.owner, reason="项目推迟到明年。")
    orders.lapse_order(Walk(world, "hegu", "电磁兼容摸底试验", yuan("6500")).place().order)
    booking = orders.Booking(
        item=world.service("科技查新"), contact_name="周岚", contact_phone="19900000000", need="线下已签合同"
    )
    orders.place_offline(
        organization=world.firms["chengguang"],
        programme=world.programme,
        booking=booking,
        by=world.owners["chengguang"],
    )


def _vouchers(world: World) -> None:
    Walk(world, "chengguang", "样机环境可靠性试验", yuan("30000")).to_issued()
    Walk(world, "qingyu", "软件产品登记测试", yuan("8000")).to_issued()
    Walk(world, "chengguang", "疲劳寿命试验", yuan("12000"), redeemer="carrier").to_received()
    Walk(world, "chengguang", "半导体薄膜成分剖析", yuan("9600")).to_received().deliver()
    voided = Walk(world, "chengguang", "电磁兼容摸底试验", yuan("6500")).to_issued()
    vouchers.void_voucher(voided.voucher, by=voided.owner, reason="合同金额填写有误")
    back = Walk(world, "chengguang", "金属材料化学成分分析", yuan("2400")).to_issued()
    orders.return_voucher(back.voucher, by=back.seller, reason="合同编号与原件不符，请核对后重新提交。")
    ended = Walk(world, "hegu", "疲劳寿命试验", yuan("18000")).to_received()
    office, officer = world.bureau_of(ended.organization)
    vouchers.terminate_voucher(ended.voucher, by=officer, office=office, reason="服务未实际开展，双方申请终止。")
    vouchers.lapse_voucher(Walk(world, "hegu", "软件代码安全扫描", yuan("4000")).to_issued().voucher)


def _reviews(world: World) -> None:
    """Rated by people, and one by the clock."""
    rows = (
        ("chengguang", "软件代码安全扫描", "8000", 5, "响应快，报告很细。"),
        ("hegu", "金属材料化学成分分析", "1200", 4, "按时交付。"),
        ("hegu", "样机环境可靠性试验", "16000", 5, "试验大纲沟通充分，数据可靠。"),
    )
    for firm, title, amount, stars, words in rows:
        done = Walk(world, firm, title, yuan(amount)).to_completed()
        orders.review_service(done.order, by=done.owner, rating=orders.Rating(stars=stars, words=words))
    silent = Walk(world, "hegu", "科技查新", yuan("1800")).to_completed()
    orders.default_review(silent.order)
    Walk(world, "chengguang", "科技查新", yuan("1800")).to_completed()

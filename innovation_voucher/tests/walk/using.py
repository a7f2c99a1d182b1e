"""Slices b and c: quota, booking, contract, voucher, scan, service, rating."""

from innovation_voucher.lib import pdf, qr
from orders.models import Order

from .files import Papers
from .people import Person


def claim(ent: Person) -> None:
    """The claim beyond the cap names the cap and the largest amount; the right one is there at once."""
    ent.open("/ent/quota/")
    ent.shot("10-quota-empty")
    ent.press("申领额度")
    ent.shot("11-claim-form")
    ent.fill("申领金额", "200001")
    ent.press("确认申领", status=422)
    ent.sees("200,000.00")
    ent.shot("12-claim-error")
    ent.fill("申领金额", "50000")
    if ent.page.get_by_role("checkbox").count():
        ent.page.get_by_role("checkbox").first.check()
    ent.press("确认申领")
    ent.sees("50,000.00")
    ent.shot("13-claim-done")
    ent.open("/ent/quota/")
    ent.sees("200,000.00", "50,000.00", "150,000.00")
    ent.shot("14-quota-meter")


def book(ent: Person, title: str) -> str:
    """Find the service by a two-character word, book it with a voucher; the order's number."""
    ent.open("/services/?q=疲劳")
    ent.sees(title)
    ent.shot("15-services")
    ent.follow(ent.page.get_by_role("link", name=title).first)
    ent.shot("16-service")
    ent.press("立即预约")
    return order(ent)


def order(ent: Person) -> str:
    """Fill in the booking, check it, hand it in; the order's number."""
    ent.fill("需求说明", "样机两台，按大纲完成疲劳寿命试验。")
    ent.shot("17-booking")
    ent.press("下一步：检查")
    ent.shot("18-booking-check")
    ent.press("提交预约")
    ent.shot("19-booking-done")
    return Order.objects.get().number


def accept(seller: Person, number: str, amount: str = "30,000.00") -> None:
    """The carrier answers with price and day."""
    seller.open("/carrier/")
    seller.shot("20-carrier-home")
    seller.open(f"/carrier/bookings/{number}/")
    seller.fill("议定金额", amount)
    seller.fill("承诺交付时间", "2026-12-20")
    seller.shot("21-carrier-booking")
    seller.press("确认预约")
    seller.sees(amount)


def contract(ent: Person, number: str, papers: Papers) -> None:
    """Template down, signed contract up, and on to the use of a voucher."""
    ent.open(f"/ent/orders/{number}/")
    ent.sees("待上传合同")
    ent.shot("22-order-contract")
    assert ent.download("下载合同模板").startswith(b"%PDF")
    ent.attach("contract", papers.contract)
    ent.go(ent.page.get_by_role("button", name="上传合同").last)
    ent.look()
    ent.press("申请使用创新券")
    ent.fill("合同名称", "疲劳寿命试验技术服务合同")
    ent.fill("合同编号", "HT-2026-001")
    ent.fill("签订日期", "2026-11-20")


def use(ent: Person, number: str, papers: Papers) -> None:
    """The voucher is used: 10,000 in full and half of 20,000."""
    contract(ent, number, papers)
    ent.fill("合同金额", "30000")
    ent.tick("企业")
    ent.tick("本单位承诺")
    ent.press("重新计算")
    ent.sees("20,000.00")
    ent.shot("23-use-form")
    if not ent.page.get_by_label("本单位承诺").is_checked():
        ent.tick("本单位承诺")
    ent.press("下一步：检查并提交")
    ent.sees("提交后券面信息不能修改")
    ent.shot("24-use-check")
    ent.press("提交使用")
    ent.sees("20,000.00")
    ent.shot("25-use-done")


def scan_address(ent: Person, amount: str = "20,000.00") -> str:
    """What the QR code of the printed voucher says, decoded from the page's raster."""
    ent.open("/ent/vouchers/")
    ent.sees(amount, "待机构确认")
    ent.shot("26-voucher-wall")
    ent.follow(ent.page.get_by_role("link", name="查看").first)
    ent.shot("27-voucher")
    printed = ent.download("下载 PDF")
    address = qr.decode(pdf.page_images(printed, dpi=150)[0])
    assert address is not None
    return address.removeprefix(ent.base) if address.startswith(ent.base) else "/q/" + address.split("/q/", 1)[1]


def receive(seller: Person, address: str, amount: str = "20,000.00") -> None:
    """The carrier scans, checks, receives once; the second scan says who and when."""
    seller.open("/carrier/scan/")
    seller.shot("28-scan")
    seller.open(address)
    seller.sees("券有效，待您确认", amount)
    seller.shot("29-verdict-to-receive")
    seller.tick("已核对")
    seller.press("确认接收此券")
    seller.sees("已由本机构")
    seller.shot("30-verdict-received")
    seller.open(address)
    seller.sees("已由本机构")


def passer_by(stranger: Person, address: str) -> None:
    """Anyone sees that it is genuine, and no names in full."""
    stranger.open(address)
    stranger.shot("31-verdict-public")
    assert "澄光测试设备有限公司" not in stranger.page.locator("body").inner_text()


def serve(seller: Person, ent: Person, number: str, papers: Papers) -> None:
    """Recorded by the carrier, confirmed and rated by the enterprise."""
    seller.open(f"/carrier/bookings/{number}/record/")
    seller.fill("完成日期", "2026-11-21")
    seller.fill("服务结果", "两台样机均完成全部循环，报告已出具。")
    seller.attach("file", papers.report)
    seller.shot("32-record")
    seller.press("登记完成")
    ent.open(f"/ent/orders/{number}/")
    ent.sees("待确认完成")
    ent.shot("33-order-delivered")
    ent.press("确认完成")
    ent.press("确认完成")
    ent.sees("已完成")
    ent.open(f"/ent/orders/{number}/review/")
    ent.tick("非常满意")
    ent.fill("评价内容", "按时完成，报告清楚。")
    ent.shot("34-review")
    ent.press("提交评价")
    ent.shot("35-order-completed")

"""Orders of the scheme whose vouchers are asked for one by one: an application in every state."""

from io import BytesIO

from innovation_voucher.casework import calendar
from innovation_voucher.lib.money import yuan
from orders import services as orders
from vouchers import services as vouchers
from vouchers.models import Programme

from . import papers
from .walk import Walk
from .world import World, decide

BENCH, SENSORS, ROAD, GAS = "发动机台架试验", "传感器标定与漂移试验", "道路材料性能试验", "气相色谱成分检测"
_MEND = [("description", "写明要解决的技术难题。"), ("quote", "报价单没有盖章，请重新上传。")]


def scheme() -> Programme:
    """The programme whose vouchers bring their quota."""
    return Programme.objects.get(family="tj")


class ApplyingWalk(Walk):
    """An order that applies for a voucher of its own."""

    def contract(self) -> "ApplyingWalk":
        """The enterprise uploads the quote and its licence."""
        quote = papers.pdf("报价单", f"服务内容：{self.title}", f"预估金额：{self.amount:,.2f} 元")
        orders.add_evidence(self.order, "quote", by=self.owner, name="报价单.pdf", data=BytesIO(quote))
        licence = papers.picture("营业执照", self.organization.name, self.organization.credit_code or "")
        orders.add_evidence(self.order, "licence", by=self.owner, name="营业执照.jpg", data=BytesIO(licence))
        return self

    def facts(self) -> orders.Use:
        """What the application says."""
        today = calendar.today()
        answers = {
            "contract_from": today.isoformat(),
            "contract_to": today.replace(month=12, day=31).isoformat(),
            "description": f"通过{self.title}验证新产品样机，解决批产前的可靠性问题。",
        }
        return orders.Use(contract_name=self.title, contract_amount=self.amount, redeemer="enterprise", answers=answers)

    def use(self) -> "ApplyingWalk":
        """The enterprise applies."""
        orders.use_voucher(self.order, by=self.owner, use=self.facts())
        self.order.refresh_from_db()
        return self

    def to_valid(self) -> "ApplyingWalk":
        """… and both reviews have passed."""
        self.to_issued()
        for _n in range(2):
            decide(self.world, self.voucher, "approve")
        return self


def walk_applications(world: World) -> None:
    """Placed, to be applied for, at the district, at the agency, returned, refused, taken back, valid."""
    start(world, "jinhe", GAS, "100").place()
    start(world, "jinhe", SENSORS, "24000").place().accept()
    start(world, "jinhe", SENSORS, "26000").to_issued()
    decide(world, start(world, "jinhe", BENCH, "18000").to_issued().voucher, "approve")
    decide(world, start(world, "jinhe", BENCH, "12000").to_issued().voucher, "return", items=_MEND)
    refused = start(world, "haiyun", SENSORS, "30000").to_issued().voucher
    decide(world, refused, "reject", reason="属于常规出厂检验，不是科技创新活动。")
    taken_back = start(world, "haiyun", BENCH, "20000").to_issued()
    vouchers.void_voucher(taken_back.voucher, by=taken_back.owner, reason="项目推迟到明年。")
    start(world, "jinhe", BENCH, "9099").to_valid()
    start(world, "shuishang", ROAD, "20000").to_valid()


def start(world: World, firm: str, title: str, amount: str) -> ApplyingWalk:
    """An order that nobody has placed yet, yuan."""
    return ApplyingWalk(world, firm, title, yuan(amount), programme=scheme())

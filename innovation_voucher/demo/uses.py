"""Vouchers of the reviewed scheme that the bureau has not granted yet, or not as asked; and a frozen account."""

from decimal import Decimal

from innovation_voucher.casework import calendar
from innovation_voucher.lib.money import yuan
from orders import services as orders
from vouchers import services as vouchers
from vouchers.models import Programme, QuotaAccount

from .walk import Walk
from .world import World, decide

FIRM = "moxi"
#: Whose account is frozen at the end of its story.
FROZEN = "hegu"
_ITEMS = [
    ("contract", "合同缺少盖章页，请补传完整的合同。"),
    ("contract_amount", "合同金额与首页不一致，请核对。"),
]


class AskedWalk(Walk):
    """An order whose voucher waits for the bureau."""

    def facts(self, amount: Decimal) -> orders.Use:
        """The use of a contract over the walk's amount, asking for `amount` yuan."""
        return orders.Use(
            contract_name=f"{self.title}技术服务合同",
            contract_number=f"HT-{self.world.next():04d}",
            contract_amount=self.amount,
            contract_date=calendar.today(),
            redeemer="carrier",
            amount=amount,
        )

    def use(self) -> "AskedWalk":
        """The enterprise asks for the contract's amount."""
        orders.use_voucher(self.order, by=self.owner, use=self.facts(self.amount))
        self.order.refresh_from_db()
        return self


class ReviewedWalk(AskedWalk):
    """An order whose voucher the bureau grants."""

    def use(self) -> "ReviewedWalk":
        """The enterprise asks for the contract's amount; the bureau agrees."""
        super().use()
        decide(self.world, self.voucher, "approve")
        return self


def walk_uses(world: World, programme: Programme) -> None:
    """Refused, granted less than asked, returned, mended and waiting again, waiting for the first time."""
    decide(world, _asked(world, programme, "疲劳寿命试验", "300").voucher, "reject", reason="合同内容不在支持范围内。")
    less = _asked(world, programme, "样机环境可靠性试验", "900")
    decide(world, less.voucher, "approve", amount=Decimal(600), reason="耗材费不在支持范围内，核减 300 元。")
    decide(world, _asked(world, programme, "电磁兼容摸底试验", "700").voucher, "return", items=_ITEMS)
    mended = _asked(world, programme, "金属材料化学成分分析", "500")
    decide(world, mended.voucher, "return", items=_ITEMS)
    mended.contract()
    mended.order.refresh_from_db()
    orders.resubmit_use(mended.order, by=mended.owner, use=mended.facts(Decimal(450)))
    _asked(world, programme, "疲劳寿命试验", "800")


def _asked(world: World, programme: Programme, title: str, amount: str) -> AskedWalk:
    walk = AskedWalk(world, FIRM, title, yuan(amount), programme=programme)
    walk.to_issued()
    return walk


def freeze_account(world: World) -> None:
    """The bureau looks into an enterprise: its quota rests, its vouchers go on."""
    organization = world.firms[FROZEN]
    office, officer = world.bureau_of(organization)
    account = QuotaAccount.objects.get(organization=organization)
    vouchers.set_freeze(account, by=officer, office=office, reason="收到举报，正在核查申领材料。", until=None)

"""What can go wrong in a voucher's life, each mended on its pages: void, freeze, terminate, sent back, no budget."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.sync_api import Browser

from innovation_voucher.casework import invariants
from innovation_voucher.casework.models import Office
from innovation_voucher.demo.people import BUREAU
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser
from orders.models import Order
from orders.tests import factories
from vouchers.models import BudgetPool, Claim, QuotaAccount, Voucher
from vouchers.services.pools import set_pool

from .people import Person, person
from .stage import PROVINCE

__all__ = ["browser"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("script", [True, False], ids=["scripts on", "scripts off"]),
]


@dataclass
class Scene:
    """A voucher's two sides and the bureau, each at a browser."""

    world: factories.World
    ent: Person
    seller: Person
    officer: Person

    def voucher(self, state: str, contract: int = 18_000) -> Voucher:
        """A voucher brought to a state by the verbs."""
        return factories.voucher_of(factories.make_order(self.world, state, contract=contract))

    @property
    def available(self) -> int:
        """What the enterprise may use now, whole yuan."""
        return int(QuotaAccount.objects.get().available)


@contextmanager
def scene(browser: Browser, base: str, *, script: bool, quota: int = 50_000, **rules: str) -> Iterator[Scene]:
    world = factories.make_world(quota=quota, **rules)
    bureau = cast.make_office("bureau", world.bureau.code, rights=BUREAU)
    officer = cast.make_officer(world.bureau.code, office=bureau)
    with ExitStack() as stack:
        people = (world.owner, world.seller, officer)
        seats = [stack.enter_context(person(browser, base, one, script=script)) for one in people]
        yield Scene(world, *seats)
    assert invariants.broken() == {}


@pytest.mark.feature("ZJ-9")
def test_the_holder_voids_one_and_many(browser: Browser, live_server: object, script: bool) -> None:
    with scene(browser, str(live_server), script=script) as here:
        one, *more = (here.voucher("issued", contract=6_000) for _ in range(3))
        assert here.available == 32_000
        here.ent.open(f"/ent/vouchers/{one.code}/")
        here.ent.press("作废")
        here.ent.sees("作废后不能恢复", "6,000.00")
        here.ent.press("作废 1 张创新券", status=422)
        here.ent.fill("原因", "合同取消")
        here.ent.shot("80-void")
        here.ent.press("作废 1 张创新券")
        assert here.available == 38_000
        here.ent.open("/ent/vouchers/")
        for voucher in more:
            here.ent.page.locator(f"#tick-{voucher.code}").check()
        here.ent.press("作废选中的创新券")
        here.ent.fill("原因", "合同取消")
        here.ent.press("作废 2 张创新券")
        here.ent.sees("已作废 2 张")
        here.ent.shot("81-voided")
        assert here.available == 50_000
        here.seller.open(f"/q/{one.code}/")
        here.seller.sees("已作废")


@pytest.mark.feature("ZJ-9")
def test_the_bureau_freezes_lifts_and_terminates(browser: Browser, live_server: object, script: bool) -> None:
    with scene(browser, str(live_server), script=script) as here:
        voucher = here.voucher("issued", contract=6_000)
        here.officer.open("/bureau/vouchers/")
        here.officer.shot("82-desk-vouchers")
        here.officer.follow(here.officer.page.locator(f"main a[href*='{voucher.code}']").first)
        here.officer.shot("83-desk-voucher")
        decide(here.officer, "冻结", "核查关联关系")
        here.seller.open(f"/q/{voucher.code}/")
        here.seller.sees("已冻结")
        here.seller.shot("84-verdict-frozen")
        here.officer.open(f"/bureau/vouchers/{voucher.code}/")
        decide(here.officer, "解除冻结", "核查完毕")
        here.seller.open(f"/q/{voucher.code}/")
        here.seller.tick("已核对")
        here.seller.press("确认接收此券")
        here.officer.open(f"/bureau/vouchers/{voucher.code}/")
        here.officer.press("终止此券")
        here.officer.sees("6,000.00 元退回企业的可用额度")
        here.officer.shot("85-terminate")
        here.officer.fill("原因", "服务没有发生")
        here.officer.press("终止此券")
        assert here.available == 50_000
        here.ent.open(f"/ent/vouchers/{voucher.code}/")
        here.ent.sees("已终止", "服务没有发生")


def decide(officer: Person, act: str, reason: str) -> None:
    """Open the page of an act, say why, do it."""
    officer.press(act)
    officer.press(act, status=422)
    officer.fill("原因", reason)
    officer.press(act)


@pytest.mark.feature("ZO-10", "ZJ-9")
def test_what_the_carrier_sends_back_is_handed_in_anew(browser: Browser, live_server: object, script: bool) -> None:
    with scene(browser, str(live_server), script=script) as here:
        voucher = here.voucher("issued", contract=6_000)
        old = Order.objects.get(voucher=voucher)
        here.seller.open(f"/q/{voucher.code}/")
        here.seller.page.locator("summary").first.click()
        here.seller.fill("哪里不符", "合同金额与约定不同")
        here.seller.press("退回企业")
        assert here.available == 50_000
        here.ent.open(f"/ent/orders/{old.number}/")
        here.ent.sees("合同金额与约定不同")
        here.ent.shot("86-sent-back")
        here.ent.press("重新提交")
        here.ent.press("重新提交")
        fresh = Order.objects.exclude(pk=old.pk).get()
        assert f"/ent/orders/{fresh.number}/" in here.ent.page.url
        assert Voucher.objects.get(pk=voucher.pk).status == Voucher.State.RETURNED_BY_CARRIER


@pytest.mark.feature("X-3")
def test_a_claim_waits_until_the_budget_is_filled(browser: Browser, live_server: object, script: bool) -> None:
    with scene(browser, str(live_server), script=script, quota=0, budget_pool="county") as here:
        maker = cast.make_user("钱制单", is_staff=True)
        maker.groups.add(Office.objects.get(pk=cast.make_office("province", "330000", rights=PROVINCE).pk).group)
        set_pool(here.world.programme, here.world.bureau, Decimal(5_000), by=maker)
        here.ent.open("/ent/quota/claim/")
        here.ent.fill("申领金额", "8000")
        here.ent.page.get_by_role("checkbox").first.check()
        here.ent.press("确认申领", status=422)
        here.ent.shot("87-pool-empty")
        here.ent.press("进入等候")
        here.ent.sees("等候")
        here.ent.shot("88-waiting")
        claim = Claim.objects.get()
        assert claim.status == Claim.State.WAITLISTED
        with person(browser, str(live_server), maker) as staff:
            pool = BudgetPool.objects.get()
            staff.page.goto(f"{staff.base}/admin/vouchers/budgetpool/{pool.pk}/change/")
            staff.page.locator("input[name=total]").fill("20000")
            staff.shot("89-pool")
            staff.go(staff.page.locator("input[name=_save]"))
        here.ent.open(f"/ent/quota/claims/{claim.number}/")
        here.ent.sees("已到账", "8,000.00")
        assert here.available == 8_000

"""Another enterprise of the region on the same list: its redemption is brought so far without pages."""

from decimal import Decimal

from accounts.models import User
from carriers.tests.factories import category, make_service
from innovation_voucher.casework import calendar, panels, reviews
from innovation_voucher.casework.models import PanelSeat, ReviewTask
from innovation_voucher.tests import cast
from orders import services as orders
from redemption import services
from redemption.models import Redemption
from redemption.tests import shared as scheme
from vouchers.models import Programme, Voucher

from . import judging, shared

NAME, SERVICE = "同里精工科技有限公司", "环境可靠性检测"


def approved(scene: shared.Scene) -> Redemption:
    """8,000 ordered, 4,000 agreed to by the region; its carrier is the one of the walk."""
    voucher = _served(scene)
    seller = scene.seller
    scheme.attach(voucher, seller)
    scheme.invoice(voucher, seller, 8_000)
    services.add_receipt(voucher, by=seller, amount=Decimal(4_000), paid_on=calendar.today())
    services.keep_facts(voucher, by=seller, answers=scheme.WRITTEN)
    redemption = services.submit_voucher(Voucher.objects.get(pk=voucher.pk), by=seller)
    services.agree_consent(redemption, by=cast.owner_of(voucher.organization))
    _judge(scene)
    for officer in (scene.organizer, scene.officer):
        _agree(officer)
    return Redemption.objects.get(pk=redemption.pk)


def _served(scene: shared.Scene) -> Voucher:
    """Ordered with a voucher, the amount confirmed by the region, delivered."""
    enterprise = cast.make_organization(region_code=shared.COUNTY, name=NAME)
    programme = Programme.objects.get()
    scheme.grant(enterprise, programme, 20_000)
    world = scheme.Shared(
        programme=programme,
        enterprise=enterprise,
        owner=cast.owner_of(enterprise),
        carrier=scene.service.carrier,
        seller=scene.seller,
        service=make_service(scene.service.carrier, SERVICE, category=category(), price=8_000, unit="项"),
        officer=scene.officer,
    )
    order = scheme.place(world, answers=scheme.ANSWERS)
    orders.accept_order(order, by=scene.seller, amount=Decimal(8_000), promised_on=None)
    _agree(scene.officer)
    day = calendar.today()
    orders.record_service(scheme.fresh(order), by=scene.seller, delivered_on=day, result="报告已交付")
    return Voucher.objects.select_related("snapshot", "order", "carrier__organization").get()


def _judge(scene: shared.Scene) -> None:
    task = ReviewTask.objects.select_related("case", "step", "region").get(status="open")
    panel = services.draw_panel(task, category().trail[0], by=scene.organizer, office=None, seed="00")
    points = {name: int(value) for name, value in judging.POINTS.items()}
    for seat in PanelSeat.objects.filter(panel=panel).select_related("user"):
        panels.declare(seat, by=seat.user)
        panels.submit_sheet(seat, by=seat.user, points=points, comment="")
    panels.conclude(panel, by=scene.organizer, office=None, summary="同意")


def _agree(officer: User) -> None:
    """The only open step is decided."""
    reviews.decide(ReviewTask.objects.get(status="open"), by=officer, office=None, decision="approve")

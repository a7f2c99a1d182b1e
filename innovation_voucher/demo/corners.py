"""States of the demo world that few see: what was withdrawn, expired, suspended, ended, frozen, or is at the bank."""

from accounts import services as accounts
from accounts.models import Verification
from carriers import services as carriers
from carriers.models import CarrierRecognition
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.money import yuan
from redemption import services as redemption
from vouchers import services as vouchers

from .joining import fill
from .payments import approved, submitted
from .walk import Walk
from .world import World, decide

FIRM, HOLDER = "yunqi", "qingyu"
#: The county of the holder.
COUNTY = "330106"


def walk_corners(world: World) -> None:
    """One of each, by the verbs of those whose act it is."""
    _verifications(world)
    _recognitions(world)
    _frozen_voucher(world)
    _batch_at_the_bank(world)


def _verifications(world: World) -> None:
    """A verified enterprise verifies itself anew: taken back, never mended, and agreed to."""
    withdrawn = _handed_in(world)
    accounts.withdraw_verification(withdrawn, by=world.owners[FIRM])
    expired = _handed_in(world)
    decide(world, expired, "return", items=[("licence", "照片不清楚，请重新拍摄。")])
    accounts.expire_verification(expired)
    decide(world, _handed_in(world), "approve")


def _handed_in(world: World) -> Verification:
    verification = fill(world, world.firms[FIRM], "仓兴街 397 号")
    return accounts.submit_verification(verification, by=world.owners[FIRM])


def _recognitions(world: World) -> None:
    """Beyond the own county: returned, refused, withdrawn; recognized and then suspended, or ended."""
    items = [("statement", "请写明可以面向本地企业开放的设备。")]
    decide(world, _asked(world, "lanjing", "330108"), "return", items=items)
    decide(world, _asked(world, "lanjing", "330106"), "reject", reason="所列服务不在本地区支持的范围内。")
    withdrawn = _asked(world, "lanjing", "330110")
    carriers.withdraw_recognition(withdrawn, by=world.owners["lanjing"])
    for key, act, reason in (
        ("zhongruan", carriers.suspend_recognition, "资质证书到期，换证后恢复。"),
        ("xingye", carriers.end_recognition, "机构申请退出本地区。"),
    ):
        row = _asked(world, key, "330521")
        decide(world, row, "approve")
        office = world.offices["330521"]
        act(row, by=world.officers[office.name], office=office, reason=reason)


def _asked(world: World, key: str, county: str) -> CarrierRecognition:
    region = Region.objects.get(code=county)
    return carriers.apply_for_recognition(world.carriers[key], region, by=world.owners[key], statement="跨区服务")


def _frozen_voucher(world: World) -> None:
    walk = Walk(world, HOLDER, "金属材料化学成分分析", yuan("1200")).to_received()
    office, officer = world.bureau_of(walk.organization)
    vouchers.set_freeze(walk.voucher, by=officer, office=office, reason="合同真实性核查中", until=None)


def _batch_at_the_bank(world: World) -> None:
    """Sent to the bank, which has not answered yet."""
    approved(world, submitted(world, HOLDER, "软件代码安全扫描", "3000"))
    today, settler = calendar.today(), world.officers["qian-zd"]
    region = Region.objects.get(code=COUNTY)
    batch = redemption.create_batch(
        programme=world.programme, region=region, period_from=today.replace(day=1), period_to=today, by=settler
    )
    batch = redemption.freeze_batch(batch, by=settler, typed_total=redemption.preview_of(batch).total)
    batch = redemption.countersign_batch(batch, by=world.officers["zhou-fh"], typed_total=batch.total)
    redemption.export_batch(batch, by=settler)

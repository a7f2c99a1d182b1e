"""Stories of enterprises: how far each has walked towards its first voucher."""

from collections.abc import Callable

from accounts import services as accounts

from .joining import fill, register, verify
from .people import FirmRow
from .world import World, decide


def _new(world: World, row: FirmRow) -> None:
    register(world, row, row.kind, "刚注册，还没有认证")


def _draft(world: World, row: FirmRow) -> None:
    fill(world, register(world, row, row.kind, "认证填到一半"), row.address, sections=2)


def _submitted(world: World, row: FirmRow) -> None:
    organization = register(world, row, row.kind, "认证待审核")
    accounts.submit_verification(fill(world, organization, row.address), by=world.owners[row.key])


def _returned(world: World, row: FirmRow) -> None:
    organization = register(world, row, row.kind, "认证被退回补正")
    verification = accounts.submit_verification(fill(world, organization, row.address), by=world.owners[row.key])
    items = [
        ("licence", "左下角登记机关印章看不清。平放后重新拍摄，四角都要拍到。"),
        ("revenue", "与财务报表不一致，请核对后以元填写。"),
    ]
    decide(world, verification, "return", items=items)


def _rejected(world: World, row: FirmRow) -> None:
    organization = register(world, row, row.kind, "认证未通过")
    verification = accounts.submit_verification(fill(world, organization, row.address), by=world.owners[row.key])
    decide(world, verification, "reject", reason="营业执照已注销，核实后请重新发起认证。")


def _verified(world: World, row: FirmRow) -> None:
    what = "创业者，已认证" if row.kind == "entrepreneur" else "已认证，可以申领额度"
    verify(world, register(world, row, row.kind, what), row.address)


def _reviewed(world: World, row: FirmRow) -> None:
    verify(world, register(world, row, row.kind, "审核制创新券：申领的各种状态"), row.address)


def _eligible(world: World, row: FirmRow) -> None:
    verify(world, register(world, row, row.kind, "申领和使用创新券的各种状态"), row.address)


def _walking(world: World, row: FirmRow) -> None:
    what = "各种状态的订单、创新券和兑付" if row.story == "busy" else "已认证，有额度"
    verify(world, register(world, row, row.kind, what), row.address)


STORIES: dict[str, Callable[[World, FirmRow], None]] = {
    "new": _new,
    "draft": _draft,
    "submitted": _submitted,
    "returned": _returned,
    "rejected": _rejected,
    "verified": _verified,
    "entrepreneur": _verified,
    "reviewed": _reviewed,
    "eligible": _eligible,
    "quota": _walking,
    "rival": _walking,
    "busy": _walking,
}

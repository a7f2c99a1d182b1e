"""Lists before the public and batches of a scheme at every place of their way, whatever the scheme."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from redemption import services as redemption
from redemption.models import Objection, Publicity, Redemption, SettlementBatch
from vouchers.models import Programme

from .payments import bank_answers
from .world import World

Make = Callable[[], Redemption]
Rows = Sequence[Redemption]


@dataclass(frozen=True)
class Desk:
    """Who draws up lists and batches of a scheme in a region, and who countersigns, by sign-in."""

    world: World
    programme: Programme
    region: Region
    maker: str
    checker: str


def walk_lists(desk: Desk, *, drafted: Redemption, contested: Redemption, refused: Redemption, more: Rows = ()) -> None:
    """A drafted list; an open one: an objection was dismissed and another waits, a third brought a refusal."""
    _listed(desk, [drafted], "拟兑付名单（拟稿）")
    rows, by = [contested, refused, *more], desk.world.officers[desk.maker]
    publicity = redemption.open_publicity(_listed(desk, rows, "第二批拟兑付名单"), by=by)

    def object_to(row: Redemption, words: str) -> Objection:
        return redemption.object_to(publicity, row, name="一位市民", contact="19900008888", words=words)

    answering: dict[str, Any] = {"by": desk.world.officers[desk.checker], "office": None}
    answer = "已核对合同、报告和银行回单，服务真实完成，异议不成立。"
    redemption.dismiss_objection(object_to(contested, "怀疑合同没有实际履行。"), answer=answer, **answering)
    object_to(contested, "同一项目已获得其他财政资金支持，请核实。")
    answer = "经核对，报告所列样品与合同不一致，不予兑付。"
    redemption.uphold_objection(object_to(refused, "检测报告不是本项目的。"), answer=answer, refuse=True, **answering)


def _listed(desk: Desk, rows: list[Redemption], title: str) -> Publicity:
    by, name = desk.world.officers[desk.maker], f"{desk.programme.name}{title}"
    return redemption.create_publicity(desk.programme, desk.region, rows, title=name, by=by)


def walk_batches(desk: Desk, payable: Make, *, at_the_bank: bool = True) -> None:
    """At the bank where asked for, countersigned, frozen: each takes what is payable then."""
    if at_the_bank:
        payable()
        redemption.export_batch(_countersigned(desk), by=desk.world.officers[desk.maker])
    payable()
    _countersigned(desk)
    payable()
    _frozen(desk)


def end_batches(desk: Desk) -> None:
    """What is payable is sent back by the bank and waits for the next batch; one is cancelled, one drawn up."""
    by, batch = desk.world.officers[desk.maker], _countersigned(desk)
    redemption.export_batch(batch, by=by)
    batch.refresh_from_db()
    bank_answers(desk.world, batch, failed=1, maker=desk.maker)
    redemption.reconcile_batch(batch, by=by)
    draw_up(desk)


def draw_up(desk: Desk) -> None:
    """One batch is cancelled, the next one drawn up."""
    redemption.cancel_batch(_batch(desk), by=desk.world.officers[desk.maker], reason="期间选错，重新制单")
    _batch(desk)


def _batch(desk: Desk) -> SettlementBatch:
    today = calendar.today()
    return redemption.create_batch(
        programme=desk.programme,
        region=desk.region,
        period_from=today.replace(day=1),
        period_to=today,
        by=desk.world.officers[desk.maker],
    )


def _frozen(desk: Desk) -> SettlementBatch:
    batch, by = _batch(desk), desk.world.officers[desk.maker]
    return redemption.freeze_batch(batch, by=by, typed_total=redemption.preview_of(batch).total)


def _countersigned(desk: Desk) -> SettlementBatch:
    batch = _frozen(desk)
    return redemption.countersign_batch(batch, by=desk.world.officers[desk.checker], typed_total=batch.total)

"""Panels of the demo world: drawn, declared, scored, kept away from, replaced, summed up."""

from typing import Any

from carriers.models import Category
from innovation_voucher.casework import panels, reviews
from innovation_voucher.casework.models import Panel, PanelSeat, ReviewTask
from redemption import services as redemption
from redemption.models import Redemption
from vouchers.models import Programme

from .payments import hand_over
from .world import World, decide

AGENCY, PERSON = "浙里检测评价中心", "feng-jg"
GOOD = {"reality": 22, "relevance": 18, "novelty": 20, "effect": 16, "cost": 9}
POOR = {"reality": 12, "relevance": 12, "novelty": 10, "effect": 9, "cost": 6}


def handed_in(world: World, scheme: Programme, firm: str, amount: str) -> Redemption:
    """A redemption that the county has looked at; it waits for experts."""
    row = hand_over(world, firm, "电磁兼容摸底试验", amount, programme=scheme)
    decide(world, row, "approve")
    return row


def _owner(world: World, person: str = PERSON, agency: str = AGENCY) -> dict[str, Any]:
    return {"by": world.officers[person], "office": world.offices[agency]}


def draw(world: World, row: Redemption, field: Category, seed: str = "2026", **owner: str) -> Panel:
    """The agency draws; the same seed seats the same experts every time the world is built."""
    case = reviews.live_case(row)
    assert case is not None
    task = case.tasks.select_related("case", "step", "region").get(status=ReviewTask.State.OPEN)
    return redemption.draw_panel(task, field, seed=seed, **_owner(world, **owner))


def _seats(panel: Panel) -> list[PanelSeat]:
    return list(panel.seats.select_related("user", "panel__case").order_by("id"))


def _score(seat: PanelSeat, points: dict[str, int], comment: str = "") -> None:
    panels.declare(seat, by=seat.user)
    panels.submit_sheet(seat, by=seat.user, points=points, comment=comment)


def agree(world: World, row: Redemption, field: Category, **owner: str) -> None:
    """Scored by all, summed up, and the agency agrees; `owner` names another `person` and `agency`."""
    panel = draw(world, row, field, **owner)
    for seat in _seats(panel):
        _score(seat, GOOD)
    panels.conclude(panel, summary="三位专家意见一致，服务真实，建议兑付。", **_owner(world, **owner))
    reviews.decide(panel.task, decision="approve", **_owner(world, **owner))


def walk_panels(world: World, scheme: Programme, field: Category) -> None:
    """One case without experts yet, one under way, one whose scores lie too far apart."""
    handed_in(world, scheme, "pingyao", "5200")
    under_way = draw(world, handed_in(world, scheme, "cangqian", "6100"), field)
    _under_way(world, under_way)
    apart = draw(world, handed_in(world, scheme, "liangzhu", "7300"), field)
    for seat, (points, words) in zip(_seats(apart), ((GOOD, ""), (GOOD, ""), (POOR, "证明材料不足。")), strict=True):
        _score(seat, points, words)


def _under_way(world: World, panel: Panel) -> None:
    """One has given the sheet, one has filled half of it, one was replaced, one keeps away, one was just invited."""
    first, second, third = _seats(panel)
    _score(first, GOOD, "试验方案完整，改进前后对比清楚。")
    panels.declare(second, by=second.user)
    half: dict[str, Any] = {key: GOOD[key] for key in ("reality", "relevance", "novelty")}
    panels.save_sheet(second, by=second.user, points=half, comment="试验方案完整，温循与振动数据齐全。")
    redemption.replace_expert(third, reason="出差，期限内不能评审", **_owner(world))
    last = _seats(panel)[-1]
    redemption.recuse_expert(last, by=last.user, reason="曾为该单位提供咨询")
    redemption.draw_more(panel, **_owner(world))

"""The menus: one table per audience. A page that does not exist here is left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: (URL name, label); a name with a star carries the count of unread messages.
Row = tuple[str, Promise]

MAIN: dict[str, list[Row]] = {
    "public": [
        ("home", _("首页")),
        ("services", _("找服务")),
        ("map", _("创新地图")),
        ("mutual-list", _("互认名单")),
        ("guides", _("政策与办事指南")),
        ("publicity-list", _("公示")),
        ("stats", _("统计")),
    ],
    "enterprise": [
        ("ent-home", _("工作台")),
        ("inbox*", _("消息")),
        ("services", _("找服务")),
        ("map", _("创新地图")),
        ("guides", _("政策与办事指南")),
    ],
    "carrier": [
        ("carrier-home", _("工作台")),
        ("inbox*", _("消息")),
        ("services", _("找服务")),
        ("map", _("创新地图")),
        ("guides", _("政策与办事指南")),
    ],
    "bureau": [
        ("desk-inbox", _("待办队列")),
        ("desk-enterprises", _("企业")),
        ("desk-carriers", _("机构与服务")),
        ("desk-vouchers", _("券与额度")),
        ("desk-publicity", _("公示与异议")),
        ("desk-stats", _("统计")),
        ("desk-rules", _("规则设置")),
        ("inbox*", _("消息")),
    ],
    "agency": [
        ("desk-inbox", _("待审")),
        ("inst-panels", _("专家评审")),
        ("desk-stats", _("统计")),
        ("inbox*", _("消息")),
    ],
    "centre": [
        ("desk-inbox", _("待审")),
        ("inst-panels", _("专家评审")),
        ("inbox*", _("消息")),
    ],
    "province": [
        ("admin:redemption_settlementbatch_changelist", _("结算批次")),
        ("admin:vouchers_programme_changelist", _("创新券方案")),
        ("desk-inbox", _("待办队列")),
        ("desk-carriers", _("机构与服务")),
        ("inbox*", _("消息")),
    ],
    "third_party": [
        ("settle-round", _("年终兑付")),
        ("settle-redemptions", _("兑付件")),
        ("desk-inbox", _("待核对")),
        ("settle-batches", _("批次")),
        ("settle-diff", _("差异")),
        ("settle-receipts", _("回单")),
        ("inbox*", _("消息")),
    ],
    "expert": [
        ("expert-tasks", _("评审任务")),
        ("expert-history", _("已办")),
        ("expert-declaration", _("保密与回避声明")),
    ],
}

SIDE: dict[str, list[Row]] = {
    "enterprise": [
        ("ent-home", _("总览")),
        ("ent-cert", _("实名认证")),
        ("ent-quota", _("额度申领")),
        ("ent-cart", _("预约单")),
        ("ent-orders", _("我的预约与订单")),
        ("ent-vouchers", _("我的创新券")),
        ("ent-redeem-list", _("兑付申请")),
        ("ent-reviews", _("服务评价")),
        ("ent-favs", _("收藏")),
        ("ent-members", _("经办人")),
        ("security", _("账号与安全")),
    ],
    "carrier": [
        ("carrier-home", _("总览")),
        ("carrier-scan", _("扫码验券")),
        ("carrier-bookings", _("预约")),
        ("carrier-orders", _("订单与服务记录")),
        ("carrier-vouchers", _("已收创新券")),
        ("carrier-redeem-list", _("兑付")),
        ("carrier-items", _("服务与仪器")),
        ("carrier-reviews", _("评价")),
        ("carrier-profile", _("机构资料")),
        ("carrier-cert", _("机构入库")),
        ("security", _("账号与安全")),
    ],
}


#: Pages that lie elsewhere but belong to an entry of the menu.
BELOW: dict[str, tuple[str, ...]] = {
    "ent-redeem-list": ("/redeem/", "/account/bank/"),
    "carrier-redeem-list": ("/redeem/", "/account/bank/"),
    "desk-publicity": ("/desk/objections/",),
}


@dataclass(frozen=True)
class Item:
    """One link of a menu."""

    url: str
    label: Promise
    current: bool
    counts_unread: bool = False


def menu_name(request: HttpRequest) -> str:
    """Which rows the reader gets: the audience, for an office its kind."""
    viewer = getattr(request, "viewer", None)
    audience = getattr(viewer, "audience", "public")
    if audience == "office":
        kind = str(getattr(getattr(viewer, "office", None), "kind", "bureau"))
        return kind if kind in MAIN else "bureau"
    return audience if audience in MAIN else "public"


def main_menu(request: HttpRequest) -> list[Item]:
    """The bar under the header."""
    return _items(MAIN[menu_name(request)], request.path)


def side_menu(request: HttpRequest) -> list[Item]:
    """The column at the left of an enterprise's or a carrier's pages; empty for others."""
    return _items(SIDE.get(menu_name(request), []), request.path)


def _resolved(rows: Sequence[Row]) -> Iterator[tuple[str, str, Promise]]:
    for name, label in rows:
        try:
            yield name, reverse(name.rstrip("*")), label
        except NoReverseMatch:
            continue


def _items(rows: Sequence[Row], path: str) -> list[Item]:
    """Links with the deepest one that holds this page marked as current."""
    links = list(_resolved(rows))
    roots = [(root, url) for name, url, _label in links for root in (url, *BELOW.get(name, ()))]
    holding = [(root, url) for root, url in roots if path == root or _inside(path, root)]
    current = max(holding, key=lambda pair: len(pair[0]), default=("", ""))[1]
    return [Item(url, label, url == current, name.endswith("*")) for name, url, label in links]


def _inside(path: str, url: str) -> bool:
    """Whether a page lies below a menu entry; the front page holds only itself."""
    return url != "/" and url.endswith("/") and path.startswith(url)

"""Sample data for the style page: invented names, every component once."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.statuses import Status, Text, Tone
from innovation_voucher.lib.forms import MoneyField, PortalForm


class SampleForm(PortalForm):
    """One field of every kind."""

    name = forms.CharField(label=gettext_lazy("合同名称"), max_length=100)
    number = forms.CharField(label=gettext_lazy("合同编号"), help_text=gettext_lazy("合同首页右上角"), required=False)
    amount = MoneyField(label=gettext_lazy("合同金额"), help_text=gettext_lazy("含税总价，与合同首页一致"))
    kind = forms.ChoiceField(
        label=gettext_lazy("服务类别"),
        choices=[("test", gettext_lazy("检验检测")), ("share", gettext_lazy("仪器共享"))],
    )
    redeemer = forms.ChoiceField(
        label=gettext_lazy("由谁申请兑付"),
        widget=forms.RadioSelect,
        choices=[("carrier", gettext_lazy("服务机构")), ("enterprise", gettext_lazy("本企业"))],
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("退回原因"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("seal", gettext_lazy("印章看不清")), ("sum", gettext_lazy("金额与合同不一致"))],
        required=False,
    )
    contract = forms.FileField(label=gettext_lazy("合同文件"), help_text=gettext_lazy("PDF，不超过 50 MB"))
    words = forms.CharField(
        label=gettext_lazy("成效描述"), widget=forms.Textarea({"rows": 4}), max_length=1000, required=False
    )
    secret = forms.CharField(
        label=gettext_lazy("密码"), widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    agree = forms.BooleanField(label=gettext_lazy("本单位承诺合同真实，双方无关联关系"))


class SampleFilter(PortalForm):
    """Filters of a staff list."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=[("", gettext_lazy("不限"))], required=False)
    who = forms.ChoiceField(label=gettext_lazy("办理人"), choices=[("", gettext_lazy("不限"))], required=False)


TONES: list[tuple[Tone, Text]] = [
    ("grey", gettext_lazy("草稿")),
    ("blue", gettext_lazy("待机构确认")),
    ("amber", gettext_lazy("待补正")),
    ("green", gettext_lazy("已确认")),
    ("red", gettext_lazy("已终止")),
    ("purple", gettext_lazy("公示中")),
]


def sample() -> dict[str, Any]:
    """Everything the style page draws."""
    now = timezone.now()
    return {
        **_forms(),
        **_case(now),
        **_lists(now.date()),
        "tones": [Status(code=tone, label=label, tone=tone) for tone, label in TONES],
        "cards": _cards(now.date()),
        "full_card": _card(now.date(), "blue", _("待机构确认"), ""),
        "meter": {
            "limit": Decimal(200_000),
            "claimed": Decimal(120_000),
            "used": Decimal(45500),
            "left": Decimal(80_000),
            "until": date(now.year, 12, 31),
        },
        "formula": _("10,000 ＋ 20,000 × 50% ＝ 20,000 元"),
        "amount_rows": [
            {"label": _("合同金额"), "value": "30,000.00"},
            {"label": _("10,000 元以内，全额"), "value": "10,000.00", "look": "sub"},
            {"label": _("超出 20,000 元，按 50%"), "value": "10,000.00"},
        ],
    }


def _forms() -> dict[str, Any]:
    wrong = SampleForm({"kind": "none", "amount": "x"}, prefix="wrong")
    wrong.pins = {"number": {"number": 1, "text": _("编号与合同首页不一致"), "by": _("科技局")}}  # type: ignore[dict-item]
    return {"blank": SampleForm(), "wrong": wrong, "filter_form": SampleFilter()}


def _case(now: datetime) -> dict[str, Any]:
    return {
        "steps": [_("预约"), _("确认"), _("合同"), _("用券"), _("服务"), _("完成"), _("评价")],
        "waiting": Status(code="w", label=_("待上传合同"), tone="amber", turn="public"),
        "other": Status(code="o", label=_("待机构确认"), tone="blue", turn="carrier"),
        "over": Status(code="d", label=_("已完成"), tone="green"),
        "due": now.date() + timedelta(days=5),
        "next_up": {"title": _("上传合同"), "note": _("企业办理")},
        "events": [
            {"title": _("机构确认预约，报价 18,000.00 元"), "at": now, "by": _("林某")},
            {"title": _("提交预约"), "at": now - timedelta(days=2), "by": _("周某")},
        ],
        "sides": [
            {"role": _("企业"), "name": _("澄光传感科技有限公司"), "contact": "138****0217", "you": True},
            {"role": _("服务机构"), "name": _("东海理工大学分析测试中心"), "contact": "139****5530"},
        ],
        "talk": [
            {"by": _("周某"), "at": now, "text": _("交付时间能否顺延到 10 日？"), "mine": True},
            {"by": _("林某"), "at": now, "text": _("可以，合同请写明软件名称和版本号。")},
        ],
        "checks": [
            {"ok": True, "text": _("发票合计与银行回单合计一致"), "found": "36,000.00"},
            {"ok": False, "text": _("发票购方名称与企业名称不一致")},
            {"ok": None, "text": _("合同日期")},
        ],
        "return_items": [("id_number", _("合同编号：与原件不符")), ("id_amount", _("合同金额：与发票不符"))],
        "files": [
            {"title": _("合同"), "url": "#", "seen": True},
            {"title": _("回单"), "url": "#", "current": True, "seen": False},
        ],
        "file": {
            "kind": "PDF",
            "name": _("合同（双方盖章）.pdf"),
            "meta": _("8 页，2.4 MB"),
            "url": "#",
            "delete_url": "#",
        },
    }


def _lists(today: date) -> dict[str, Any]:
    return {
        "crumbs": [(_("首页"), "/"), (_("样式"), "")],
        "tasks": [
            {"title": _("合同"), "url": "#", "done": True, "hint": _("1 份，8 页")},
            {"title": _("银行回单"), "url": "#", "done": False, "problem": _("比发票少 2,000.00 元，补上另一张回单")},
            {"title": _("营业执照"), "url": "#", "done": False, "tag": _("需补正")},
            {"title": _("其他材料"), "url": "#", "done": None},
        ],
        "facts": [
            {"label": _("企业"), "value": _("澄光传感科技有限公司"), "change_url": "#"},
            {"label": _("合同金额"), "value": "30,000.00"},
        ],
        "page_obj": Paginator(range(95), 20).page(3),
        "views": [
            {"label": _("全部"), "url": "#", "current": True, "count": 27},
            {"label": _("逾期"), "url": "#", "current": False, "count": 2},
        ],
        "chips": [{"label": _("状态：待初审"), "url": "?"}],
        "tiles": [
            {"number": 2, "label": _("待确认预约"), "url": "#"},
            {"number": 3, "label": _("待确认券"), "url": "#"},
            {"number": 1, "label": _("待评价"), "url": "#"},
        ],
        "todos": [
            {"title": _("上传服务合同"), "url": "#", "due": today, "late": True, "note": "CXQ-2026-002950"},
            {"title": _("确认完成"), "url": "#", "due": today + timedelta(days=3)},
        ],
        "heads": [{"label": _("编号")}, {"label": _("事项")}, {"label": _("金额"), "num": True}],
        "rows": [
            [
                {"value": "DF-2026-000874", "url": "#"},
                {"value": _("疲劳寿命试验"), "head": _("事项")},
                {"value": "20,000.00", "num": True, "head": _("金额")},
            ],
        ],
    }


def _card(today: date, tone: Tone, word: str, look: str, *, ended: bool = False) -> dict[str, Any]:
    return {
        "title": _("科技创新券"),
        "code": "7K3M9QTX2B8F",
        "amount": Decimal(20_000),
        "org": _("澄光传感科技有限公司"),
        "carrier": _("东海理工大学分析测试中心"),
        "what": _("样机环境可靠性试验"),
        "contract": "HT-2026-118",
        "valid_until": today,
        "tag": Status(code="s", label=word, tone=tone),
        "qr_url": "" if ended else "/static/img/specimen.svg",
        "foot": _("扫描二维码，或在验券页输入券号"),
        "url": "#",
        "label": _("查看"),
        "look": look,
    }


def _cards(today: date) -> list[dict[str, Any]]:
    return [
        _card(today, "amber", _("机构退回"), "act"),
        _card(today, "blue", _("待机构确认"), ""),
        _card(today, "green", _("已兑付"), "paid", ended=True),
        _card(today, "red", _("已终止"), "over", ended=True),
    ]

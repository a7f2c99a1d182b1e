"""Small forms of the order's page: answer, reason, message, contract, record, rating."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar
from innovation_voucher.lib.forms import MoneyField, PortalForm

from ..models.reviews import STARS
from ..services import Rating

ACCEPT = ".pdf,.jpg,.jpeg,.png"


class ActForm(PortalForm):
    """An act without words; carries the refusal of the verb."""


class AcceptForm(PortalForm):
    """The carrier's price and date."""

    amount = MoneyField(
        label=gettext_lazy("议定金额"),
        min_value=Decimal("0.01"),
        help_text=gettext_lazy("与企业谈定的含税总价"),
        error_messages={"min_value": gettext_lazy("议定金额要大于 0 元")},
    )
    promised_on = forms.DateField(label=gettext_lazy("承诺交付时间"), help_text=gettext_lazy("如 2026-12-10"))

    def clean_promised_on(self) -> Any:
        day = self.cleaned_data["promised_on"]
        if day < calendar.today():
            raise ValidationError(_("承诺交付时间不能早于今天"))
        return day


class ReasonForm(PortalForm):
    """Why; the other side reads it."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("对方会看到"),
        error_messages={"required": gettext_lazy("写明原因，对方会看到")},
    )


class MessageForm(PortalForm):
    """One message."""

    text = forms.CharField(
        label=gettext_lazy("写留言"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("双方都能看到，不能删除"),
        error_messages={"required": gettext_lazy("写下留言再发送")},
    )


class ContractForm(PortalForm):
    """The signed contract, saved at once."""

    contract = forms.FileField(label=gettext_lazy("双方盖章的合同"), widget=forms.FileInput(attrs={"accept": ACCEPT}))

    def __init__(self, *args: Any, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contract"].help_text = hint


class RecordForm(PortalForm):
    """What was delivered."""

    delivered_on = forms.DateField(label=gettext_lazy("完成日期"), help_text=gettext_lazy("如 2026-12-10"))
    result = forms.CharField(
        label=gettext_lazy("服务结果"),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("做了什么、结论或交付物、报告编号"),
    )
    file = forms.FileField(
        label=gettext_lazy("结果文件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("报告或交付清单；pdf、jpg、png，不超过 20 MB"),
    )

    def clean_delivered_on(self) -> Any:
        day = self.cleaned_data["delivered_on"]
        if day > calendar.today():
            raise ValidationError(_("完成日期不能晚于今天"))
        return day


def _stars(stars: int, words: Any) -> tuple[str, str]:
    return str(stars), f"{'★' * stars}{'☆' * (5 - stars)} {words}"


class ReviewForm(PortalForm):
    """Five real radios with words; the stars are decoration."""

    stars = forms.ChoiceField(label=gettext_lazy("总体评价"), widget=forms.RadioSelect)
    efficiency = forms.ChoiceField(label=gettext_lazy("办事效率"), required=False)
    skill = forms.ChoiceField(label=gettext_lazy("专业水平"), required=False)
    pricing = forms.ChoiceField(label=gettext_lazy("收费透明"), required=False)
    words = forms.CharField(
        label=gettext_lazy("评价内容"), required=False, max_length=500, widget=forms.Textarea({"rows": 4})
    )
    anonymous = forms.BooleanField(label=gettext_lazy("匿名评价，公开页面不显示单位名称"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [_stars(stars, words) for stars, words in STARS]
        for name in ("stars", "efficiency", "skill", "pricing"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = rows if name == "stars" else [("", _("不评")), *rows]

    @property
    def rating(self) -> Rating:
        """What was said, for the verb."""
        data = self.cleaned_data
        details = {name: int(data[name]) if data[name] else None for name in ("efficiency", "skill", "pricing")}
        return Rating(stars=int(data["stars"]), words=data["words"], anonymous=data["anonymous"], **details)


class ReplyForm(PortalForm):
    """The carrier's one answer to a review."""

    text = forms.CharField(
        label=gettext_lazy("回复"),
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("只能回复一次，公开显示"),
    )


class NumberForm(PortalForm):
    """The number of an order, as it was copied from somewhere."""

    number = forms.CharField(
        label=gettext_lazy("订单编号"),
        max_length=40,
        help_text=gettext_lazy("在订单页标题下方"),
        error_messages={"required": gettext_lazy("填写订单编号，或在下面选择一个订单")},
    )

"""What the carrier enters after a call, and how the enterprise pays for it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Organization
from carriers.models import Carrier, Service
from innovation_voucher.lib.forms import MoneyField, PortalForm
from innovation_voucher.lib.identifiers import clean_mobile, clean_uscc
from vouchers.forms import CheckedField

from ..services import Booking


class PhoneForm(PortalForm):
    """The carrier names the enterprise by its credit code, and one of its own services."""

    credit_code = CheckedField(
        check=clean_uscc,
        label=gettext_lazy("企业的统一社会信用代码"),
        max_length=30,
        help_text=gettext_lazy("18 位，企业须已完成实名认证"),
    )
    service: forms.Field = forms.ModelChoiceField(
        queryset=Service.objects.none(),
        label=gettext_lazy("服务"),
        to_field_name="number",
        empty_label=gettext_lazy("选择本机构的服务"),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("数量"),
        min_value=1,
        max_value=9999,
        initial=1,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"min_value": gettext_lazy("数量至少为 1"), "max_value": gettext_lazy("数量最多 9999")},
    )
    amount = MoneyField(
        label=gettext_lazy("议定服务金额"),
        min_value=Decimal("0.01"),
        help_text=gettext_lazy("电话里谈妥的含税总价"),
        error_messages={"min_value": gettext_lazy("议定服务金额要大于 0 元")},
    )
    wanted_on = forms.DateField(label=gettext_lazy("交付时间"), required=False, help_text=gettext_lazy("如 2026-12-10"))
    contact_name = forms.CharField(label=gettext_lazy("企业经办人"), max_length=50)
    contact_phone = CheckedField(
        check=clean_mobile, label=gettext_lazy("手机号"), max_length=20, widget=forms.TextInput({"inputmode": "tel"})
    )
    need = forms.CharField(label=gettext_lazy("服务内容"), max_length=1000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, carrier: Carrier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = carrier.services.filter(listed=True).select_related("category", "carrier__organization")

    def clean_credit_code(self) -> Organization:
        code = self.cleaned_data["credit_code"]
        found = Organization.objects.filter(credit_code=code, verified_at__isnull=False).first()
        if found is None:
            raise ValidationError(_("没有找到已认证的这家企业，核对统一社会信用代码，或请企业先注册认证"))
        return found

    @property
    def booking(self) -> Booking:
        """What was agreed, for the verb."""
        data = self.cleaned_data
        names = ("quantity", "amount", "wanted_on", "contact_name", "contact_phone", "need")
        return Booking(item=data["service"], **{name: data[name] for name in names})

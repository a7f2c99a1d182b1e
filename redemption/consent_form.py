"""The enterprise's answer to what its carrier asks to be paid."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.lib.forms import PortalForm

AGREE, REFUSE = "agree", "refuse"


class ConsentForm(PortalForm):
    """Agree, or not with a reason that the carrier reads."""

    answer = forms.ChoiceField(
        label=gettext_lazy("您的意见"),
        widget=forms.RadioSelect,
        choices=[(AGREE, gettext_lazy("同意兑付")), (REFUSE, gettext_lazy("不同意，退回服务机构"))],
        error_messages={"required": gettext_lazy("选择同意或不同意")},
    )
    reason = forms.CharField(
        label=gettext_lazy("不同意的原因"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("不同意时填写，服务机构会看到"),
    )

    @property
    def agrees(self) -> bool:
        """Whether the answer is yes."""
        return bool(self.cleaned_data["answer"] == AGREE)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("answer") == REFUSE and not str(data.get("reason", "")).strip():
            self.add_error("reason", _("写明不同意的原因，服务机构会看到"))
        return data

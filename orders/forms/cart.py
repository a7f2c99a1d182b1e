"""How many of an item lie in the cart."""

from django import forms
from django.utils.translation import gettext_lazy

from innovation_voucher.lib.forms import PortalForm

from ..services.cart import MOST


class QuantityForm(PortalForm):
    """One box per row of the cart; its words stand in the page."""

    quantity = forms.IntegerField(
        label=gettext_lazy("数量"),
        min_value=1,
        max_value=MOST,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"min_value": gettext_lazy("数量至少为 1"), "max_value": gettext_lazy("数量最多 9999")},
    )

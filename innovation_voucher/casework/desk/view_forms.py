"""The form that names a view of a queue."""

from django import forms
from django.utils.translation import gettext_lazy as _

from innovation_voucher.lib.forms import PortalForm


class ViewForm(PortalForm):
    """The name of a saved view, and whether its queue opens with it."""

    name = forms.CharField(
        label=_("视图名称"),
        max_length=30,
        error_messages={"required": _("填写视图名称"), "max_length": _("视图名称最多 30 字")},
    )
    is_default = forms.BooleanField(label=_("打开此队列时默认使用"), required=False)

"""The form with a file of another platform's results."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import rights
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.forms import PortalForm

from ..external_rules import RIGHT
from ..models import Programme
from ..services.external_files import MOST
from .page_forms import ProgrammeChoice, RegionChoice

_LIMIT = 2 * 1024 * 1024


class ExternalFileForm(PortalForm):
    """Of which programme and region, and the sheet."""

    programme = ProgrammeChoice(label=gettext_lazy("方案"), queryset=Programme.objects.none())
    region = RegionChoice(
        label=gettext_lazy("地区"),
        queryset=Region.objects.none(),
        help_text=gettext_lazy("在其他平台申领的地区；表格里的单位都须属于这个地区"),
    )
    file = forms.FileField(label=gettext_lazy("申领结果"))

    def __init__(self, *args: Any, user: Any) -> None:
        super().__init__(*args)
        fields: Any = self.fields
        fields["programme"].queryset = Programme.objects.exclude(status=Programme.State.DRAFT)
        fields["region"].queryset = rights.regions_for(user, RIGHT).order_by("code")
        fields["file"].help_text = (
            _("xlsx 或 csv，最多 %d 行；列：申领编号、统一社会信用代码、单位名称（可不填）、核定金额、核定日期") % MOST
        )

    def clean_file(self) -> Any:
        """Small enough to be read at once."""
        given = self.cleaned_data["file"]
        if given.size > _LIMIT:
            raise ValidationError(_("文件超过 2 MB，分开再传"))
        return given

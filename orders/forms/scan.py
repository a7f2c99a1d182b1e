"""Forms of checking and receiving a voucher."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.lib.forms import PortalForm
from innovation_voucher.lib.references import normalise_code

PHOTO_LIMIT = 15 * 1024 * 1024


class CodeForm(PortalForm):
    """A typed code, as people write it."""

    code = forms.CharField(
        label=gettext_lazy("券号"),
        max_length=40,
        help_text=gettext_lazy("12 位，印在二维码下方；大小写、空格和短横线都可以"),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}
        ),
        error_messages={"required": gettext_lazy("填写 12 位券号")},
    )

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(_("券号共 12 位，由数字和字母组成，对照券面核对"))
        return code


class PhotoForm(PortalForm):
    """A photo of a voucher."""

    photo = forms.FileField(
        label=gettext_lazy("券的照片"),
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        error_messages={"required": gettext_lazy("先拍一张照片，或从相册中选一张")},
    )

    def clean_photo(self) -> object:
        photo = self.cleaned_data["photo"]
        if photo.size > PHOTO_LIMIT:
            raise ValidationError(_("照片超过 15 MB，换一张小一些的"))
        return photo


class ReceiveForm(PortalForm):
    """The carrier has compared voucher and contract."""

    checked = forms.BooleanField(
        label=gettext_lazy("已核对，信息与合同一致"),
        error_messages={"required": gettext_lazy("核对合同后勾选，再确认接收")},
    )


class SendBackForm(PortalForm):
    """What differs; the enterprise reads it."""

    reason = forms.CharField(
        label=gettext_lazy("哪里不符"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("企业会看到；退回后额度立即退还企业"),
        error_messages={"required": gettext_lazy("写明哪里不符，企业据此修改")},
    )

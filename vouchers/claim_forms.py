"""Forms of a claim: how much, the promise, its files, and the bureau's reason for taking it back."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from innovation_voucher.lib.forms import PortalForm

from .forms import evidence_field
from .policy import EvidenceSpec
from .written_forms import AmountForm


def promise() -> forms.BooleanField:
    """The tick without which nothing is handed in."""
    return forms.BooleanField(
        label=gettext_lazy("本单位承诺所填信息真实，并按规定使用创新券"),
        error_messages={"required": gettext_lazy("提交前需勾选承诺")},
    )


class ClaimForm(AmountForm):
    """How much, and the promise: all in one page where quota comes at once."""

    agree = promise()


class HandInForm(PortalForm):
    """The last page of a reviewed claim: its evidence and the promise.

    `rows` are the scheme's evidence rows; only those of `open_keys` take files now.
    """

    agree = promise()

    def __init__(self, *args: Any, rows: Iterable[EvidenceSpec], open_keys: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = tuple(rows)
        self.fields.update({row.key: evidence_field(row) for row in self.rows if row.key in open_keys})
        if set(self.data) & {"upload", "remove"}:
            # A file is kept at once; the promise comes with the last button.
            self.fields["agree"].required = False


class StampForm(PortalForm):
    """The stamped scan; asked for unless one is kept already."""

    def __init__(self, *args: Any, row: EvidenceSpec, kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = evidence_field(row)
        field.required = not kept
        field.error_messages["required"] = gettext_lazy("上传盖章的申领表")
        self.fields["scan"] = field


class RevokeForm(PortalForm):
    """Why quota is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("企业会看到"),
        error_messages={"required": gettext_lazy("写明收回额度的原因，例如企业已迁出本地区")},
    )

"""Forms of the top floor; the base that every app shares is ``innovation_voucher.lib.forms``."""

from innovation_voucher.lib.forms import (
    MoneyField,
    MoneyInput,
    PortalForm,
    PortalFormRenderer,
    PortalModelForm,
    render_form,
)

__all__ = [
    "MoneyField",
    "MoneyInput",
    "PortalForm",
    "PortalFormRenderer",
    "PortalModelForm",
    "render_form",
]

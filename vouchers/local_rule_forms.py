"""The form of local rules: only what the programme lets regions change, within its bounds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.models import Region
from innovation_voucher.lib.forms import PortalForm, say_what_to_do

from .forms import ParametersForm
from .local_rules import LocalRules
from .models import Override
from .parameter_checks import problems_of
from .parameter_fields import parameter_field
from .parameter_help import HELP
from .parameter_words import NOTHING, value_words
from .programme_rules import begins_later, problems_within


class LocalRulesForm(PortalForm):
    """From when on, and every parameter that the region may set; empty = as the programme says."""

    effective_from = forms.DateField(
        label=gettext_lazy("生效日期"),
        help_text=gettext_lazy("须晚于今天，如 2027-01-01；之前生成的券仍按原来的规则"),
    )

    def __init__(self, data: Any, *, rules: LocalRules, region: Region, latest: Override | None) -> None:
        names = rules.version.overridable
        said = {name: getattr(latest, name, None) for name in names}
        super().__init__(data, initial={name: value for name, value in said.items() if value is not None})
        self.override = Override(programme=rules.programme, region=region)
        self.names = [name for name in Override.parameter_names() if name in names]
        for name in self.names:
            self.fields[name] = _field(name, rules)
            say_what_to_do(self.fields[name], self.fields[name].label)

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        allowed, reason = begins_later(day)
        if not allowed:
            raise ValidationError(reason)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, key in problems_of(cleaned):
            self.add_error(name, str(ParametersForm.WORDS[key]))
        if day := cleaned.get("effective_from"):
            self.override.effective_from = day
            for name, value in self.parameters.items():
                setattr(self.override, name, value)
            for name, words in problems_within(self.override):
                self.add_error(name if name in self.fields else None, words)
        return cleaned

    @property
    def parameters(self) -> dict[str, Any]:
        """What the region shall have instead of the programme's values."""
        given = {name: self.cleaned_data.get(name) for name in self.names}
        return {name: value for name, value in given.items() if value not in (None, "")}


def _field(name: str, rules: LocalRules) -> forms.Field:
    given = value_words(name, rules.given(name))
    given = _("没有规定") if given == NOTHING else given
    hints = [str(HELP[name]), _("方案规定：%s") % given]
    if bound := rules.version.bounds.get(name):
        low, high = (value_words(name, end) for end in bound)
        hints.append(_("可在 %(low)s 至 %(high)s 之间") % {"low": low, "high": high})
    return parameter_field(name, not_set=_("按方案规定（%s）") % given, help_text="；".join(hints))

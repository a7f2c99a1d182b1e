"""The form of a claim that is written as a draft: the scheme's fields in their sections."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework import calendar
from innovation_voucher.lib.crypto import encrypt
from innovation_voucher.lib.forms import MoneyField

from .claim_specs import AMOUNT, STAGE, asks_amount, problems_of
from .forms import AnswersForm, answers_form
from .models import Claim
from .policy import Policy

Section = tuple[str, list[BoundField]]


class WrittenForm(AnswersForm):
    """Fields by section; `kept` are secrets that stay as they are when nothing is typed.

    `held` are secrets that the registration knows, by field: an empty box takes them, no page shows them.
    """

    policy = Policy()
    class_key = ""
    kept: frozenset[str] = frozenset()
    held: Mapping[str, str] = MappingProxyType({})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for key, words in problems_of(self.policy, self.class_key, self.answers, calendar.today()).items():
            if key in self.fields:
                self.add_error(key, words)
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """What is stored; a secret that was not typed anew is left out, or taken from what is known."""
        found = {key: value for key, value in super().answers.items() if value or key not in self.kept}
        return {**found, **{key: encrypt(value) for key, value in self.held.items() if not found.get(key)}}

    def sections(self) -> Iterator[Section]:
        """Heads with their fields, in the order of the scheme; what is of no section comes first."""
        own = {spec.key: spec.section for spec in self.specs}
        heads = dict.fromkeys(["", *own.values()])
        for head in heads:
            fields = [field for field in self if own.get(self.codes.get(field.name, field.name), "") == head]
            if fields:
                yield head, fields


class AmountForm(WrittenForm):
    """How much; the region follows the verification and is no field."""

    amount = MoneyField(
        label=_("申领金额"),
        widget=MoneyField.widget({"class": "govuk-input--width-10"}),
        error_messages={"required": _("填写申领金额，单位为元")},
    )


def written_form(
    policy: Policy,
    class_key: str,
    *,
    keys: Collection[str] | None = None,
    partial: bool = False,
    prefill: Mapping[str, Any] | None = None,
    kept: Collection[str] = (),
    held: Mapping[str, str] | None = None,
) -> type[WrittenForm]:
    """The form class for a claim of the class; only the fields of `keys` where they are named.

    `partial`: to be kept as it is, whatever is missing. `held`: secrets by the source that rows name.
    """
    rows = policy.fields_of(STAGE, class_key)
    specs = [row for row in rows if keys is None or row.key in keys]
    asked = asks_amount(policy) and (keys is None or AMOUNT in keys)
    made: Any = answers_form(specs, base=AmountForm if asked else WrittenForm, prefill=prefill)
    made.policy, made.class_key = policy, class_key
    made.kept = frozenset(row.key for row in specs if row.is_secret and row.key in kept)
    known = held or {}
    made.held = {row.key: known[row.prefill] for row in specs if row.is_secret and row.prefill in known}
    for row in specs:
        field = made.base_fields[row.key]
        field.required = row.required and not partial and row.key not in {*made.kept, *made.held}
        if row.key in made.kept:
            field.help_text = _("已保存，不填则不变")
        elif row.key in made.held:
            field.help_text = _("不填则用收款账户的账号（尾号 %s）") % made.held[row.key][-4:]
    return made  # type: ignore[no-any-return]


def kept_secrets(claim: Claim) -> set[str]:
    """Keys of answers that are stored, secrets among them."""
    return {key for key, value in claim.answers.items() if value}

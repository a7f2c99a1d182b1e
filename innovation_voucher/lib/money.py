"""Amounts: Decimal yuan with two places in Python, whole fen in the database.

SQLite computes decimals as floats, so that the last cent of an account could not be spent;
whole fen in big integers are exact on both databases.
"""

import re
import unicodedata
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.expressions import Combinable, CombinedExpression, Value
from django.utils.translation import gettext as _, gettext_lazy

CENT = Decimal("0.01")
# One quadrillion yuan: far above any budget, far below what a big integer of fen holds.
LIMIT = Decimal(10) ** 15

_AMOUNT = re.compile(r"¥?([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]*)?元?")


class NoAmount(ValueError):  # noqa: N818  says what happened
    """What was typed is not written as an amount at all."""


def yuan(value: int | str | Decimal) -> Decimal:
    """The amount in yuan with two places, halves of a fen rounded away from zero.

    Raises TypeError for a float (it has lost its cents already) and ValueError for what is no
    number or not below one quadrillion.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise TypeError(f"an amount is an int, a str or a Decimal, not {type(value).__name__}")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"not an amount: {value!r}") from None
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise ValueError(f"not an amount: {value!r}")
    return amount.quantize(CENT, ROUND_HALF_UP) + 0  # + 0 turns -0.00 into 0.00


def to_fen(amount: int | str | Decimal) -> int:
    """The amount of yuan as whole fen; errors as in `yuan`."""
    return int(yuan(amount) * 100)


def from_fen(fen: int) -> Decimal:
    """Whole fen as yuan with two places."""
    return Decimal(fen).scaleb(-2)


def format_yuan(amount: int | str | Decimal) -> str:
    """The amount as people read it, without a unit: 18,000.00."""
    return f"{yuan(amount):,.2f}"


def parse_yuan(text: str) -> Decimal:
    """What a person typed as an amount in yuan: 18000, 18,000.00, ¥１８０００, 18000 元.

    Commas are taken only where they group thousands, so that "1,5" is asked about rather than
    read as 15. Raises ValueError with the sentence for the page.
    """
    plain = unicodedata.normalize("NFKC", text).replace("。", ".")
    plain = "".join(plain.split())
    if not plain:
        raise ValueError(_("填写金额，单位为元"))
    if plain.lstrip("¥").startswith("-"):
        raise ValueError(_("金额不能小于 0"))
    match = _AMOUNT.fullmatch(plain)
    if not match:
        raise NoAmount(_("金额只写数字，如 18,000.00"))
    whole, cents = match[1].replace(",", ""), match[2] or ""
    if len(cents) > 3:
        raise ValueError(_("金额最多两位小数"))
    if len(whole.lstrip("0")) > 15:
        raise ValueError(_("金额太大，检查是否多写了 0"))
    return yuan(whole + cents.rstrip("."))


def round_to(amount: Decimal, step: Decimal, mode: Literal["half_up", "down"]) -> Decimal:
    """The amount in whole steps of yuan (0.01, 1, 100, 10000).

    Raises ValueError for a step that is not above 0.
    """
    if step <= 0:
        raise ValueError(f"a step is above 0, not {step}")
    rounding = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN}[mode]
    return yuan((amount / step).quantize(Decimal(1), rounding) * step)


class YuanFormField(forms.CharField):
    """An amount typed by a person; cleans to Decimal yuan, None when empty and not required."""

    default_error_messages = {"required": gettext_lazy("填写金额，单位为元")}

    def __init__(
        self,
        *,
        min_value: Decimal | None = None,
        max_value: Decimal | None = None,
        **kwargs: Any,
    ) -> None:
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The keyboard of a phone shows digits; no number input, it would swallow commas."""
        return {**super().widget_attrs(widget), "inputmode": "decimal"}

    def prepare_value(self, value: Any) -> Any:
        return format_yuan(value) if isinstance(value, Decimal | int) else value

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        try:
            return parse_yuan(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            low = format_yuan(self.min_value)
            raise ValidationError(_("金额最少 %s 元") % low, code="min_value")
        if self.max_value is not None and value > self.max_value:
            high = format_yuan(self.max_value)
            raise ValidationError(_("金额最多 %s 元") % high, code="max_value")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """18000 typed over 18,000.00 is no change."""
        try:
            before = None if initial in self.empty_values else yuan(initial)
            return before != self.to_python(data)
        except (TypeError, ValueError, ValidationError):
            return True


_ST_contra = TypeVar("_ST_contra", contravariant=True)
_GT_co = TypeVar("_GT_co", covariant=True)

if TYPE_CHECKING:
    _Field = models.Field
else:

    class _Field(models.Field):
        """Django's field, that may be written with its types as the stubs have them."""

        def __class_getitem__(cls, types: Any) -> type:
            return cls


class YuanField(_Field[_ST_contra, _GT_co]):
    """Decimal yuan in Python, whole fen in the column, a big integer.

    Not a subclass of the integer fields: Django would average and combine it as plain numbers.

    Filters, constraints, defaults, Sum, Min, Max, Avg and `F("available") - amount` all speak yuan.
    In a function that takes several values (Coalesce, Least) write
    `Value(amount, output_field=YuanField())`: only there Django cannot tell the unit.
    """

    _pyi_private_set_type: Decimal | int | str | Combinable
    _pyi_private_get_type: Decimal
    _pyi_lookup_exact_type: Decimal | int | str

    description = gettext_lazy("金额（元）")
    # No default means None, not "": an unsaved row has no amount yet.
    empty_strings_allowed = False

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def get_default(self) -> Any:
        value = super().get_default()
        return value if value is None else yuan(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None:
            return None
        try:
            return yuan(value)
        except (TypeError, ValueError) as error:
            message = _("金额只写数字，如 18,000.00")
            raise ValidationError(message, code="invalid") from error

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        """Yuan; the part of a fen in an average is cut off."""
        return None if value is None else from_fen(int(value))

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return to_fen(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": YuanFormField, **kwargs})


def _unit(side: Any) -> Any:
    """The field of one side of an operation; None while it is not known yet (an OuterRef)."""
    try:
        return side.output_field
    except (AttributeError, FieldError):
        return None


def _in_yuan(side: Any, connector: str) -> Any:
    """One side of `+` or `-` beside an amount, as an amount."""
    unit = _unit(side)
    if unit is None or isinstance(unit, YuanField):
        return side
    if isinstance(side, Value):
        return Value(yuan(side.value), output_field=YuanField())
    raise FieldError(f"{connector!r} of an amount and a {type(unit).__name__}")


def _resolve_with_amounts(self: CombinedExpression, *args: Any, **kwargs: Any) -> Any:
    """Operations on amounts: a plain number beside `+` or `-` is yuan, the result is yuan.

    Amounts may be multiplied by a whole number; every other operation raises FieldError,
    because the databases would round it differently: compute it in Python.
    """
    resolved: Any = _resolve(self, *args, **kwargs)
    if not isinstance(resolved, CombinedExpression):
        return resolved
    sides = resolved.lhs, resolved.rhs
    if not any(isinstance(_unit(side), YuanField) for side in sides):
        return resolved
    if resolved.connector in (Combinable.ADD, Combinable.SUB):
        resolved.lhs, resolved.rhs = (_in_yuan(side, resolved.connector) for side in sides)
    elif resolved.connector != Combinable.MUL or not any(_is_count(side) for side in sides):
        raise FieldError(f"{resolved.connector!r} is not defined for amounts")
    resolved.__dict__["output_field"] = YuanField()
    return resolved


def _is_count(side: Any) -> bool:
    return isinstance(_unit(side), models.IntegerField)


# Django resolves both sides of `F("available") - amount` apart and gives a field no way to see
# the number beside it: without this hook 100 yuan would silently be taken as 100 fen.
_resolve = CombinedExpression.resolve_expression
CombinedExpression.resolve_expression = _resolve_with_amounts  # type: ignore[method-assign,assignment]

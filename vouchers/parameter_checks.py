"""What columns alone cannot say about parameters: lists, tiers, days of the year, patterns of numbers."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from innovation_voucher.casework import numbers

from .policy.amounts import tiers_in_order
from .policy.data import Policy

#: A year without 29 February: a month-day must exist in every year.
_ANY_YEAR = 2025


def problems_of(parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of a parameter's name and what is wrong: list, tiers, month_day or pattern."""
    for name, (key, fits) in CHECKS.items():
        value = parameters.get(name)
        if value not in (None, "") and not fits(value):
            yield name, key


def _tiers_fit(tiers: Any) -> bool:
    try:
        read = Policy.from_json({"subsidy_tiers": tiers}).subsidy_tiers
    except (ArithmeticError, TypeError, ValueError):
        return False
    return bool(read) and tiers_in_order(read or ())


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_month_day(text: Any) -> bool:
    try:
        month, day = str(text).split("-")
        date(_ANY_YEAR, int(month), int(day))
    except ValueError:
        return False
    return True


def _fills_in(**parts: Any) -> Callable[[Any], bool]:
    def fits(pattern: Any) -> bool:
        try:
            numbers.formatted(str(pattern), day=date(_ANY_YEAR, 1, 1), **parts)
        except ValueError:
            return False
        return True

    return fits


def _numbers_accounts(pattern: Any) -> bool:
    """Whether every account gets a number of its own: no two of a year and kind would differ without {random}."""
    return "{random}" in str(pattern) and _fills_in(kind="", random="")(pattern)


CHECKS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "eligible_classes": ("list", _is_list_of_texts),
    "excluded_categories": ("list", _is_list_of_texts),
    "invoice_fields": ("list", _is_list_of_texts),
    "subsidy_tiers": ("tiers", _tiers_fit),
    "redeem_grace": ("month_day", _is_month_day),
    "window_from": ("month_day", _is_month_day),
    "window_to": ("month_day", _is_month_day),
    "order_number": ("pattern", _fills_in(seq=1)),
    "account_number": ("pattern", _numbers_accounts),
}

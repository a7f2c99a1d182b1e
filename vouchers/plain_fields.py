"""Lists, pairs, tiers, bounds and sizes as people write them, one a line; stored as plain JSON."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _

from innovation_voucher.lib.money import parse_yuan

from .policy import plain, rate_words

_BETWEEN = re.compile(r"[,、;\s]+")
_TIER = re.compile(r"([0-9.,]+)[\s:]+([0-9.]+%?)")
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(K|M|G)?B?", re.IGNORECASE)
_RATE = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)%?")
# No exponents: one short line could ask for a number of a million digits.
_END = re.compile(r"-?[0-9]+(\.[0-9]*)?")
_NO_NULL = ProhibitNullCharactersValidator()
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def _lines(text: str) -> list[str]:
    """Lines that say something, in plain characters."""
    return [line.strip() for line in unicodedata.normalize("NFKC", text).splitlines() if line.strip()]


def short(number: Decimal) -> str:
    """100000.00 -> 100000, 0.50 -> 0.5: one text for one number."""
    return format(number.normalize(), "f")


def parse_rate(text: str) -> Decimal:
    """50% -> 0.5, 0.5 -> 0.5. Raises ValueError for what is no number."""
    if not _RATE.fullmatch(text):
        raise ValueError(text)
    return Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


class LinesField(forms.CharField):
    """A text box of lines; `nothing` is stored for an empty one."""

    rows = 3

    def __init__(self, *, nothing: Any = None, **kwargs: Any) -> None:
        self.nothing = nothing
        super().__init__(**{"widget": forms.Textarea({"rows": self.rows}), **kwargs})

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value or self.nothing
        _NO_NULL(value)
        return self.read(_lines(value)) or self.nothing

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else self.write(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """An empty box in a new row is no change of it."""
        return super().has_changed(self.nothing if initial is None else initial, data)

    def read(self, lines: list[str]) -> Any:
        """What is stored for the lines; ValidationError says which line cannot be read."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The lines for what is stored."""
        raise NotImplementedError


class WordsField(LinesField):
    """Words between commas, blanks or line ends."""

    def read(self, lines: list[str]) -> list[str]:
        return [word for word in _BETWEEN.split("\n".join(lines)) if word]

    def write(self, value: Iterable[Any]) -> str:
        return ", ".join(str(word) for word in value)


class PairsField(LinesField):
    """A key and its words on each line."""

    def read(self, lines: list[str]) -> list[list[str]]:
        return [self._pair(line) for line in lines]

    def _pair(self, line: str) -> list[str]:
        key, *words = line.split(maxsplit=1)
        if not words:
            raise ValidationError(_("“%(line)s”须写两项，中间空一格") % {"line": line})
        return [key, words[0]]

    def write(self, value: Iterable[Any]) -> str:
        return "\n".join(f"{key} {words}" for key, words in value)


class TiersField(LinesField):
    """From how many yuan on which share is paid: 10000 50%."""

    def read(self, lines: list[str]) -> list[list[str]]:
        return [self._tier(line) for line in lines]

    def _tier(self, line: str) -> list[str]:
        found = _TIER.fullmatch(line)
        try:
            if found:
                return [short(parse_yuan(found[1])), short(parse_rate(found[2]))]
        except ValueError:
            pass
        raise ValidationError(_("“%(line)s”按“起点金额 比例”填写，如 10000 50%%") % {"line": line})

    def write(self, value: Iterable[Any]) -> str:
        return "\n".join(f"{plain(Decimal(str(start)))} {rate_words(Decimal(str(rate)))}" for start, rate in value)


class LabelledField(LinesField):
    """Lines that begin with one of these labels; stored by its key."""

    rows = 5

    def __init__(self, *, labels: Mapping[str, Any], **kwargs: Any) -> None:
        self.labels = {name: str(label) for name, label in labels.items()}
        super().__init__(**kwargs)

    def key_of(self, label: str) -> str:
        """The key of a label that was typed; a key stands for itself, "" for what is neither."""
        # What was typed is in plain characters; so must be what it is compared with.
        keys = {unicodedata.normalize("NFKC", known): name for name, known in self.labels.items()}
        return keys.get(label, label if label in self.labels else "")


class SharesField(LabelledField):
    """Who pays which share: 省 40%."""

    def read(self, lines: list[str]) -> list[list[str]]:
        return [self._share(line) for line in lines]

    def _share(self, line: str) -> list[str]:
        label, *rest = line.rsplit(maxsplit=1)
        key, rate = self.key_of(label), "".join(rest)
        try:
            if key:
                return [key, short(parse_rate(rate))]
        except ValueError:
            pass
        raise ValidationError(_("“%(line)s”按“出资方 比例”填写，如 %(label)s 100%%") % self._example(line))

    def _example(self, line: str) -> dict[str, str]:
        return {"line": line, "label": next(iter(self.labels.values()))}

    def write(self, value: Iterable[Any]) -> str:
        return "\n".join(f"{self.labels.get(key, key)} {rate_words(Decimal(str(rate)))}" for key, rate in value)


class BoundsField(LabelledField):
    """A parameter by its label or key, its least and its most: 年度上限 0 500000."""

    def read(self, lines: list[str]) -> dict[str, list[str]]:
        return dict(self._bound(line) for line in lines)

    def _bound(self, line: str) -> tuple[str, list[str]]:
        label, *ends = line.rsplit(maxsplit=2)
        name = self.key_of(label)
        if not name or len(ends) != 2:
            raise ValidationError(_("“%(line)s”按“参数 最小 最大”填写，参数用本页上的名称") % {"line": line})
        numbers = [end.replace(",", "") for end in ends]
        if not all(map(_END.fullmatch, numbers)):
            raise ValidationError(_("“%(line)s”的最小和最大须为数字") % {"line": line})
        low, high = map(Decimal, numbers)
        if low > high:
            raise ValidationError(_("“%(line)s”的最小值不能大于最大值") % {"line": line})
        return name, [short(low), short(high)]

    def write(self, value: Mapping[str, Any]) -> str:
        return "\n".join(f"{self.labels.get(name, name)} {low} {high}" for name, (low, high) in value.items())


class SizeField(forms.CharField):
    """A file size with its unit: 5MB, 500KB; stored in bytes."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = _SIZE.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
        size = int(Decimal(found[1]) * _UNITS[(found[2] or "").upper()]) if found else 0
        if not size:
            raise ValidationError(_("写成 5MB 或 500KB 的样子"))
        return size

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int) or value < 1:
            return value
        unit = next(unit for unit in reversed(_UNITS) if value >= _UNITS[unit] and value % _UNITS[unit] == 0)
        return f"{value // _UNITS[unit]}{unit}B"

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

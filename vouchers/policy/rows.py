"""The rows of a policy: who may claim as what, form fields, terms, evidence; each reads itself from plain data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

#: (from this many yuan on, share that is paid), rising.
Tier = tuple[Decimal, Decimal]


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _texts(value: Any) -> tuple[str, ...] | None:
    return None if value is None else tuple(str(text) for text in value)


def _tiers(value: Any) -> tuple[Tier, ...] | None:
    return None if value is None else tuple((Decimal(str(start)), Decimal(str(rate))) for start, rate in value)


def _pairs(value: Any) -> tuple[tuple[str, str], ...] | None:
    return None if value is None else tuple((str(key), str(label)) for key, label in value)


def same(value: Any) -> Any:
    return value


READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        (
            "revenue_max",
            "cap_year",
            "cap_claim",
            "cap_holding",
            "cap_voucher",
            "rounding_step",
            "min_contract",
            "receive_mfa_over",
            "sample_rate",
        ),
        _number,
    ),
    **dict.fromkeys(("eligible_classes", "excluded_categories", "invoice_fields", "classes", "formats"), _texts),
    "subsidy_tiers": _tiers,
    "cost_share": _pairs,
    "choices": _pairs,
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """Base of the rows: reads itself from a mapping, unknown keys raise TypeError."""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{key: READERS.get(key, same)(value) for key, value in data.items()})


#: Types of fields whose answers are stored encrypted and never shown again.
ENCRYPTED = frozenset({"person_id", "secret"})


@dataclass(frozen=True, kw_only=True)
class FieldSpec(Row):
    """A field of a form; `classes` empty = for everyone."""

    stage: str
    key: str
    label: str
    type: str
    section: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    max_length: int | None = None
    classes: tuple[str, ...] = ()
    prefill: str = ""
    help: str = ""

    @property
    def is_secret(self) -> bool:
        """Whether answers are stored encrypted and never shown again."""
        return self.type in ENCRYPTED


@dataclass(frozen=True, kw_only=True)
class TermSpec(Row):
    """How long an act may take (`unit` wd = working days, d = days) and what follows."""

    act: str
    days: int
    unit: str
    on_expiry: str
    remind_before: int = 0


@dataclass(frozen=True, kw_only=True)
class EvidenceSpec(Row):
    """What must be attached: how many, in which formats, how large in bytes."""

    stage: str
    key: str
    label: str
    max_bytes: int
    minimum: int = 1
    maximum: int | None = None
    formats: tuple[str, ...] = ()
    strict: bool = False
    classes: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class ClassSpec(Row):
    """A qualification with which one may claim, and how it is proven.

    `proof` is list (an imported list names the organization) or declared (it says so in its claim, with
    evidence); `months`: how old a certificate may be, counted in months.
    """

    key: str
    label: str
    proof: str = "declared"
    months: int | None = None
    help: str = ""

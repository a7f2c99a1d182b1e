"""Files of schemes: read, checked as a whole, and what is wrong said with its place in the file."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from innovation_voucher.casework import numbers
from innovation_voucher.casework.calendar import today
from innovation_voucher.casework.models import ChainStep, Region

from .models import EvidenceRow, FieldRow, Override, TermRow
from .models.parameters import Parameters
from .policy.amounts import tiers_in_order
from .policy.data import Policy

#: Key in the file -> kind of row of a version.
ROWS: dict[str, type[models.Model]] = {"fields": FieldRow, "terms": TermRow, "evidence": EvidenceRow}

_PROGRAMME = {"family", "year", "kind", "name", "summary", "region", "participating", "opens_on", "closes_on"}
_PROGRAMME_ALL = _PROGRAMME | {"shared_cap", "open"}
_VERSION = {"number", "effective_from", "parameters", "assumed", "overridable", "bounds", *ROWS}
_OVERRIDE = {"region", "class_key", "number", "effective_from", "parameters"}
_CHAINS = ("claim_chain", "use_chain", "redemption_chain")

Preset = Mapping[str, Any]


class PresetBroken(Exception):  # noqa: N818  says what happened
    """The file cannot be loaded; `problems` has one line per place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def check(preset: Preset) -> None:
    """Raise PresetBroken with every problem of the file; nothing is written."""
    problems = list(_problems(preset))
    if problems:
        raise PresetBroken(problems)


def _problems(preset: Preset) -> Iterator[str]:
    yield from _keys(preset, {"programme", "chains", "versions", "overrides"}, "file", wanted={"programme", "versions"})
    programme = preset.get("programme", {})
    yield from _keys(programme, _PROGRAMME_ALL, "programme", wanted=_PROGRAMME - {"summary", "participating"})
    for code in [programme.get("region"), *programme.get("participating", [])]:
        yield from _region(code, "programme")
    chains = {chain.get("key") for chain in preset.get("chains", [])}
    for place, chain in _each(preset, "chains"):
        for step_place, step in _each(chain, "steps", place):
            yield from _model(ChainStep, step, step_place, without={"chain", "position"})
    for place, version in _each(preset, "versions"):
        yield from _version(version, place, chains)
    yield from _overrides(preset)


def _version(version: Mapping[str, Any], place: str, chains: set[str]) -> Iterator[str]:
    yield from _keys(version, _VERSION, place, wanted={"number", "effective_from", "parameters"})
    parameters = version.get("parameters", {})
    yield from _parameters(parameters, f"{place}.parameters")
    for name in _CHAINS:
        if parameters.get(name) and parameters[name] not in chains:
            yield f"{place}.parameters.{name}: the file has no chain {parameters[name]!r}"
    for key in ("assumed", "overridable", "bounds"):
        unknown = set(version.get(key, ())) - set(Parameters.parameter_names()) - _row_names(version)
        yield from (f"{place}.{key}: no parameter {name!r}" for name in sorted(unknown))
    for key, model in ROWS.items():
        for row_place, row in _each(version, key, place):
            yield from _model(model, row, row_place, without={"version", "position"})


def _row_names(version: Mapping[str, Any]) -> set[str]:
    """Rows are called by kind and key where a list names them: terms.order_answer, evidence.contract."""
    return {f"{kind}.{row.get('key', row.get('act'))}" for kind in ROWS for row in version.get(kind, ())}


def _overrides(preset: Preset) -> Iterator[str]:
    allowed = {name for version in preset.get("versions", []) for name in version.get("overridable", ())}
    bounds = {k: v for version in preset.get("versions", []) for k, v in version.get("bounds", {}).items()}
    for place, override in _each(preset, "overrides"):
        yield from _keys(override, _OVERRIDE, place, wanted={"effective_from", "parameters"})
        if override.get("region"):
            yield from _region(override["region"], place)
        parameters = override.get("parameters", {})
        yield from _parameters(parameters, f"{place}.parameters")
        yield from (f"{place}.parameters.{n}: not overridable" for n in sorted(set(parameters) - allowed))
        yield from out_of_bounds(parameters, bounds, place)


def out_of_bounds(parameters: Mapping[str, Any], bounds: Mapping[str, Any], place: str) -> Iterator[str]:
    """Numbers outside what the programme lets its regions choose."""
    for name, (low, high) in bounds.items():
        if name in parameters and not float(low) <= float(parameters[name]) <= float(high):
            yield f"{place}.parameters.{name}: {parameters[name]} is not within {low} and {high}"


def _parameters(parameters: Mapping[str, Any], place: str) -> Iterator[str]:
    names = set(Parameters.parameter_names())
    yield from (f"{place}.{name}: no such parameter" for name in sorted(set(parameters) - names))
    known = {name: value for name, value in parameters.items() if name in names}
    yield from _model(Override, known, place, without=set(_columns(Override)) - set(known))
    tiers = known.get("subsidy_tiers")
    if tiers is not None and not _tiers_fit(tiers):
        yield f"{place}.subsidy_tiers: start at 0, rise, and pay a share between 0 and 1"
    if known.get("order_number"):
        yield from _pattern(known["order_number"], place)


def _tiers_fit(tiers: Any) -> bool:
    try:
        read = Policy.from_json({"subsidy_tiers": tiers}).subsidy_tiers
    except (ArithmeticError, TypeError, ValueError):
        return False
    return bool(read) and tiers_in_order(read or ())


def _pattern(pattern: str, place: str) -> Iterator[str]:
    try:
        numbers.formatted(pattern, day=today(), seq=1)
    except ValueError as error:
        yield f"{place}.order_number: {error}"


def _model(model: type[models.Model], data: Mapping[str, Any], place: str, *, without: set[str]) -> Iterator[str]:
    """What the model's own fields say about the values."""
    columns = _columns(model)
    unknown = set(data) - set(columns)
    yield from (f"{place}.{name}: unknown" for name in sorted(unknown))
    try:
        model(**{k: v for k, v in data.items() if k in columns}).clean_fields(exclude={"id", *without})
    except ValidationError as error:
        yield from (f"{place}.{name}: {' '.join(words)}" for name, words in error.message_dict.items())


def _columns(model: type[models.Model]) -> list[str]:
    return [f.name for f in model._meta.concrete_fields]


def _region(code: Any, place: str) -> Iterator[str]:
    if not Region.objects.filter(code=code).exists():
        yield f"{place}: there is no region {code!r}"


def _keys(data: Mapping[str, Any], known: set[str], place: str, *, wanted: set[str]) -> Iterator[str]:
    yield from (f"{place}: {name!r} is unknown" for name in sorted(set(data) - known))
    yield from (f"{place}: {name!r} is missing" for name in sorted(wanted - set(data)))


def _each(data: Mapping[str, Any], key: str, place: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, row in enumerate(data.get(key, [])):
        yield f"{place}.{key}[{index}]".lstrip("."), row


def same_rules(there: Parameters, parameters: Mapping[str, Any]) -> bool:
    """Whether a stored row says what the file says."""
    fresh = Override(**parameters)
    fresh.clean_fields(exclude=set(_columns(Override)) - set(parameters))
    return all(getattr(there, name) == getattr(fresh, name) for name in Parameters.parameter_names())


def natural_key(preset: Preset) -> dict[str, Any]:
    """By what the programme of the file is found again."""
    programme = preset["programme"]
    return {name: programme[name] for name in ("family", "year", "kind")}

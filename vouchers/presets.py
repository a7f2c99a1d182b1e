"""Files of schemes: read, checked as a whole, and what is wrong said with its place in the file."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from innovation_voucher.casework.models import Chain, ChainStep, Region

from .models import ClassRow, EvidenceRow, FieldRow, Override, Programme, ProgrammeVersion, TermRow
from .models.parameters import ClaimMode, Parameters
from .parameter_checks import problems_of
from .rule_gaps import REVENUE

#: Key in the file -> kind of row of a version.
ROWS: dict[str, type[models.Model]] = {
    "classes": ClassRow,
    "fields": FieldRow,
    "terms": TermRow,
    "evidence": EvidenceRow,
}
#: By what a row is found again in its version; all others by stage and key.
_NAMES: dict[type[models.Model], tuple[str, ...]] = {ClassRow: ("key",), TermRow: ("act",)}

_PROGRAMME = {"family", "year", "kind", "name", "summary", "region", "participating", "opens_on", "closes_on"}
_PROGRAMME_ALL = _PROGRAMME | {"shared_cap", "open"}
_VERSION = {"number", "effective_from", "parameters", "assumed", "overridable", "bounds", *ROWS}
_OVERRIDE = {"region", "class_key", "number", "effective_from", "parameters"}
_WORDS = {
    "list": "is no list of texts",
    "tiers": "start at 0, rise, and pay a share between 0 and 1",
    "month_day": "is no month-day such as 03-15",
    "pattern": "is no pattern of a number",
}
_CHAINS = ("claim_chain", "use_chain", "redemption_chain")

Preset = Mapping[str, Any]


class PresetBroken(Exception):  # noqa: N818  says what happened
    """The file cannot be loaded; `problems` has one line per place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def check(preset: Preset) -> None:
    """Raise PresetBroken with every problem of the file; nothing is written."""
    problems = list(_shapes(preset)) or list(_problems(preset))
    if problems:
        raise PresetBroken(problems)


def _shapes(preset: Any) -> Iterator[str]:
    """Where something else stands than the object or the list of objects that is read there."""
    if not isinstance(preset, Mapping):
        yield "file: is no object"
        return
    yield from _objects(preset, "programme", place="file")
    yield from _lists(preset, "chains", "versions", "overrides", place="file")
    for key, inner in {"chains": ("steps",), "versions": tuple(ROWS), "overrides": ()}.items():
        rows = preset.get(key, [])
        for place, row in _each(preset, key) if isinstance(rows, list) else ():
            if isinstance(row, Mapping):
                yield from _lists(row, *inner, place=place)
                yield from _objects(row, "parameters", "bounds", place=place)


def _objects(data: Mapping[str, Any], *keys: str, place: str) -> Iterator[str]:
    yield from (f"{place}: {key!r} is no object" for key in keys if not isinstance(data.get(key, {}), Mapping))


def _lists(data: Mapping[str, Any], *keys: str, place: str) -> Iterator[str]:
    for key in keys:
        rows = data.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            yield f"{place}: {key!r} is no list of objects"


def _problems(preset: Preset) -> Iterator[str]:
    yield from _keys(preset, {"programme", "chains", "versions", "overrides"}, "file", wanted={"programme", "versions"})
    programme = preset.get("programme", {})
    yield from _keys(programme, _PROGRAMME_ALL, "programme", wanted=_PROGRAMME - {"summary", "participating"})
    for code in [programme.get("region"), *programme.get("participating", [])]:
        yield from _region(code, "programme")
    yield from _columns_fit(Programme, programme, _PROGRAMME_ALL - {"region", "participating", "open"}, "programme")
    chains = {chain.get("key") for chain in preset.get("chains", [])}
    for place, chain in _each(preset, "chains"):
        yield from _keys(chain, {"key", "name", "steps"}, place, wanted={"key", "name", "steps"})
        yield from _columns_fit(Chain, chain, {"key", "name"}, place)
        for step_place, step in _each(chain, "steps", place):
            yield from _model(ChainStep, step, step_place, without={"chain", "position"})
    for place, version in _each(preset, "versions"):
        yield from _version(version, place, chains)
    yield from _overrides(preset)
    for key, names in {"chains": ("key",), "versions": ("number",)}.items():
        yield from _twice(preset, key, names, "file")


def _version(version: Mapping[str, Any], place: str, chains: set[str]) -> Iterator[str]:
    yield from _keys(version, _VERSION, place, wanted={"number", "effective_from", "parameters"})
    yield from _columns_fit(ProgrammeVersion, version, {"number", "effective_from"}, place)
    parameters = version.get("parameters", {})
    yield from _parameters(parameters, f"{place}.parameters")
    for name in _CHAINS:
        if parameters.get(name) and parameters[name] not in chains:
            yield f"{place}.parameters.{name}: the file has no chain {parameters[name]!r}"
    if parameters.get("revenue_max") and not _asks_revenue(version):
        yield f"{place}.parameters.revenue_max: the claim's fields have no required yuan field 'revenue' for everyone"
    if parameters.get("claim_mode") == ClaimMode.REVIEWED and not parameters.get("claim_chain"):
        yield f"{place}.parameters.claim_chain: is needed where claims are reviewed"
    for key in ("assumed", "overridable", "bounds"):
        unknown = set(version.get(key, ())) - set(Parameters.parameter_names()) - _row_names(version)
        yield from (f"{place}.{key}: no parameter {name!r}" for name in sorted(unknown))
    for key, model in ROWS.items():
        for row_place, row in _each(version, key, place):
            yield from _model(model, row, row_place, without={"version", "position"})
        yield from _twice(version, key, _NAMES.get(model, ("stage", "key")), place)
    for name, bound in version.get("bounds", {}).items():
        if not _is_span(bound):
            yield f"{place}.bounds.{name}: is no pair of numbers"


def _asks_revenue(version: Mapping[str, Any]) -> bool:
    """Whether the claim's form asks for what the limit reads, as publishing will ask."""
    wanted = {"stage": "claim", "key": REVENUE, "type": "yuan"}
    return any(
        wanted.items() <= row.items() and row.get("required", True) and not row.get("classes")
        for row in version.get("fields", ())
    )


def _row_names(version: Mapping[str, Any]) -> set[str]:
    """Rows are called by kind and key where a list names them: terms.order_answer, evidence.contract."""
    return {f"{kind}.{row.get('key', row.get('act'))}" for kind in ROWS for row in version.get(kind, ())}


def _overrides(preset: Preset) -> Iterator[str]:
    allowed = {name for version in preset.get("versions", []) for name in version.get("overridable", ())}
    bounds = {k: v for version in preset.get("versions", []) for k, v in version.get("bounds", {}).items()}
    yield from _twice(preset, "overrides", ("region", "class_key", "number"), "file")
    for place, override in _each(preset, "overrides"):
        yield from _keys(override, _OVERRIDE, place, wanted={"effective_from", "parameters"})
        yield from _columns_fit(Override, override, {"class_key", "number", "effective_from"}, place)
        if not override.get("region") and not override.get("class_key"):
            yield f"{place}: names neither a region nor a class"
        if override.get("region"):
            yield from _region(override["region"], place)
        parameters = override.get("parameters", {})
        yield from _parameters(parameters, f"{place}.parameters")
        if _of_county(override):
            yield from (f"{place}.parameters.{n}: not overridable" for n in sorted(set(parameters) - allowed))
            yield from out_of_bounds(parameters, bounds, place)


def _of_county(override: Mapping[str, Any]) -> bool:
    """Whether a county speaks, within what the programme lets it; classes and cities are the programme's own rules."""
    return Region.objects.filter(code=override.get("region"), level=Region.Level.COUNTY).exists()


def out_of_bounds(parameters: Mapping[str, Any], bounds: Mapping[str, Any], place: str) -> Iterator[str]:
    """Numbers outside what the programme lets its regions choose."""
    for name, bound in bounds.items():
        given = _number(parameters.get(name))
        if given is None or not _is_span(bound):
            continue
        low, high = bound
        if not float(low) <= given <= float(high):
            yield f"{place}.parameters.{name}: {parameters[name]} is not within {low} and {high}"


def _is_span(bound: Any) -> bool:
    return isinstance(bound, list) and [_number(end) is not None for end in bound] == [True, True]


def _number(value: Any) -> float | None:
    """The value as a number; None for what is none: that the column is told to say."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _parameters(parameters: Mapping[str, Any], place: str) -> Iterator[str]:
    names = set(Parameters.parameter_names())
    yield from (f"{place}.{name}: no such parameter" for name in sorted(set(parameters) - names))
    known = {name: value for name, value in parameters.items() if name in names}
    yield from _model(Override, known, place, without=set(_columns(Override)) - set(known))
    yield from (f"{place}.{name}: {_WORDS[key]}" for name, key in problems_of(known))


def _model(model: type[models.Model], data: Mapping[str, Any], place: str, *, without: set[str]) -> Iterator[str]:
    """What the model's own fields say about the values."""
    columns = _columns(model)
    unknown = set(data) - set(columns)
    yield from (f"{place}.{name}: unknown" for name in sorted(unknown))
    try:
        model(**{k: v for k, v in data.items() if k in columns}).clean_fields(exclude={"id", *without})
    except ValidationError as error:
        yield from (f"{place}.{name}: {' '.join(words)}" for name, words in error.message_dict.items())


def _columns_fit(model: type[models.Model], data: Mapping[str, Any], names: set[str], place: str) -> Iterator[str]:
    """What the columns say about those of the values that the file gives."""
    given = {name: data[name] for name in names if name in data}
    yield from _model(model, given, place, without=set(_columns(model)) - set(given))


def _twice(data: Mapping[str, Any], key: str, names: tuple[str, ...], place: str) -> Iterator[str]:
    """Rows that would meet in one unique place of the table."""
    seen = [tuple(str(row.get(name, "")) for name in names) for row in data.get(key, [])]
    twice = sorted({row for row in seen if seen.count(row) > 1})
    yield from (f"{place}.{key}: {'/'.join(row)} stands there twice" for row in twice)


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

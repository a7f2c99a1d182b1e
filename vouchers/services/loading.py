"""Bringing a scheme's file into the database: once or ten times, with the same result."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from innovation_voucher.casework.models import Chain, ChainStep, Region

from ..models import Override, Programme, ProgrammeVersion
from ..models.parameters import Parameters
from ..presets import ROWS, Preset, PresetBroken, check, natural_key, same_rules
from ..resolve import rows_of
from .publishing import open_programme, publish


@transaction.atomic
def load_programme(preset: Preset) -> list[str]:
    """Create or complete the programme of a file, publish its rules; answers what was done.

    Raises PresetBroken, also when a published version differs from the file: rules change by a new
    version, never in place.
    """
    check(preset)
    done = [line for chain in preset.get("chains", []) for line in _chain(chain)]
    programme, made = _programme(preset)
    done += [f"programme {programme.name}"] if made else []
    for version in preset["versions"]:
        done += _version(programme, version)
    for override in preset.get("overrides", []):
        done += _override(programme, override)
    if preset["programme"].get("open") and programme.status == Programme.State.DRAFT:
        open_programme(programme, by=None)
        done.append("opened")
    return done


def _chain(data: Mapping[str, Any]) -> list[str]:
    """A chain that cases have walked keeps its steps; staff change it in the admin."""
    chain, made = Chain.objects.get_or_create(key=data["key"], defaults={"name": data["name"]})
    if not made:
        return []
    ChainStep.objects.bulk_create(
        ChainStep(chain=chain, position=position, **step) for position, step in enumerate(data["steps"], 1)
    )
    return [f"chain {chain.key}"]


def _programme(preset: Preset) -> tuple[Programme, bool]:
    data = preset["programme"]
    plain = {k: v for k, v in data.items() if k not in ("region", "participating", "open")}
    region = Region.objects.get(code=data["region"])
    row, made = Programme.objects.get_or_create(**natural_key(preset), defaults={**plain, "region": region})
    row.refresh_from_db()
    if made:
        row.participating.set(Region.objects.filter(code__in=data.get("participating", [])))
    return row, made


def _version(programme: Programme, data: Mapping[str, Any]) -> list[str]:
    place = f"version {data['number']}"
    there = programme.versions.filter(number=data["number"]).first()
    if there is not None:
        _same_or_broken(there, data, place)
        _rows_same_or_broken(there, data, place)
        return []
    extra = {key: data[key] for key in ("assumed", "overridable", "bounds") if key in data}
    version = _saved(ProgrammeVersion, programme, data, extra)
    for key, model in ROWS.items():
        model._default_manager.bulk_create(
            model(version=version, position=position, **row) for position, row in enumerate(data.get(key, []))
        )
    publish(version, by=None)
    return [place]


def _override(programme: Programme, data: Mapping[str, Any]) -> list[str]:
    region = Region.objects.get(code=data["region"]) if data.get("region") else None
    scope = {"region": region, "class_key": data.get("class_key", "")}
    number = data.get("number", 1)
    place = f"override {data.get('region', '')}{scope['class_key']} {number}"
    there = programme.overrides.filter(**scope, number=number).first()
    if there is not None:
        _same_or_broken(there, data, place)
        return []
    publish(_saved(Override, programme, {**data, "number": number}, scope), by=None)
    return [place]


def _saved(model: type[Any], programme: Programme, data: Mapping[str, Any], extra: Mapping[str, Any]) -> Any:
    row = model(
        programme=programme,
        number=data["number"],
        effective_from=data["effective_from"],
        **extra,
        **data["parameters"],
    )
    row.clean_fields(exclude={"programme", "region", "overridable", "assumed", "bounds"})
    row.save()
    return row


def _same_or_broken(there: Parameters, data: Mapping[str, Any], place: str) -> None:
    if not same_rules(there, data["parameters"]):
        raise PresetBroken([f"{place}: published with other values; add a version with a higher number"])


def _rows_same_or_broken(there: ProgrammeVersion, data: Mapping[str, Any], place: str) -> None:
    for key, stored in rows_of(there).items():
        wanted = data.get(key, [])
        pairs = zip(stored, wanted, strict=False)
        if len(stored) != len(wanted) or any({**row, **asked} != row for row, asked in pairs):
            raise PresetBroken([f"{place}.{key}: published with other rows; add a version with a higher number"])

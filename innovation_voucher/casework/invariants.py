"""Statements that must hold for all rows at any time, checked by `manage.py check_invariants`."""

from collections.abc import Callable, Iterable

from django.db.models import F, Value
from django.db.models.functions import Concat

from . import guards
from .models import Region

Check = Callable[[], Iterable[str]]

_registry: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Make a check known, in `AppConfig.ready()`; it yields one line per broken row."""
    if name in _registry:
        raise ValueError(f"an invariant is registered twice: {name}")
    _registry[name] = check


def names() -> list[str]:
    """All checks in the order of registration."""
    return list(_registry)


def broken() -> dict[str, list[str]]:
    """The lines of every check that found any."""
    found = {name: list(check()) for name, check in _registry.items()}
    return {name: lines for name, lines in found.items() if lines}


def lost_guards() -> Iterable[str]:
    """Every trigger of the migrations stands in the database."""
    return (f"trigger {name} is missing" for name in guards.lost())


def region_paths() -> Iterable[str]:
    """A region's path is its parent's path and its own code."""
    below = Region.objects.filter(parent__isnull=False)
    wrong = below.exclude(path=Concat("parent__path", F("code"), Value("/"))) | Region.objects.filter(
        parent__isnull=True
    ).exclude(path=Concat(F("code"), Value("/")))
    return (f"region {region.code}: path {region.path}" for region in wrong)

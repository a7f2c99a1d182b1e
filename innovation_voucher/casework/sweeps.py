"""Sweeps: what time does. A registry that Celery beat, `manage.py clock` and `manage.py sweep` run.

A sweep finds ids with a query and calls one idempotent verb per id, each in its own transaction,
which re-checks under its lock. So a sweep that runs twice, late, or after a crash does no harm.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import calendar
from .locks import only_one

logger = logging.getLogger(__name__)

#: Takes the moment it acts for and whether only to say what it would do; returns a line per act.
Run = Callable[[datetime, bool], list[str]]


@dataclass(frozen=True)
class Sweep:
    """A named act of the clock, due every so many seconds; lower `position` runs first."""

    name: str
    every_seconds: int
    run: Run
    position: int = 50


_registry: dict[str, Sweep] = {}


def register(sweep: Sweep) -> None:
    """Make a sweep known, in `AppConfig.ready()`; a name that is taken raises ValueError."""
    if sweep.name in _registry:
        raise ValueError(f"a sweep is registered twice: {sweep.name}")
    _registry[sweep.name] = sweep


def all() -> list[Sweep]:  # noqa: A001  reads as sweeps.all()
    """Every sweep in the order in which they run."""
    return sorted(_registry.values(), key=lambda sweep: (sweep.position, sweep.name))


def run(name: str, *, at: datetime | None = None, dry_run: bool = False) -> list[str]:
    """Run one sweep for a moment (now when None) and say what it did, or would do.

    Inside, the business date is that of the moment. Does nothing while the same sweep runs
    elsewhere. Raises KeyError for an unknown name.
    """
    sweep = _registry[name]
    with only_one(f"sweep {name}") as got:
        if not got:
            return []
        if at is None:
            return sweep.run(calendar.now(), dry_run)
        with calendar.acting_at(at):
            return sweep.run(at, dry_run)


def each(ids: Iterable[int], act: Callable[[int], str | None]) -> list[str]:
    """Call one verb per id and collect its lines; one that breaks is logged and stops no other."""
    lines = []
    for pk in ids:
        try:
            line = act(pk)
        except Exception:
            # One broken row must not keep all others waiting; the next run tries it again.
            logger.exception("sweep: id %s", pk)
            line = f"{pk}: error, see the log"
        if line:
            lines.append(line)
    return lines


class Clock:
    """Runs every sweep when it is due; what was missed while nobody ran it is done at once."""

    def __init__(self) -> None:
        self._next: dict[str, datetime] = {}

    def tick(self, now: datetime) -> list[str]:
        """Run what is due at this moment; returns the names of what ran."""
        due = [sweep for sweep in all() if self._next.get(sweep.name, now) <= now]
        for sweep in due:
            self._next[sweep.name] = now + timedelta(seconds=sweep.every_seconds)
            self._run(sweep)
        return [sweep.name for sweep in due]

    def _run(self, sweep: Sweep) -> None:
        try:
            for line in run(sweep.name):
                logger.info("sweep %s: %s", sweep.name, line)
        except Exception:
            # The clock outlives a database that is away for a while.
            logger.exception("sweep %s", sweep.name)

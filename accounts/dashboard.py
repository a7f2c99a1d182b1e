"""The first page after sign-in: panels that the apps above register, in the order of their position."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Panel:
    """A part of the page: a template with its context; `aside` puts it into the right column."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    aside: bool = False


Maker = Callable[[HttpRequest], Panel | None]
_makers: dict[str, list[tuple[int, Maker]]] = {}


def register_panel(audience: str, position: int, maker: Maker) -> None:
    """Add a panel for an audience ("enterprise", "carrier"), in `AppConfig.ready()`.

    `maker` gets the request and answers None when it has nothing to show. Lower positions first.
    """
    rows = _makers.setdefault(audience, [])
    rows.append((position, maker))
    rows.sort(key=lambda row: row[0])


def panels_for(audience: str, request: HttpRequest) -> list[Panel]:
    """The panels that have something to show to this reader."""
    made = (maker(request) for _position, maker in _makers.get(audience, []))
    return [panel for panel in made if panel is not None]

"""What upper floors add to the pages of a service, an instrument or a carrier: estimates, reviews, a cart."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from accounts.dashboard import Panel

#: Given the request and the object of the page; None when there is nothing to show.
Maker = Callable[[HttpRequest, Any], Panel | None]
_makers: dict[str, list[tuple[int, Maker]]] = {}


def register_section(page: str, position: int, maker: Maker) -> None:
    """Add a part to "service", "instrument" or "carrier", in `AppConfig.ready()`; lower positions first.

    A panel with `aside` stands in the right column.
    """
    rows = _makers.setdefault(page, [])
    rows.append((position, maker))
    rows.sort(key=lambda row: row[0])


def sections_of(page: str, request: HttpRequest, obj: Any) -> list[Panel]:
    """The parts of one page that have something to show."""
    made = (maker(request, obj) for _position, maker in _makers.get(page, []))
    return [panel for panel in made if panel is not None]

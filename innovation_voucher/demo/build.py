"""The people of the demo world, each as far as its story says."""

from vouchers.models import Programme

from .carriers import open_carrier
from .casts import CARRIERS, FIRMS, OFFICES
from .firms import STORIES
from .offices import open_office
from .world import World


def populate(programme: Programme) -> World:
    """Offices, firms and carriers, each as far as its story says."""
    world = World(programme)
    for office in OFFICES:
        open_office(world, office)
    for row in CARRIERS:
        open_carrier(world, row)
    for firm in FIRMS:
        STORIES[firm.story](world, firm)
    return world

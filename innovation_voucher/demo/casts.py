"""Everybody of the demo world, scheme after scheme."""

from . import js_cast, people, shops

OFFICES = (*people.OFFICES, *js_cast.OFFICES)
FIRMS = (*people.FIRMS, *js_cast.FIRMS)
CARRIERS = (*shops.CARRIERS, *js_cast.CARRIERS)

"""Everybody of the demo world, scheme after scheme."""

from . import csj_cast, js_cast, people, shops

OFFICES = (*people.OFFICES, *js_cast.OFFICES, *csj_cast.OFFICES)
FIRMS = (*people.FIRMS, *js_cast.FIRMS, *csj_cast.FIRMS)
CARRIERS = (*shops.CARRIERS, *js_cast.CARRIERS, *csj_cast.CARRIERS)

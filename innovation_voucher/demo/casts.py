"""Everybody of the demo world, scheme after scheme."""

from . import csj_cast, js_cast, people, shops, shown_cast, tj_cast

OFFICES = (*people.OFFICES, *js_cast.OFFICES, *csj_cast.OFFICES, *tj_cast.OFFICES)
FIRMS = (*people.FIRMS, *shown_cast.FIRMS, *js_cast.FIRMS, *csj_cast.FIRMS, *tj_cast.FIRMS)
CARRIERS = (*shops.CARRIERS, *js_cast.CARRIERS, *csj_cast.CARRIERS, *tj_cast.CARRIERS)
#: In the order in which their registers are opened.
EXPERTS = (*csj_cast.EXPERTS, *shown_cast.EXPERTS, *tj_cast.EXPERTS)

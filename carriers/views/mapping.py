"""The innovation map: the list at the left, the data of the map, and the card of one institution."""

from dataclasses import asdict
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from innovation_voucher.casework.models import Region
from innovation_voucher.lib.forms import render_form

from .. import catalogue, mapping
from ..catalogue import KINDS, Ask
from ..counting import CountedPaginator
from ..facets import Facets, facets_of
from ..filters import cleared, kept
from ..forms import BoxForm, MapForm
from ..models import Carrier, Instrument, Service
from .public import region_of

#: Answers of the map are so old at most.
KEEP_SECONDS = 120
#: The JavaScript of the page asks for the card alone with this header.
PART = "X-Card"
#: How many services a card names in the popup, and above the list.
IN_POPUP, ON_PAGE = ":2", ":12"
BOXES = ("q", "kind", "cat", "region", "mine")


@require_GET
def innovation_map(request: HttpRequest) -> HttpResponse:
    """创新地图."""
    return _page(request, None)


@require_GET
def card(request: HttpRequest, number: str) -> HttpResponse:
    """The card of one institution: alone for the map's popup, otherwise above the list."""
    carrier = _carrier(number)
    if request.headers.get(PART):
        response = render(request, "carriers/_map_card.html", {**_shown(request, carrier), "most": IN_POPUP})
    else:
        response = _page(request, carrier)
    response["Vary"] = ", ".join(filter(None, (response.get("Vary"), PART)))
    return response


@require_GET
def data(request: HttpRequest) -> JsonResponse:
    """Counts per county for the shapes, and the points of the list's own answer."""
    box = BoxForm(request.GET)
    if not box.is_valid():
        return JsonResponse({"errors": box.errors}, status=422)
    key = _key(request, region_of(request) if request.GET.get("mine") else None)
    answer = cache.get(key)
    if answer is None:
        answer = _Question(request, MapForm(request.GET)).answer(box.cleaned_data["box"])
        cache.set(key, answer, KEEP_SECONDS)
    return JsonResponse(answer)


def _key(request: HttpRequest, region: Region | None) -> str:
    """The same question by readers of the same region has one answer."""
    asked = [(name, sorted(request.GET.getlist(name))) for name in (*BOXES, "box")]
    words = urlencode([*asked, ("reader", region.code if region else "")], doseq=True)
    return f"carriers.map.{sha256(words.encode()).hexdigest()}"


class _Question:
    """What the address asks, and the carriers that answer it with and without the region."""

    def __init__(self, request: HttpRequest, form: MapForm) -> None:
        form.is_valid()
        given = form.cleaned_data
        self.kind = given.get("kind", "") if given.get("kind") in KINDS else ""
        self.facets: Facets = facets_of(Service)
        self.places = mapping.places(request.GET.getlist("region"))
        self.reader = region_of(request)
        asked: dict[str, Any] = {
            "words": given.get("q", ""),
            "categories": self.facets.chosen_categories(request.GET.getlist("cat")),
            "region": self.reader if given.get("mine") else None,
        }
        self.everywhere = mapping.found(self.kind, Ask(**asked), self.facets)
        self.ask = Ask(**asked, places=self.places)
        self.rows = mapping.found(self.kind, self.ask, self.facets)

    @property
    def codes(self) -> list[str]:
        """Of the regions that were chosen."""
        return [place.code for place in self.places]

    def hits(self, carriers: list[Any]) -> list[catalogue.Hit]:
        """The rows of a page; each carrier has in `fits` what of its offers met the words."""
        fits = mapping.matching(carriers, self.ask, self.facets)
        for carrier in carriers:
            carrier.fits = fits.get(carrier.pk, [])
        return [catalogue.hit(carrier, self.reader) for carrier in carriers]

    def answer(self, box: mapping.Box | None) -> dict[str, Any]:
        """What the map draws."""
        return {
            "counts": {row["code"]: row["count"] for row in mapping.areas(self.everywhere)},
            "points": [asdict(point) for point in mapping.points(self.rows, box=box)],
        }


def _page(request: HttpRequest, carrier: Carrier | None) -> HttpResponse:
    form = MapForm(request.GET)
    question = _Question(request, form)
    areas = mapping.areas(question.everywhere)
    total = question.rows.count() if question.places else sum(row["count"] for row in areas)
    page = CountedPaginator(mapping.listed(question.rows), total).get_page(request.GET.get("page"))
    context = {
        "question": question,
        "kinds": KINDS.values(),
        "page": page,
        "hits": question.hits(list(page)),
        "areas": areas,
        "here": "、".join(place.full_name for place in question.places),
        "narrowed": any(request.GET.get(name) for name in BOXES),
        "clear_url": cleared(request.GET),
        "kept": kept(request.GET, *BOXES),
        "query": request.GET.urlencode(),
        "tiles": {"url": settings.MAP_TILE_URL, "credit": settings.MAP_CREDIT, "approval": settings.MAP_APPROVAL},
        "crumbs": [(_("首页"), reverse("home")), (_("创新地图"), "")],
        **(_shown(request, carrier) if carrier else {}),
    }
    return render_form(request, "carriers/map.html", context, form=form)


def _carrier(number: str) -> Carrier:
    """A carrier of the catalogue with what it lists."""
    rows = (
        Carrier.objects.shown()
        .select_related("region")
        .prefetch_related(
            *(
                Prefetch(name, model.objects.filter(listed=True).select_related("category").order_by("-rank", "number"))
                for name, model in (("services", Service), ("instruments", Instrument))
            )
        )
    )
    found: Carrier = get_object_or_404(rows, number=number)
    return found


def _shown(request: HttpRequest, carrier: Carrier) -> dict[str, Any]:
    """What the card shows: each service with whether the reader's region pays for it by voucher."""
    reader: Region | None = region_of(request)
    offers = []
    for service in carrier.services.all():
        # One object for all, with its region loaded.
        service.carrier = carrier
        offers.append(catalogue.hit(service, reader))
    return {"carrier": carrier, "offers": offers, "hit": catalogue.hit(carrier, reader), "most": ON_PAGE}

"""The public catalogue: three lists and the pages behind them."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from innovation_voucher.casework.models import Region
from innovation_voucher.casework.web import viewer_of
from innovation_voucher.lib.forms import render_form

from .. import catalogue, rules
from ..catalogue import KINDS, SORTS, Ask, Kind
from ..counting import CountedPaginator, counts_of
from ..facets import Facets, facets_of
from ..filters import chips_of, cleared, kept, sorts_of, tabs_of
from ..forms import CatalogueForm
from ..models import Carrier, Instrument, Service
from ..sections import sections_of

#: How many services and instruments a carrier's page names.
ON_PAGE = 12


@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """找服务: services."""
    return _listing(request, KINDS["services"])


@require_GET
def instruments(request: HttpRequest) -> HttpResponse:
    """找服务: instruments."""
    return _listing(request, KINDS["instruments"])


@require_GET
def carriers(request: HttpRequest) -> HttpResponse:
    """找服务: carriers."""
    return _listing(request, KINDS["carriers"])


def _listing(request: HttpRequest, kind: Kind) -> HttpResponse:
    facets = facets_of(kind.model)
    region = region_of(request)
    form = CatalogueForm(request.GET)
    ask = _ask(request, form, facets, region)
    rows = catalogue.filtered(kind, ask, facets)
    counts = dict(zip(KINDS, counts_of(*_of_all(kind, rows, ask, facets), most=catalogue.CAP), strict=True))
    paginator = CountedPaginator(catalogue.ordered(kind, rows, ask.sort), counts[kind.key], most=catalogue.CAP)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "facets": facets,
        "ask": ask,
        "region": region,
        "page": page,
        "hits": [catalogue.hit(item, region) for item in page],
        "tabs": tabs_of(request, counts, kind),
        "sorts": sorts_of(request, kind, ask.sort),
        "chips": chips_of(request.GET, ask),
        "clear_url": cleared(request.GET),
        "kept_by_search": kept(request.GET, "q"),
        "kept_by_filters": kept(request.GET, "cat", "region", "min", "max", "rate", "mine"),
        "ratings": catalogue.RATINGS,
        "crumbs": [(_("首页"), reverse("home")), (_("找服务"), "")],
    }
    return render_form(request, "carriers/catalogue.html", context, form=form)


def _of_all(kind: Kind, rows: QuerySet[Any], ask: Ask, facets: Facets) -> list[QuerySet[Any]]:
    """The question asked of every tab; the facets of one kind serve to read categories for all."""
    return [rows if other is kind else catalogue.filtered(other, ask, facets) for other in KINDS.values()]


def _ask(request: HttpRequest, form: CatalogueForm, facets: Facets, region: Region | None) -> Ask:
    """What was asked well; a price that is no number is reported beside its box and left out."""
    form.is_valid()
    given = form.cleaned_data
    return Ask(
        words=given.get("q", ""),
        categories=facets.chosen_categories(request.GET.getlist("cat")),
        places=facets.chosen_places(request.GET.getlist("region")),
        low=given.get("min"),
        high=given.get("max"),
        rate=given.get("rate", "") if given.get("rate") in catalogue.RATINGS else "",
        region=region if given.get("mine") else None,
        sort=given.get("sort", "") if given.get("sort") in SORTS else "",
    )


def region_of(request: HttpRequest) -> Region | None:
    """Where the reader's organization sits; None for the public, carriers and offices."""
    viewer = viewer_of(request)
    if viewer.audience != "enterprise" or viewer.organization is None:
        return None
    found: Region = viewer.organization.region
    return found


# --- One thing ------------------------------------------------------------------------------------


@require_GET
def service(request: HttpRequest, number: str) -> HttpResponse:
    """One service: what it is, what it costs, who offers it, and whether the reader may use a voucher."""
    return _offering(request, Service, number, "service")


@require_GET
def instrument(request: HttpRequest, number: str) -> HttpResponse:
    """One instrument."""
    return _offering(request, Instrument, number, "instrument")


def _offering(request: HttpRequest, model: Any, number: str, page: str) -> HttpResponse:
    rows = model.objects.select_related("carrier__region", "carrier__organization", "category__parent__parent")
    item = get_object_or_404(rows, number=number)
    if not may_open(request, item.carrier, public=item.listed and item.carrier.shown):
        raise Http404
    alike = model.objects.shown().filter(category=item.category).exclude(pk=item.pk)
    context = {
        "page": page,
        "item": item,
        "carrier": item.carrier,
        "hit": catalogue.hit(item, region_of(request)),
        "region": region_of(request),
        "alike": alike.select_related("carrier__region").order_by("-rank", "number")[:3],
        "sections": sections_of(page, request, item),
        "crumbs": _crumbs(item, page),
    }
    return render(request, f"carriers/{page}.html", context)


def may_open(request: HttpRequest, carrier: Carrier, *, public: bool) -> bool:
    """What is not in the catalogue is open to the carrier's own people, as a preview."""
    return public or (request.user.is_authenticated and rules.may_manage(request.user, carrier)[0])


def _crumbs(item: Any, page: str) -> list[tuple[str, str]]:
    list_url = reverse(f"{page}s")
    trail = [(node.name, f"{list_url}?cat={node.code}") for node in item.category.trail]
    return [(_("首页"), reverse("home")), (_("找服务"), list_url), *trail, (item.title, "")]


@require_GET
def carrier_page(request: HttpRequest, number: str) -> HttpResponse:
    """The shop of one carrier."""
    rows = Carrier.objects.select_related("region", "organization").prefetch_related(
        _listed("services", Service), _listed("instruments", Instrument)
    )
    carrier = get_object_or_404(rows, number=number)
    if not may_open(request, carrier, public=carrier.shown):
        raise Http404
    context = {
        "carrier": carrier,
        "hit": catalogue.hit(carrier, region_of(request)),
        "region": region_of(request),
        "on_page": f":{ON_PAGE}",
        "on_page_number": ON_PAGE,
        "sections": sections_of("carrier", request, carrier),
        "crumbs": [(_("首页"), reverse("home")), (_("服务机构"), reverse("carriers")), (carrier.name, "")],
    }
    return render(request, "carriers/carrier_page.html", context)


def _listed(name: str, model: Any) -> "Prefetch[Any, Any, Any]":
    rows = model.objects.filter(listed=True).select_related("category").order_by("-rank", "number")
    return Prefetch(name, rows, to_attr=f"listed_{name}")

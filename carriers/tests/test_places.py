"""Where a row stands: looked up together with the words, and following the tree of regions."""

from collections.abc import Iterable
from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import given, strategies as st

from carriers import places
from carriers.catalogue import KINDS, Ask, Kind, filtered
from carriers.facets import Facets, facets_of
from carriers.models import Carrier, Instrument, Service
from carriers.search import PlaceInSearchVector, Within, place_query
from innovation_voucher.casework import invariants, sweeps
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast

from .factories import make_carrier, make_instrument, make_recognition, make_service
from .test_search_model import Editor, State, by_lookup

pytestmark = [pytest.mark.django_db, pytest.mark.core_sqlite]

HERE, BESIDE, FAR = "330108", "330106", "320505"
#: What a reader chooses, and which of the three counties lie in it.
CHOICES = [
    (["330000/"], {HERE, BESIDE}),
    (["330000/330100/"], {HERE, BESIDE}),
    (["330000/330100/330108/"], {HERE}),
    (["330000/330100/330108/", "320000/"], {HERE, FAR}),
    (["110000/"], set()),
    ([], set()),
]


@pytest.fixture
def offers() -> dict[str, Service]:
    """A service in each county."""
    rows = {}
    for code in (HERE, BESIDE, FAR):
        region = cast.make_region(code)
        carrier = make_carrier(cast.make_organization("carrier", code))
        make_recognition(carrier, region)
        rows[code] = make_service(carrier, "盐雾试验")
        make_instrument(carrier)
    return rows


def within(paths: Iterable[str]) -> set[str]:
    return codes(Service.objects.filter(region_path__within=list(paths)).values_list("region_path", flat=True))


def codes(paths: Iterable[str]) -> set[str]:
    return {path.strip("/").rpartition("/")[2] for path in paths}


# --- The lookup -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paths", "found"), CHOICES)
def test_a_region_holds_what_lies_below_it(offers: dict[str, Service], paths: list[str], found: set[str]) -> None:
    assert within(paths) == found
    assert codes(by_lookup(Within, "region_path", paths, shown="region_path")) == found


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_tab_of_the_catalogue_is_narrowed_alike(offers: dict[str, Service], kind: Kind) -> None:
    ask = Ask(places=[cast.make_region("330100")])
    assert filtered(kind, ask, Facets((), ())).count() == 2


def test_words_and_a_place_are_asked_together(offers: dict[str, Service]) -> None:
    make_service(offers[HERE].carrier, "成分分析")
    rows = filtered(KINDS["services"], Ask(words="盐雾", places=[cast.make_region("330108")]), Facets((), ()))
    assert list(rows) == [offers[HERE]]


@pytest.mark.parametrize("typed", ["@330108", "330108", "@", "'@330108'"])
def test_no_word_of_a_reader_is_a_place(offers: dict[str, Service], typed: str) -> None:
    found = Service.objects.filter(search_text__words=typed)
    assert found.count() == (3 if typed == "@" else 0)


@given(st.text(st.characters(exclude_characters="/", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12))
def test_no_code_leaves_its_quotes(code: str) -> None:
    query = place_query([f"330000/{code}/"])
    assert query == "'@" + code.replace("\\", "\\\\").replace("'", "''") + "'"


# --- The column -------------------------------------------------------------------------------------


def test_a_new_row_stands_where_its_carrier_is(offers: dict[str, Service]) -> None:
    path = "330000/330100/330108/"
    carrier = offers[HERE].carrier
    assert {carrier.region_path, offers[HERE].region_path, carrier.instruments.get().region_path} == {path}


def test_the_places_of_the_tree_count_by_it(offers: dict[str, Service]) -> None:
    counted = {place.code: place.count for place in facets_of(Service).places}
    assert counted == {"330000": 2, "330100": 2, "320000": 1, "320500": 1}


def test_rows_follow_a_region_that_moved(offers: dict[str, Service]) -> None:
    moved = Region.objects.get(code=HERE)
    Region.objects.filter(pk=moved.pk).update(parent=cast.make_region("330200"), path="330000/330200/330108/")
    assert list(places.paths_follow()) == [f"carrier {offers[HERE].carrier.number}: path of another region"]
    assert sweeps.run("catalogue.places", dry_run=True) == ["follow the regions: 1 carrier"]
    assert within(["330000/330200/"]) == set()
    lines = [f"follow the regions: 1 {name}" for name in ("carrier", "service", "instrument")]
    assert sweeps.run("catalogue.places") == lines
    assert within(["330000/330200/"]) == {HERE}
    assert within(["330000/330100/"]) == {BESIDE}
    assert sweeps.run("catalogue.places") == []
    assert list(places.paths_follow()) == []


def test_a_row_elsewhere_than_its_carrier_is_named(offers: dict[str, Service]) -> None:
    Instrument.objects.filter(carrier=offers[FAR].carrier).update(region_path="330000/")
    (line,) = invariants.broken()["catalogue.places"]
    assert line.startswith("instrument YQ-")


def test_saving_again_leaves_the_place_to_the_sweep(offers: dict[str, Service]) -> None:
    Carrier.objects.filter(pk=offers[FAR].carrier.pk).update(region_path="330000/")
    carrier = Carrier.objects.get(pk=offers[FAR].carrier.pk)
    carrier.save()
    assert carrier.region_path == "330000/"


# --- The migration ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("vendor", "each"), [("postgresql", 3), ("sqlite", 0)])
def test_the_vector_is_made_anew_both_ways(vendor: str, each: int) -> None:
    operation, editor = PlaceInSearchVector("service"), Editor(vendor)
    operation.database_forwards("carriers", editor, None, State)  # type: ignore[arg-type]
    forwards = list(editor.said)
    operation.database_backwards("carriers", editor, None, State)  # type: ignore[arg-type]
    assert (len(forwards), len(editor.said)) == (each, 2 * each)
    assert any("region_path" in sql for sql in forwards) == bool(each)
    assert not any("region_path" in sql for sql in editor.said[each:])


def test_old_rows_get_their_place_by_the_migration(offers: dict[str, Service]) -> None:
    for model in (Carrier, Service, Instrument):
        model.objects.update(region_path="")
    import_module("carriers.migrations.0007_region_path").fill(apps, None)
    assert within(["330000/330100/"]) == {HERE, BESIDE}
    assert list(places.paths_follow()) == []

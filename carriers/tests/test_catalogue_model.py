"""The catalogue against a plain Python model: any question finds what a list comprehension finds."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from carriers import catalogue
from carriers.catalogue import KINDS, Ask
from carriers.counting import counts_of
from carriers.facets import Facets, facets_of
from carriers.models import Carrier, Service
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast

from .factories import category, make_carrier, make_instrument, make_recognition, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.core_sqlite]

LEAVES = ("010101", "010201", "030101", "050102")
PLACES = ("330108", "330106", "320505")
#: Price in yuan, rating in hundredths, finished orders; the rank follows from the place in the row.
FIGURES = [(None, 0, 0), (100, 400, 3), (100, 450, 3), (1000, 449, 0), (5000, 500, 12)]
WORDS = ("成分分析", "盐雾试验", "成分检测", "XPS 能谱")

quick = settings(
    max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def shelf(db: Any) -> list[Service]:
    """Forty services of four carriers: two recognized, one suspended, one nowhere."""
    carriers = [make_carrier(cast.make_organization("carrier", place)) for place in (*PLACES, "330108")]
    for carrier, state in zip(carriers, ("recognized", "recognized", "suspended"), strict=False):
        make_recognition(carrier, cast.make_region("330108"), state)
    make_recognition(carriers[2], cast.make_region("320505"))
    return list(_fill(carriers))


def _fill(carriers: list[Carrier]) -> Iterator[Service]:
    for number in range(40):
        price, rating, finished = FIGURES[number % len(FIGURES)]
        yield make_service(
            carriers[number % 4],
            f"{WORDS[number % 4]}{number}",
            description="",
            category=category(LEAVES[(number // 4) % 4]),
            price=price,
            rating=rating,
            finished_orders=finished,
            rank=400 + (number * 7) % 11,
            listed=number % 9 != 0,
            voucher_eligible=number % 7 != 0,
        )


prices = st.one_of(st.none(), st.sampled_from([Decimal(n) for n in (0, 100, 101, 999, 1000, 5000, 6000)]))
questions = st.fixed_dictionaries(
    {
        "words": st.sampled_from(["", "成分", "盐雾", "试验 盐雾", "xp", "量子"]),
        "cat": st.lists(st.sampled_from([*LEAVES, "01", "0101", "03"]), max_size=2),
        "place": st.lists(st.sampled_from(["330000", "330100", "320000", "320500"]), max_size=2),
        "low": prices,
        "high": prices,
        "rate": st.sampled_from(["", "4.0", "4.5"]),
        "mine": st.booleans(),
        "sort": st.sampled_from(["", "price", "rating", "finished"]),
    }
)


def ask_of(question: dict[str, Any], facets: Facets, region: Region) -> Ask:
    plain = {key: question[key] for key in ("words", "low", "high", "rate", "sort")}
    return Ask(
        **plain,
        categories=facets.chosen_categories(question["cat"]),
        places=facets.chosen_places(question["place"]),
        region=region if question["mine"] else None,
    )


# --- The model ----------------------------------------------------------------------------------


def fits(row: Service, question: dict[str, Any], region: Region) -> bool:
    carrier = row.carrier
    return (
        row.listed
        and carrier.shown
        and all(word.upper() in found_by(row) for word in question["words"].split())
        and (not question["cat"] or any(row.category.code.startswith(code) for code in question["cat"]))
        and (not question["place"] or any(code in carrier.region.ancestor_codes for code in question["place"]))
        and (question["low"] is None or (row.price is not None and row.price >= question["low"]))
        and (question["high"] is None or (row.price is not None and row.price <= question["high"]))
        and row.rating >= {"": 0, "4.0": 400, "4.5": 450}[question["rate"]]
        and (not question["mine"] or (row.voucher_eligible and recognizes(carrier, region)))
    )


def found_by(row: Service) -> str:
    return f"{row.title}\n{row.category.name}\n{row.carrier.name}"


def recognizes(carrier: Carrier, region: Region) -> bool:
    return any(row.status == "recognized" and row.region.covers(region) for row in carrier.recognitions.all())


def place_in(row: Service, sort: str) -> tuple[Any, ...]:
    return {
        "": (-row.rank,),
        "price": (row.price is None, row.price or 0),
        "rating": (-row.rating,),
        "finished": (-row.finished_orders,),
    }[sort] + (row.number,)


def fresh_rows() -> list[Service]:
    rows = Service.objects.select_related("carrier__region", "category")
    return list(rows.prefetch_related("carrier__recognitions__region"))


# --- The proof ----------------------------------------------------------------------------------


def test_any_question_finds_what_the_model_finds_in_its_order(shelf: list[Service]) -> None:
    kind, region, rows = KINDS["services"], cast.make_region("330108"), fresh_rows()
    facets = facets_of(kind.model)

    @quick
    @given(questions)
    def prove(question: dict[str, Any]) -> None:
        ask = ask_of(question, facets, region)
        asked = {**question, "place": [place.code for place in ask.places]}
        found = catalogue.ordered(kind, catalogue.filtered(kind, ask, facets), ask.sort)
        wanted = sorted((row for row in rows if fits(row, asked, region)), key=lambda row: place_in(row, ask.sort))
        assert [row.number for row in found] == [row.number for row in wanted]
        assert counts_of(catalogue.filtered(kind, ask, facets)) == [len(wanted)]

    prove()


def test_a_further_filter_never_adds_a_row(shelf: list[Service]) -> None:
    kind, region = KINDS["services"], cast.make_region("330108")
    facets = facets_of(kind.model)

    @quick
    @given(questions, st.sampled_from(["words", "categories", "places", "low", "high", "rate", "region"]))
    def prove(question: dict[str, Any], left_out: str) -> None:
        narrow = ask_of(question, facets, region)
        wide = replace(narrow, **{left_out: getattr(Ask(), left_out)})
        few = {row.pk for row in catalogue.filtered(kind, narrow, facets)}
        assert few <= {row.pk for row in catalogue.filtered(kind, wide, facets)}

    prove()


def test_the_counts_of_the_trees_are_the_sums_of_the_rows(shelf: list[Service]) -> None:
    kind, rows = KINDS["services"], [row for row in fresh_rows() if row.listed and row.carrier.shown]
    facets = facets_of(kind.model)
    for node in facets.categories:
        assert node.count == sum(row.category.code.startswith(node.code) for row in rows), node.code
    for place in facets.places:
        assert place.count == sum(row.carrier.region.path.startswith(place.path) for row in rows), place.code
    assert sum(place.count for place in facets.places if place.depth == 1) == len(rows)


def test_hits_answer_as_the_rule_does(shelf: list[Service]) -> None:
    from carriers import rules

    for region in (cast.make_region("330108"), cast.make_region("330106"), cast.make_region("320505")):
        for row in fresh_rows():
            assert catalogue.hit(row, region).answer == rules.bookable(row, region), (row.number, region.code)
            assert catalogue.hit(row.carrier, region).answer == rules.bookable(row.carrier, region)


def test_tabs_of_other_kinds_count_their_own_rows(shelf: list[Service]) -> None:
    make_instrument(shelf[1].carrier)
    kind = KINDS["services"]
    facets = facets_of(kind.model)
    rows = [catalogue.filtered(other, Ask(), facets) for other in KINDS.values()]
    assert counts_of(*rows) == [sum(row.listed and row.carrier.shown for row in fresh_rows()), 1, 3]
    assert counts_of(*rows, most=2) == [3, 1, 3]

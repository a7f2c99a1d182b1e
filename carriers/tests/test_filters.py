"""Links of the catalogue: each does its one thing to the address and leaves the rest."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client, RequestFactory
from hypothesis import given, strategies as st

from carriers import filters
from carriers.catalogue import KINDS, SORTS
from carriers.counting import CountedPaginator, counts_of, shown_count
from carriers.models import Service
from innovation_voucher.tests import cast

from .factories import make_carrier, make_recognition, make_service

NAMES = ("q", "cat", "region", "min", "max", "rate", "mine", "sort", "page")
pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.text("01成a&=?# %", min_size=1, max_size=4)), max_size=8)


def query_of(given_pairs: list[tuple[str, str]]) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, value in given_pairs:
        found.appendlist(name, value)
    return found


def read(link: str) -> list[tuple[str, str]]:
    assert link.startswith("?")
    return [(name, value) for name, values in QueryDict(link[1:]).lists() for value in values]


@given(pairs, st.sampled_from(NAMES))
def test_a_filter_taken_away_leaves_the_rest_on_the_first_page(chosen: list[tuple[str, str]], name: str) -> None:
    left = read(filters.without(query_of(chosen), name))
    assert sorted(left) == sorted(pair for pair in chosen if pair[0] not in {name, "page"})


@given(pairs)
def test_one_of_several_values_is_taken_away_alone(chosen: list[tuple[str, str]]) -> None:
    left = read(filters.without(query_of([*chosen, ("cat", "x"), ("cat", "y")]), "cat", "x"))
    assert ("cat", "y") in left
    assert ("cat", "x") not in left


@given(pairs)
def test_clearing_keeps_the_words_and_the_order(chosen: list[tuple[str, str]]) -> None:
    left = read(filters.cleared(query_of(chosen)))
    assert sorted(left) == sorted(pair for pair in chosen if pair[0] in {"q", "sort"})


@given(pairs)
def test_a_form_sends_along_what_it_has_no_box_for(chosen: list[tuple[str, str]]) -> None:
    sent = filters.kept(query_of(chosen), "q")
    assert sorted(sent) == sorted(pair for pair in chosen if pair[0] not in {"q", "page"})


@given(pairs)
def test_the_query_itself_is_never_changed(chosen: list[tuple[str, str]]) -> None:
    query = query_of(chosen)
    before = query.urlencode()
    filters.without(query, "cat")
    filters.cleared(query)
    assert query.urlencode() == before


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("current", SORTS)
def test_orders_mark_the_one_in_use_and_carriers_have_no_price(kind: Any, current: str) -> None:
    request = RequestFactory().get("/services/", {"q": "成分", "sort": "rating", "page": "3"})
    links = filters.sorts_of(request, kind, current)
    assert [link.current for link in links].count(True) == (kind.is_offering or current != "price")
    assert len(links) == (4 if kind.is_offering else 3)
    assert all("page" not in link.url and "q=" in link.url for link in links)


def test_tabs_lead_to_the_same_question_elsewhere() -> None:
    request = RequestFactory().get("/carriers/", {"cat": "01", "page": "2"})
    links = filters.tabs_of(request, {"services": 3, "instruments": 0, "carriers": 1001}, KINDS["carriers"])
    assert [link.url for link in links] == ["/services/?cat=01", "/instruments/?cat=01", "/carriers/?cat=01"]
    assert [link.count for link in links] == ["3", "0", "1,000+"]
    assert [link.current for link in links] == [False, False, True]
    bare = filters.tabs_of(RequestFactory().get("/services/"), dict.fromkeys(KINDS, 0), KINDS["services"])
    assert bare[1].url == "/instruments/"


@given(st.integers(0, 5000), st.integers(1, 2000))
def test_a_count_past_the_most_says_so(number: int, most: int) -> None:
    words = shown_count(number, most)
    assert words.endswith("+") is (number > most)
    assert int(words.rstrip("+").replace(",", "")) == min(number, most)


@given(st.integers(0, 3000), st.one_of(st.none(), st.integers(1, 1000)))
def test_no_page_lies_past_the_most(number: int, most: int | None) -> None:
    paginator = CountedPaginator(Service.objects.none(), number, most=most)
    shown = number if most is None else min(number, most)
    assert paginator.count == shown
    assert paginator.num_pages == max(1, -(-shown // 20))


@pytest.mark.django_db
def test_several_lists_are_counted_by_one_query(django_assert_num_queries: Any) -> None:
    carrier = make_carrier()
    for number in range(5):
        make_service(carrier, listed=number > 1)
    every, listed = Service.objects.all(), Service.objects.filter(listed=True)
    with django_assert_num_queries(1):
        assert counts_of(every, listed.order_by("title")) == [5, 3]
    with django_assert_num_queries(1):
        assert counts_of(every, listed, most=2) == [3, 3]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["0", "-1", "2", "999999999999999999999", "x", "1.5", ""])
def test_any_page_number_answers_a_page(client: Client, page: str) -> None:
    carrier = make_carrier()
    make_recognition(carrier, cast.make_region())
    for _ in range(21):
        make_service(carrier)
    hits = client.get("/services/", {"page": page}).context["hits"]
    assert len(hits) in {20, 1}


@pytest.mark.django_db
def test_each_chip_leads_to_more_or_as_many_results(client: Client) -> None:
    carrier = make_carrier()
    make_recognition(carrier, cast.make_region())
    make_service(carrier, price=100, rating=480)
    make_service(carrier, "盐雾试验", price=900)
    narrow = client.get("/services/", {"cat": "01", "region": "330000", "min": "50", "max": "500", "rate": "4.5"})
    chips = narrow.context["chips"]
    assert len(chips) == 5
    for chip in chips:
        wide = client.get(f"/services/{chip.url}")
        assert len(wide.context["chips"]) == 4
        assert len(wide.context["hits"]) >= len(narrow.context["hits"]) == 1

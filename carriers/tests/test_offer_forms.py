"""Limits of the forms in which a carrier says what it offers: the last that passes, the first that does not."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from carriers.forms import InstrumentForm, ProfileForm, ReasonForm, ServiceForm, StatementForm
from carriers.models import Carrier, Category, Instrument, Service
from innovation_voucher.tests.posting import client_of, post, text_of

from .factories import category, make_instrument, make_service

pytestmark = pytest.mark.django_db

NEW = "/carrier/items/services/new/"


@pytest.fixture
def as_owner(owner: User) -> Client:
    return client_of(owner)


def service(**changed: Any) -> ServiceForm:
    return ServiceForm({"title": "盐雾试验", "category": category("010201").pk, "unit": "次", **changed})


def instrument(**changed: Any) -> InstrumentForm:
    return InstrumentForm({"title": "电镜", "category": category("050102").pk, "unit": "小时", **changed})


@pytest.mark.parametrize(
    ("name", "longest"), [("title", 100), ("description", 4000), ("unit", 10), ("methods", 200), ("promise", 200)]
)
def test_texts_of_a_service_have_their_longest(name: str, longest: int) -> None:
    assert service(**{name: "字" * longest}).is_valid()
    form = service(**{name: "字" * (longest + 1)})
    assert list(form.errors) == [name]


@pytest.mark.parametrize(("name", "longest"), [("maker", 100), ("model", 100), ("location", 200)])
def test_texts_of_an_instrument_have_their_longest(name: str, longest: int) -> None:
    assert instrument(**{name: "字" * longest}).is_valid()
    assert list(instrument(**{name: "字" * (longest + 1)}).errors) == [name]


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("", None),
        ("0", Decimal(0)),
        ("0.01", Decimal("0.01")),
        ("1,200.50 元", Decimal("1200.50")),
        ("¥１８０００", Decimal(18000)),
        ("999999999999999.99", Decimal("999999999999999.99")),
    ],
)
def test_prices_are_read_as_people_write_them(typed: str, yuan: Decimal | None) -> None:
    form = service(price=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["price"] == yuan


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-1", "金额不能小于 0"),
        ("1.234", "金额最多两位小数"),
        ("1,5", "金额只写数字"),
        ("一千", "金额只写数字"),
        ("1e3", "金额只写数字"),
        ("NaN", "金额只写数字"),
        ("1000000000000000", "金额太大"),
    ],
)
def test_what_is_no_price_is_told_why(typed: str, words: str) -> None:
    form = service(price=typed)
    assert words in form.errors["price"][0]


@pytest.mark.parametrize("typed", ["0", "1", "32767"])
def test_working_days_are_a_small_number(typed: str) -> None:
    assert service(working_days=typed).is_valid()


@pytest.mark.parametrize("typed", ["-1", "32768", "1.5", "五天"])
def test_other_working_days_are_refused(typed: str) -> None:
    assert list(service(working_days=typed).errors) == ["working_days"]


def test_only_leaves_of_the_tree_can_be_chosen() -> None:
    for code in ("01", "0101"):
        form = service(category=category(code).pk)
        assert form.errors["category"] == ["类别已变动，重新选择"]
    labels = [label for value, label in service().fields["category"].choices if value]
    assert "检验检测 / " in labels[0]
    assert len(labels) == Category.objects.filter(children=None, parent__isnull=False).count()


def test_a_category_that_is_no_number_is_told_alike() -> None:
    assert service(category="x").errors["category"] == ["类别已变动，重新选择"]


@pytest.mark.parametrize(("form", "longest"), [(StatementForm, 1000), (ReasonForm, 500)])
def test_words_to_others_have_their_longest(form: Any, longest: int) -> None:
    name = next(iter(form.base_fields))
    assert form({name: "字" * longest}).is_valid()
    assert not form({name: "字" * (longest + 1)}).is_valid()
    assert not form({name: "  "}).is_valid()


def test_a_profile_needs_its_name_and_nothing_more() -> None:
    assert ProfileForm({"name": "望海计量中心"}).is_valid()
    assert ProfileForm({"name": " "}).errors["name"] == ["填写机构名称"]
    assert list(ProfileForm({"name": "望海", "contact_phone": "1" * 31}).errors) == ["contact_phone"]


# --- Through the pages ------------------------------------------------------------------------


def test_ticks_of_a_service_are_taken_and_taken_back(as_owner: Client, carrier: Carrier) -> None:
    data = {"title": "盐雾试验", "category": category("010201").pk, "unit": "次", "price": "900"}
    post(as_owner, NEW, **data, price_from="on", fixed_price="on", working_days="7")
    row = Service.objects.get()
    assert (row.price_from, row.fixed_price, row.working_days) == (True, True, 7)
    post(as_owner, f"/carrier/items/services/{row.number}/", **data)
    row.refresh_from_db()
    assert (row.price_from, row.fixed_price, row.working_days) == (False, False, None)


@pytest.mark.parametrize(("kind", "make"), [("services", make_service), ("instruments", make_instrument)])
def test_a_bad_change_keeps_the_old_row_and_shows_what_was_typed(
    as_owner: Client, carrier: Carrier, kind: str, make: Any
) -> None:
    row = make(carrier)
    sent = {"title": "", "category": row.category.pk, "unit": "次", "description": "改了一半的说明", "price": "12,3"}
    response = post(as_owner, f"/carrier/items/{kind}/{row.number}/", **sent)
    page = text_of(response)
    assert response.status_code == 422
    assert "改了一半的说明" in page
    assert 'value="12,3"' in page
    saved = type(row).objects.get(pk=row.pk)
    assert (saved.title, saved.price, saved.description) == (row.title, row.price, row.description)


def test_nobody_lists_or_counts_by_adding_fields(as_owner: Client, carrier: Carrier) -> None:
    extra = {"listed": "", "voucher_eligible": "", "finished_orders": "99", "number": "FW-1", "stars_total": "50"}
    post(as_owner, NEW, title="盐雾试验", category=category("010201").pk, unit="次", **extra)
    row = Service.objects.get()
    assert (row.listed, row.voucher_eligible, row.finished_orders, row.stars_total) == (True, True, 0, 0)
    assert row.number != "FW-1"


def test_an_instrument_is_not_found_among_services(as_owner: Client, carrier: Carrier) -> None:
    row = make_instrument(carrier)
    assert as_owner.get(f"/carrier/items/services/{row.number}/").status_code == 404
    assert as_owner.get(f"/carrier/items/machines/{row.number}/").status_code == 404
    assert Instrument.objects.get().title == row.title


def test_the_same_post_twice_makes_one_item(as_owner: Client) -> None:
    from innovation_voucher.casework.idempotency import FIELD, new_token

    data = {FIELD: new_token(), "title": "盐雾试验", "category": category("010201").pk, "unit": "次"}
    first, second = as_owner.post(NEW, data), as_owner.post(NEW, data)
    assert first.headers["Location"] == second.headers["Location"]
    assert Service.objects.count() == 1
    assert as_owner.post(NEW, {**data, "title": "另一项"}).status_code == 422
    assert Service.objects.count() == 1

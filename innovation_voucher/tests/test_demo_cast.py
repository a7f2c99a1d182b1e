"""Who lives in the demo world: nobody real, everybody consistent with the data files."""

from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, strategies as st
from PIL import Image
from stdnum.cn import ric, uscc

from accounts.models import User
from carriers.models import Category
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.casework.places import all_rights
from innovation_voucher.demo import casts, firms, offices, papers, people, walk, world
from innovation_voucher.lib import pdf
from innovation_voucher.lib.uploads import Rule, inspect
from innovation_voucher.tests import cast
from vouchers.models import Programme

CODES = [row.region for row in (*casts.OFFICES, *casts.FIRMS, *casts.CARRIERS)]


# --- Numbers of nobody ----------------------------------------------------------------------


@given(number=st.integers(0, 999_999), region=st.sampled_from(sorted(set(CODES))))
def test_credit_codes_are_well_formed(number: int, region: str) -> None:
    code = people.credit_code(number, region)
    assert uscc.is_valid(code)
    assert code[2:8] == region


@given(number=st.integers(0, 10**6))
def test_resident_ids_are_well_formed_and_of_one_invented_birthday(number: int) -> None:
    assert ric.is_valid(people.resident_id(number))
    assert people.resident_id(number)[6:14] == "19920229"


@given(a=st.integers(0, 9999), b=st.integers(0, 9999))
def test_different_numbers_give_different_codes_and_phones(a: int, b: int) -> None:
    assert (people.phone(a) == people.phone(b)) is (a == b)
    assert (people.credit_code(a, "330108") == people.credit_code(b, "330108")) is (a == b)
    assert len(people.phone(a)) == len("+8613800000000")


# --- The tables -----------------------------------------------------------------------------


def test_keys_names_and_sign_ins_are_given_once() -> None:
    signs = [*(row.key for row in (*casts.FIRMS, *casts.CARRIERS)), *(u for o in casts.OFFICES for u, _n in o.people)]
    names = [row.name for row in (*casts.FIRMS, *casts.CARRIERS, *casts.OFFICES)]
    assert len(set(signs)) == len(signs)
    assert len(set(names)) == len(names)


def test_services_are_found_by_their_title_alone() -> None:
    titles = [item.title for row in casts.CARRIERS for item in row.services]
    assert len(set(titles)) == len(titles)


def test_every_story_is_told_by_somebody_and_nobody_has_another() -> None:
    assert {row.story for row in casts.FIRMS} == set(firms.STORIES)


@pytest.mark.django_db
def test_every_region_of_the_cast_is_in_the_tree() -> None:
    wanted = {*CODES, *(code for row in casts.CARRIERS for code in row.recognized)}
    assert wanted - set(Region.objects.values_list("code", flat=True)) == set()


@pytest.mark.django_db
def test_every_category_of_a_service_is_in_the_catalogue() -> None:
    wanted = {item.category for row in casts.CARRIERS for item in row.services} | {"050201", "050102"}
    assert wanted - set(Category.objects.values_list("code", flat=True)) == set()


def test_offices_are_of_known_kinds_and_hold_known_rights() -> None:
    rights = {right for right, _words in all_rights()}
    assert {row.kind for row in casts.OFFICES} <= set(Office.Kind.values)
    assert all(set(row.rights) <= rights for row in casts.OFFICES)


def test_every_county_of_a_firm_or_carrier_has_its_bureau() -> None:
    bureaus = {row.region for row in casts.OFFICES if row.kind == "bureau"}
    of_cities = tuple(code[:4] for code in bureaus if code.endswith("00"))
    places = {row.region for row in (*casts.FIRMS, *casts.CARRIERS)}
    assert {code for code in places - bureaus if not code.startswith(of_cities)} == set()
    recognized = {code for row in casts.CARRIERS for code in row.recognized}
    assert {code for code in recognized if not code.endswith("0000")} <= bureaus


def test_making_and_countersigning_batches_is_for_two_people() -> None:
    office = next(row for row in casts.OFFICES if "settle" in row.rights)
    assert "countersign" in office.rights
    assert len(office.people) >= 2


def test_prices_are_amounts_or_open() -> None:
    prices = [item.price for row in casts.CARRIERS for item in row.services]
    assert None in prices
    assert all(price is None or int(price) > 0 for price in prices)


# --- Papers ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_paper_opens_and_says_that_it_is_invented() -> None:
    content = papers.pdf("技术服务合同", "甲方：<b>澄光</b> & 公司", "金额：6,500.00 元")
    assert pdf.page_count(content) == 1
    assert inspect("合同.pdf", BytesIO(content), Rule(("pdf",), 10**6)).pages == 1
    assert papers.pdf("技术服务合同", "甲方：<b>澄光</b> & 公司", "金额：6,500.00 元") is content


@pytest.mark.parametrize("lines", [(), ("一行",), tuple(f"第 {n} 行" for n in range(8))])
def test_a_picture_shows_and_passes_the_portals_own_inspection(lines: tuple[str, ...]) -> None:
    content = papers.picture("电子发票", *lines)
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.size) == ("JPEG", (900, 640))
    passed = inspect("发票.jpg", BytesIO(content), Rule(("jpg",), 10**6))
    assert passed.kind == "jpg"


def test_pictures_of_other_papers_differ() -> None:
    assert papers.picture("电子发票", "甲") != papers.picture("电子发票", "乙")


# --- The world as a whole -------------------------------------------------------------------


def test_numbers_of_the_world_never_repeat() -> None:
    made = world.World(Programme())
    assert [made.next() for _ in range(3)] == [1, 2, 3]


def test_everybody_has_the_one_password() -> None:
    assert world.hashed() is world.hashed()
    assert User(password=world.hashed()).check_password(people.PASSWORD)
    assert not User(password=world.hashed()).check_password("")


@pytest.mark.django_db
def test_the_world_is_not_poured_over_a_database_in_use() -> None:
    user = cast.make_user()
    with pytest.raises(CommandError, match="needs an empty one"):
        call_command("demo")
    assert list(User.objects.all()) == [user]
    assert not Programme.objects.exists()


@pytest.mark.django_db
def test_an_office_of_the_cast_is_made_with_rights_people_and_sign_ins() -> None:
    made = world.World(Programme())
    row = casts.OFFICES[0]
    offices.open_office(made, row)
    office = made.offices[row.name]
    assert made.offices[row.region] == office
    assert made.officers[row.name].username == row.people[0][0]
    assert sorted(office.group.user_set.values_list("username", flat=True)) == sorted(u for u, _name in row.people)
    assert [account["username"] for account in made.accounts] == [username for username, _name in row.people]
    assert all(User.objects.get(pk=account["id"]).phone_verified for account in made.accounts)


@pytest.mark.django_db
def test_only_people_of_the_province_enter_the_admin() -> None:
    made = world.World(Programme())
    for row in casts.OFFICES:
        offices.open_office(made, row)
    staff = set(User.objects.filter(is_staff=True).values_list("username", flat=True))
    assert staff == {u for row in casts.OFFICES if row.kind == "province" for u, _name in row.people}
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_walk_knows_its_people_only_from_the_world() -> None:
    with pytest.raises(KeyError):
        walk.Walk(world.World(Programme()), "nobody", "无此服务", 1)  # type: ignore[arg-type]

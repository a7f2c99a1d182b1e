"""As what an organization may ask, read from lists and from what it declares; the class decides the rules."""

from datetime import date
from typing import Any

import pytest

from accounts.listing import checked
from accounts.models import Organization
from accounts.services import import_list, open_list
from innovation_voucher.casework import calendar
from innovation_voucher.tests import cast
from vouchers.models import Programme
from vouchers.resolve import classes_of, classes_under, policy_of, snapshot
from vouchers.services import standing

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-4")]

ROWS = [
    {"key": "listed_sme", "label": "科小", "proof": "list"},
    {"key": "high_tech", "label": "高企", "proof": "declared", "months": 36},
]


def scheme(*eligible: str) -> Programme:
    """An open programme for these classes, of which the list's is granted more."""
    return factories.make_programme(eligible_classes=list(eligible), classes=ROWS)


def enlist(organization: Organization, class_key: str = "listed_sme") -> None:
    keeper = cast.make_officer("330000", "manage_lists", kind="province")
    year = calendar.today().year
    region = cast.make_region("330000")
    target = open_list(region=region, class_key=class_key, year=year, name="名单", by=keeper)
    rows = checked([{"统一社会信用代码": organization.credit_code or "", "单位名称": organization.name}])
    import_list(target, rows, mode="add", by=keeper, source="名单.xlsx")


def test_lists_of_the_year_are_read(enterprise: Organization) -> None:
    assert classes_of(enterprise) == ("any",)
    enlist(enterprise)
    assert classes_of(enterprise) == ("any", "listed_sme")
    assert classes_of(enterprise, date(2001, 1, 1)) == ("any",)


def test_no_list_is_read_where_none_is_asked(enterprise: Organization, django_assert_num_queries: Any) -> None:
    programme = scheme("any", "high_tech")
    policy = policy_of(snapshot(programme, enterprise.region))
    with django_assert_num_queries(0):
        assert classes_under(policy, enterprise, calendar.today()) == ("any", "high_tech")


def test_a_natural_person_declares_no_qualification_of_enterprises() -> None:
    person = cast.make_organization(kind="entrepreneur")
    programme = scheme("listed_sme", "high_tech")
    assert "不在当年的科小名单" in standing(person, programme).refusal


def test_who_is_on_the_list_may_choose_and_others_have_one_way(enterprise: Organization) -> None:
    programme = scheme("listed_sme", "high_tech")
    before = standing(enterprise, programme)
    assert (before.class_key, [row.key for row in before.options], before.refusal) == ("high_tech", ["high_tech"], "")
    enlist(enterprise)
    after = standing(enterprise, programme)
    assert (after.class_key, [row.key for row in after.options]) == ("", ["listed_sme", "high_tech"])


def test_asking_as_what_one_is_not_is_refused(enterprise: Organization) -> None:
    found = standing(enterprise, scheme("listed_sme", "high_tech"), class_key="listed_sme")
    assert "您单位不在当年的科小名单内" in found.refusal


def test_only_a_list_opens_a_scheme_for_listed_organizations(enterprise: Organization) -> None:
    programme = scheme("listed_sme")
    assert "名单" in standing(enterprise, programme).refusal
    enlist(enterprise)
    found = standing(enterprise, programme)
    assert (found.class_key, found.refusal) == ("listed_sme", "")


def test_the_class_has_rules_of_its_own(enterprise: Organization) -> None:
    programme = scheme("listed_sme", "high_tech")
    enlist(enterprise)
    factories.add_override(programme, class_key="listed_sme", cap_year=7_000)
    programme.refresh_from_db()
    caps = {key: standing(enterprise, programme, class_key=key).policy.cap_year for key in ("listed_sme", "high_tech")}
    assert caps["listed_sme"] == 7_000
    assert caps["high_tech"] == 200_000


def test_a_scheme_without_classes_of_its_own_asks_nothing(programme: Programme, enterprise: Organization) -> None:
    found = standing(enterprise, programme)
    assert (found.class_key, found.options, found.refusal) == ("", (), "")

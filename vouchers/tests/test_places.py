"""Who can claim is said before a form is filled: on a public page, at registration, and to who cannot."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.tests import cast
from vouchers.models import Claim, Programme
from vouchers.places import open_places, places_of

from . import factories, reviewed
from .external import bring, make_elsewhere
from .pages import client_of, post, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-1")]

AWAY = "320509"


@pytest.fixture
def elsewhere_only(programme: Programme) -> Programme:
    """Only a county of another province takes part."""
    programme.participating.set([cast.make_region(AWAY)])
    return programme


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def public(name: str, query: str = "") -> str:
    return text(Client(headers={"accept-language": "zh-hans"}).get(reverse(name) + query))


def test_the_public_page_lists_the_regions_of_every_open_programme(elsewhere_only: Programme) -> None:
    factories.make_programme(kind="all")
    said = public("programme-regions")
    assert f"{elsewhere_only.name} {cast.make_region(AWAY).full_name}" in said
    assert f"测试创新券all {cast.make_region('330000').full_name}全域" in said


def test_a_closed_programme_is_not_listed(elsewhere_only: Programme) -> None:
    Programme.objects.update(opens_on="2020-01-01", closes_on="2020-12-31")
    assert open_places() == []
    assert "现在没有正在受理的方案" in public("programme-regions")


def test_a_programme_without_a_list_is_open_below_its_own_region(programme: Programme) -> None:
    found = places_of(programme)
    assert found.everywhere
    assert found.names == (programme.region.full_name,)


def test_registration_says_so_before_the_form_is_filled(elsewhere_only: Programme) -> None:
    for page, query in (("register", ""), ("register-form", f"?kind=enterprise&region={cast.COUNTY}")):
        answer = Client(headers={"accept-language": "zh-hans"}).get(reverse(page) + query)
        assert "只有注册所在地在参与地区内的单位才能申领创新券" in text(answer)
        assert f'href="{reverse("programme-regions")}"' in answer.content.decode()


def test_who_lives_elsewhere_reads_where_and_what_to_do_instead_of_a_form(
    client: Client, elsewhere_only: Programme
) -> None:
    page = client.get(reverse("ent-claim-new") + f"?programme={elsewhere_only.pk}")
    said = text(page)
    assert "没有参加" in said
    assert cast.make_region(AWAY).full_name in said
    assert "不在名单内怎么办" in said
    assert "<form method" not in page.content.decode().partition("<main")[2].partition("</main")[0]


def test_who_has_no_programme_at_all_reads_them_all(client: Client, elsewhere_only: Programme) -> None:
    said = text(client.get(reverse("ent-claim-new")))
    assert "现在没有可申领的创新券" in said
    assert cast.make_region(AWAY).full_name in said


def test_a_posted_claim_from_elsewhere_is_not_taken(client: Client, elsewhere_only: Programme) -> None:
    before = reviewed.money()
    response = post(client, "ent-claim-new", query=f"?programme={elsewhere_only.pk}", amount="10", agree="on")
    assert "不在名单内怎么办" in text(response)
    assert reviewed.money() == before
    assert not Claim.objects.exists()


def test_the_form_of_a_reviewed_claim_names_the_regions(client: Client, enterprise: Organization) -> None:
    scheme = reviewed.make_reviewed()
    scheme.participating.set([enterprise.region])
    said = text(client.get(reverse("ent-claim-new") + f"?programme={scheme.pk}"))
    assert f"参与地区 {enterprise.region.full_name}" in said


@pytest.mark.feature("YRD-2")
def test_a_region_of_another_platform_is_sent_there(client: Client, enterprise: Organization) -> None:
    scheme = make_elsewhere()
    for method in (client.get, lambda url: post(client, "ent-claim-new", query=f"?programme={scheme.pk}", amount="1")):
        page = method(reverse("ent-claim-new") + f"?programme={scheme.pk}")
        assert 'href="https://voucher.example.org/claim"' in page.content.decode()
        assert "结果由科技主管部门导入本平台" in text(page)
    assert not Claim.objects.exists()


@pytest.mark.feature("YRD-2")
def test_without_an_address_the_hotline_helps(client: Client, enterprise: Organization) -> None:
    scheme = make_elsewhere(claim_link=None)
    assert "申领网址请拨打" in text(client.get(reverse("ent-claim-new") + f"?programme={scheme.pk}"))


@pytest.mark.feature("YRD-2")
def test_the_quota_page_shows_what_was_imported_and_how_to_claim(client: Client, enterprise: Organization) -> None:
    scheme = make_elsewhere()
    claim, _new = bring(scheme, enterprise)
    page = client.get(reverse("ent-quota"))
    assert "20,000.00" in text(page)
    assert "查看申领办法" in text(page)
    assert claim.account is not None
    assert f"券账户号 {claim.account.number}" in text(page)
    facts = text(client.get(reverse("ent-claim", args=[claim.number])))
    assert "外部编号 SH-2026-0001" in facts


@pytest.mark.feature("YRD-4")
def test_an_enterprise_picks_among_the_kinds_of_its_region(client: Client, enterprise: Organization) -> None:
    kinds = [factories.make_programme(kind=kind, cap_year=Decimal(100)) for kind in ("a", "b", "c")]
    away = cast.make_region(cast.OTHER_COUNTY)
    for programme, regions in zip(kinds, ([enterprise.region], [enterprise.region, away], [away]), strict=True):
        programme.participating.set(regions)
    Programme.objects.update(shared_cap=True)
    said = text(client.get(reverse("ent-claim-new")))
    assert "测试创新券a" in said
    assert "测试创新券b" in said
    assert "测试创新券c" not in said
    assert said.count("与同系列其他券种共用年度上限") == 2
    assert post(client, "ent-claim-new", query=f"?programme={kinds[1].pk}", amount="60", agree="on").status_code == 302
    refused = post(client, "ent-claim-new", query=f"?programme={kinds[0].pk}", amount="41", agree="on")
    assert refused.status_code == 422
    assert Claim.objects.count() == 1


@pytest.mark.feature("YRD-2")
def test_a_kind_that_is_claimed_elsewhere_says_so_among_the_others(client: Client, enterprise: Organization) -> None:
    make_elsewhere()
    factories.make_programme(kind="here")
    said = text(client.get(reverse("ent-claim-new")))
    assert "在当地的创新券平台申领" in said
    assert said.count("查看申领办法") == 1

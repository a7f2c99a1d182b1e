"""The signed paper: exported, handed to the district, registered; without it nothing is paid."""

from copy import deepcopy
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import calendar, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message, ReviewTask
from innovation_voucher.lib import pdf
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from innovation_voucher.tests.posting import client_of, post
from redemption import services
from redemption.documents import form_html
from redemption.models import Redemption
from redemption.paper_rules import awaits_paper
from redemption.services.selection import candidates
from redemption.tests import factories, notices
from redemption.tests.itemized import district, make_programme, office_of, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-6")]


@pytest.fixture
def officer(db: None) -> User:
    return district()


@pytest.fixture
def redemption(begun: Redemption) -> Redemption:
    return deepcopy(begun)


def fresh(redemption: Redemption) -> Redemption:
    return Redemption.objects.get(pk=redemption.pk)


def approve(redemption: Redemption, officer: User) -> Redemption:
    task = ReviewTask.objects.get(case=reviews.live_case(redemption), status="open")
    reviews.decide(task, by=officer, office=office_of(officer), decision="approve")
    return fresh(redemption)


def receive(redemption: Redemption, officer: User) -> Redemption:
    return services.receive_paper(redemption, by=officer, office=office_of(officer))


@begins(submitted)
def test_scenario_15_without_the_paper_it_is_approved_and_not_payable(officer: User, redemption: Redemption) -> None:
    redemption = approve(redemption, officer)
    assert redemption.status == "approved"
    words = Message.objects.get(user=redemption.created_by, kind="redemption.approved").title
    assert "签字盖章" in words
    assert not awaits_paper(receive(redemption, officer))
    assert fresh(redemption).status == "payable"
    assert AuditRow.objects.filter(verb="redemption.paper_received").count() == 1


@begins(submitted)
def test_a_paper_that_comes_first_keeps_nothing_waiting(officer: User, redemption: Redemption) -> None:
    redemption = receive(redemption, officer)
    assert redemption.status == "in_review"
    assert approve(redemption, officer).status == "payable"


def test_a_scheme_without_paper_waits_for_none(officer: User) -> None:
    redemption = approve(submitted(make_programme(paper_copy=False)), officer)
    assert redemption.status == "payable"
    with pytest.raises(Refused, match="不用交纸质件"):
        receive(redemption, officer)


@begins(submitted)
def test_it_is_registered_once(officer: User, redemption: Redemption) -> None:
    redemption = receive(redemption, officer)
    at = redemption.paper_received_at
    with pytest.raises(Refused, match="已登记"):
        receive(redemption, officer)
    assert fresh(redemption).paper_received_at == at
    assert Message.objects.filter(user=redemption.created_by, kind="redemption.paper_received").count() == 1


@begins(submitted)
def test_what_ended_takes_no_paper(officer: User, redemption: Redemption) -> None:
    services.withdraw_redemption(redemption, by=redemption.created_by)
    with pytest.raises(Refused, match="已撤回"):
        receive(redemption, officer)
    assert fresh(redemption).paper_received_at is None


@begins(submitted)
@pytest.mark.parametrize("who", ["payee", "elsewhere", "agency", "looks on"])
def test_only_the_accepting_bureau_registers_it(who: str, redemption: Redemption) -> None:
    agency = cast.make_office("agency", "330000", rights=("review_redemption",), name="专业机构")
    person = {
        "payee": lambda: redemption.created_by,
        "elsewhere": lambda: cast.make_officer(cast.OTHER_COUNTY, "review_redemption"),
        "agency": lambda: cast.make_officer("330000", office=agency),
        "looks on": lambda: cast.make_officer(cast.COUNTY, "view_cases"),
    }[who]()
    with pytest.raises(NotAllowed, match="纸质件由"):
        services.receive_paper(redemption, by=person)  # type: ignore[arg-type]
    assert fresh(redemption).paper_received_at is None


# --- With a public list -----------------------------------------------------------------------


def published(officer: User) -> tuple[Redemption, Any]:
    programme = make_programme(publicity_days=5)
    redemption = approve(submitted(programme), officer)
    return redemption, notices.opened(programme, redemption)


def close(publicity: Any) -> None:
    publicity.refresh_from_db()
    day = notices.noon(publicity, 2).date()
    services.close_publicity(publicity, day=day)


def test_after_its_list_it_waits_for_the_paper_and_then_is_paid(officer: User) -> None:
    redemption, publicity = published(officer)
    close(publicity)
    assert fresh(redemption).status == "in_publicity"
    assert Message.objects.filter(user=redemption.created_by, kind="redemption.paper_awaited").count() == 1
    receive(redemption, officer)
    assert fresh(redemption).status == "payable"


def test_a_paper_during_the_list_does_not_cut_it_short(officer: User) -> None:
    redemption, publicity = published(officer)
    receive(redemption, officer)
    assert fresh(redemption).status == "in_publicity"
    close(publicity)
    assert fresh(redemption).status == "payable"


@begins(submitted)
def test_no_batch_takes_what_waits_for_its_paper(officer: User, redemption: Redemption) -> None:
    redemption = approve(redemption, officer)
    today = calendar.today()
    span = (redemption.programme, redemption.region, today, today)
    assert [row.status for row in candidates(*span)] == []
    receive(redemption, officer)
    assert [row.status for row in candidates(*span)] == ["payable"]


# --- Pages --------------------------------------------------------------------------------------


@begins(submitted)
def test_the_payee_reads_what_to_do_and_exports_the_form(officer: User, redemption: Redemption) -> None:
    client = client_of(redemption.created_by)
    page = client.get(reverse("ent-redeem", args=[redemption.number])).content.decode()
    assert "导出兑付申请表" in page
    html = form_html(redemption)
    for words in (redemption.number, redemption.payee.name, "技术服务合同", "9,099.00", "4,549.50", "申请单位（盖章）"):
        assert words in html, words
    receive(redemption, officer)
    after = client.get(reverse("ent-redeem", args=[redemption.number])).content.decode()
    assert "导出兑付申请表" not in after
    assert "收到" in after


@begins(submitted)
@pytest.mark.slow
def test_the_form_is_a_pdf_made_once(officer: User, redemption: Redemption) -> None:
    client = client_of(redemption.created_by)
    address = reverse("redeem-form", args=[redemption.number])
    first = client.get(address)
    assert first.status_code == 302
    assert client.get(address)["Location"] == first["Location"]
    content = b"".join(client.get(first["Location"]).streaming_content)  # type: ignore[attr-defined]
    assert pdf.page_count(content) == 1
    assert client_of(cast.owner_of(cast.rival())).get(address).status_code == 404


@begins(submitted)
def test_the_district_registers_it_on_a_page(officer: User, redemption: Redemption) -> None:
    client = client_of(officer)
    case = client.get(reverse("desk-case", args=["redeem", redemption.number])).content.decode()
    address = reverse("desk-paper", args=[redemption.number])
    assert address in case
    assert "不能撤销" in client.get(address).content.decode()
    assert fresh(redemption).paper_received_at is None
    assert post(client, address).status_code == 302
    assert fresh(redemption).paper_received_at is not None
    assert "已登记，不用再办" in client.get(address).content.decode()


@begins(submitted)
def test_the_page_is_not_there_for_others(redemption: Redemption) -> None:
    address = reverse("desk-paper", args=[redemption.number])
    elsewhere = client_of(cast.make_officer(cast.OTHER_COUNTY, "review_redemption"))
    assert elsewhere.get(address).status_code == 404
    looks_on = client_of(cast.make_officer(cast.COUNTY, "view_cases"))
    assert looks_on.get(address).status_code == 404
    agency = cast.make_office("agency", "330000", rights=("review_redemption",), name="专业机构")
    assert client_of(cast.make_officer("330000", office=agency)).get(address).status_code == 403
    assert post(elsewhere, address).status_code == 404
    assert fresh(redemption).paper_received_at is None


def test_pages_of_other_schemes_say_nothing_of_paper() -> None:
    redemption = factories.submitted()
    page = client_of(redemption.created_by).get(reverse("ent-redeem", args=[redemption.number])).content.decode()
    assert "纸质件" not in page

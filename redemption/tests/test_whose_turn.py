"""A page that several sides share says the same of all of them: whose turn it is, and who has the button."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from innovation_voucher.casework.models import Chain, ChainStep
from innovation_voucher.casework.statuses import TURN_LABELS
from innovation_voucher.tests import cast
from redemption import rules
from redemption.models import Redemption
from redemption.statuses import REDEMPTION
from redemption.tests import agency, factories
from redemption.tests.pages import client_for, client_of, post, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-13")]


@pytest.fixture(scope="module")
def built(kept: Path) -> Redemption:
    """The third party's second person sent back what the first one had opened."""
    redemption = agency.submitted(agency.served(agency.make_programme()))
    return agency.decide(redemption, "return", by=agency.agent("孙核对"), items=[("", "补充检测报告编号")])


@pytest.fixture
def returned(built: Redemption) -> Redemption:
    return deepcopy(built)


def page(client: Client, redemption: Redemption) -> Any:
    return client.get(reverse("ent-redeem", args=[redemption.number]))


def carrier_of(redemption: Redemption) -> Organization:
    return redemption.lines.get().voucher.carrier.organization


def returned_to(redeemer: str) -> Redemption:
    """One that its payee handed in itself and has to mend."""
    redemption = factories.submitted(cast.enterprise(), redeemer=redeemer)
    return factories.decide(redemption, "return", items=[("receipts", "回单日期与合同不符")])


@pytest.mark.parametrize("side", ["carrier", "enterprise", "county"])
def test_what_the_third_party_opened_comes_back_to_the_third_party(returned: Redemption, side: str) -> None:
    readers = {
        "carrier": lambda: client_of(carrier_of(returned)),
        "enterprise": lambda: client_of(returned.lines.get().voucher.organization),
        "county": lambda: client_for(factories.officer()),
    }
    words = text_of(page(readers[side](), returned))
    assert "等待第三方机构" in words
    assert "等待企业" not in words
    assert "轮到您办理" not in words
    assert "补充检测报告编号" in words


def test_the_third_party_reads_on_the_shared_page_that_it_is_its_turn(returned: Redemption) -> None:
    words = text_of(page(client_for(agency.agent()), returned))
    assert "轮到您办理" in words
    assert "重新提交" not in words, "the button stands on the third party's own page"


def test_the_carrier_has_no_button_for_what_it_did_not_hand_in(returned: Redemption) -> None:
    client = client_of(carrier_of(returned))
    words = text_of(page(client, returned))
    assert "去补充材料" not in words
    assert "重新提交" not in words
    post(client, reverse("redeem-resubmit", args=[returned.number]))
    assert Redemption.objects.get().status == "returned"
    assert agency.case_of(returned).round == 1


@pytest.mark.feature("ZJ-11")
def test_a_carrier_that_redeems_itself_mends_itself() -> None:
    redemption = returned_to("carrier")
    assert "轮到您办理" in text_of(page(client_of(carrier_of(redemption)), redemption))
    words = text_of(page(client_of(redemption.lines.get().voucher.organization), redemption))
    assert "等待服务机构" in words
    assert "重新提交" not in words


def test_an_enterprise_that_redeems_itself_mends_itself() -> None:
    redemption = returned_to("enterprise")
    words = text_of(page(client_of(redemption.payee), redemption))
    assert "轮到您办理" in words
    assert "重新提交" in words
    assert "等待企业" in text_of(page(client_of(carrier_of(redemption)), redemption))


#: Who reads "科技局" on the page, and who should.
STEPS = [
    ("bureau", "等待科技局", "科技局正在审核"),
    ("agency", "等待专业机构", "专业机构正在审核"),
    ("centre", "等待管理中心", "管理中心正在审核"),
    ("province", "等待省级主管部门", "省级主管部门正在审核"),
    ("third_party", "等待第三方机构", "第三方机构正在审核"),
    ("platform", "等待平台", "平台正在审核"),
]


def reviewed_by(*kinds: str) -> Redemption:
    """Handed in to a chain with a step for each of these kinds of office, all of the own county."""
    chain = Chain.objects.create(key="several-offices", name="多部门兑付审核")
    for position, kind in enumerate(kinds, 1):
        step = {"name": f"第{position}步", "right": "review_redemption", "working_days": 5}
        ChainStep.objects.create(chain=chain, position=position, office_kind=kind, **step)
    return factories.submitted(programme=factories.make_programme(redemption_chain=chain.key))


@pytest.mark.parametrize(("kind", "turn", "sentence"), STEPS)
def test_under_review_the_page_names_the_kind_of_office_whose_step_is_open(kind: str, turn: str, sentence: str) -> None:
    redemption = reviewed_by(kind)
    words = text_of(page(client_of(redemption.payee), redemption))
    assert turn in words
    assert sentence in words
    assert kind == "bureau" or "等待科技局" not in words


def test_the_turn_goes_on_with_the_chain() -> None:
    redemption = reviewed_by("bureau", "agency")
    agent = cast.make_officer(redemption.region.code, "review_redemption", "view_cases", kind="agency", name="另一人")
    assert "等待科技局" in text_of(page(client_for(agent), redemption))
    factories.decide(redemption)
    words = text_of(page(client_for(agent), redemption))
    assert "轮到您办理" in words
    assert "等待科技局" not in words
    assert "等待专业机构" in text_of(page(client_of(redemption.payee), redemption))
    factories.decide(redemption, by=agent)
    assert "专业机构" not in text_of(page(client_of(redemption.payee), redemption)).split("办理记录")[0]


def test_only_what_was_returned_depends_on_who_handed_it_in(returned: Redemption) -> None:
    said = {}
    for state in Redemption.State.values:
        row = Redemption.objects.get()
        row.__dict__["status"] = state
        said[state] = rules.shown(row)
    assert said.pop("returned").turn == "third_party"
    assert said == {code: row for code, row in REDEMPTION.items() if code != "returned"}
    assert {row.turn for row in said.values() if row.turn} <= set(TURN_LABELS)

"""What the page of a use says of what follows is what the scheme's rows say."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from orders import use_words
from orders.tests import applying
from orders.tests.conftest import client_of
from orders.tests.factories import make_order, make_world
from orders.tests.test_asked_amount import REVIEWED
from orders.tests.test_use_review import make_chain
from vouchers.policy import Policy

OFFICE = "科技主管部门"


@pytest.mark.parametrize(
    ("who", "rules", "words"),
    [
        ((), {"confirmation": "carrier_confirms"}, "提交后由服务机构核对确认。"),
        ((), {"confirmation": "order_accepted"}, "提交后券即生效。"),
        ((), {"confirmation": "none"}, "提交后券即生效。"),
        ((OFFICE,), {"confirmation": "carrier_receives"}, "提交后由科技主管部门审核，通过后由服务机构确认。"),
        ((OFFICE,), {"confirmation": "order_and_amount"}, "提交后由科技主管部门审核，通过后券即生效。"),
        (
            (OFFICE, "专业机构"),
            {"confirmation": "none"},
            "提交后依次由科技主管部门、专业机构审核，通过后券即生效。",
        ),
    ],
)
def test_who_looks_and_when_it_is_good(who: tuple[str, ...], rules: dict[str, str], words: str) -> None:
    assert use_words.lede(Policy(**rules), who, asks_contract=True).endswith(f"能抵多少。{words}")  # type: ignore[arg-type]


def test_where_the_reviewer_sets_the_amount_it_is_asked_for_and_set() -> None:
    policy = Policy(amount_base="reviewer", confirmation="carrier_receives")
    said = use_words.lede(policy, [OFFICE], asks_contract=True)
    assert said == "填好合同和申请使用金额。提交后由科技主管部门核定金额，通过后由服务机构确认。"


def test_without_a_contract_none_is_spoken_of() -> None:
    assert "合同" not in use_words.lede(Policy(confirmation="none"), (), asks_contract=False)


@pytest.mark.parametrize(
    ("cancel_until", "who", "words"),
    [
        ("carrier_confirms", (), "提交后券面信息不能修改。机构确认前可自行作废，额度退回。"),
        ("redemption_submitted", (), "提交后券面信息不能修改。提交兑付前可自行作废，额度退回。"),
        ("use_approved", (OFFICE,), "提交后由科技主管部门审核。审核通过前可自行撤回，额度退回。"),
        ("review_passed", (OFFICE,), "提交后由科技主管部门审核。审核通过前可自行撤回，额度退回。"),
        ("carrier_accepts", (OFFICE,), "提交后由科技主管部门审核。提交后不能自行撤回。"),
        (None, (), "提交后券面信息不能修改。"),
    ],
)
def test_until_when_it_can_be_taken_back(cancel_until: str | None, who: tuple[str, ...], words: str) -> None:
    assert use_words.until(Policy(cancel_until=cancel_until), who) == words


@pytest.mark.parametrize("name", ["zo", "zj", "js", "csj-td", "csj-ty", "tj"])
def test_every_preset_says_until_when(name: str) -> None:
    data = json.loads((Path(settings.BASE_DIR) / "vouchers" / "data" / f"{name}.json").read_text())
    for version in data["versions"]:
        assert version["parameters"]["cancel_until"] in use_words._UNTIL


# --- The page -------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.feature("ZJ-7")
def test_the_carrier_confirms_where_nobody_reviews() -> None:
    world = make_world()
    page = client_of(world.owner).get(f"/ent/orders/{make_order(world, 'contract').number}/use/").content.decode()
    assert "提交后由服务机构核对确认。" in page
    assert "机构确认前可自行作废" in page


@pytest.mark.django_db
@pytest.mark.feature("ZO-10")
def test_the_office_sets_the_amount_before_the_carrier_confirms() -> None:
    make_chain()
    world = make_world(quota=30_000, **REVIEWED)
    page = client_of(world.owner).get(f"/ent/orders/{make_order(world, 'contract').number}/use/").content.decode()
    assert "提交后由科技主管部门核定金额，通过后由服务机构确认。" in page
    assert "审核通过前可自行撤回" in page


@pytest.mark.django_db
@pytest.mark.feature("TJ-2")
def test_two_offices_look_and_no_carrier_is_spoken_of() -> None:
    world = applying.applying_world()
    page = client_of(world.owner).get(f"/ent/orders/{applying.accepted(world).number}/use/").content.decode()
    assert "提交后依次由科技主管部门、专业机构审核，通过后券即生效。" in page
    assert "服务机构核对确认" not in page

"""自动更新企业信息: every combination of ticks takes over what was ticked, and nothing else."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import answers, services
from accounts.models import EnterpriseRecord, Organization, User, Verification
from accounts.services.registry import apply_autofill, import_records
from accounts.tests.conftest import fill
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Chain
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import HOSTILE, client_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-3")]

RECORD = {
    "name": "澄光传感科技股份有限公司",
    "address": "登记路 2 号",
    "nature": "股份有限公司",
    "founded_on": date(2019, 1, 2),
    "legal_person": "吴丙",
}
FIELDS = tuple(RECORD)
TICKS = [ticked for size in range(len(FIELDS) + 1) for ticked in combinations(FIELDS, size)]
PATH = "/ent/cert/autofill/"


@pytest.fixture
def draft(applicant: Organization) -> Verification:
    """A draft in which everything differs from the registry."""
    record(applicant)
    return services.start_verification(applicant, by=cast.owner_of(applicant))


def record(organization: Organization, **changed: Any) -> EnterpriseRecord:
    values = {**RECORD, **changed}
    code = organization.credit_code
    return EnterpriseRecord.objects.create(credit_code=code, source="登记库", imported_at=timezone.now(), **values)


def facts(verification: Verification) -> dict[str, str]:
    verification.refresh_from_db()
    unit, people = verification.answers["unit"], verification.answers["people"]
    found = {name: unit.get(name, "") for name in FIELDS[:4]}
    return {**found, "legal_person": people.get("legal_person", "")}


def wanted(before: dict[str, str], ticked: tuple[str, ...]) -> dict[str, str]:
    return {**before, **{name: str(RECORD[name]) for name in ticked}}


@pytest.mark.parametrize("ticked", TICKS, ids="+".join)
def test_any_combination_of_ticks(draft: Verification, ticked: tuple[str, ...]) -> None:
    before, owner = facts(draft), cast.owner_of(draft.organization)
    if ticked:
        apply_autofill(draft, ticked, by=owner)
    else:
        with pytest.raises(Refused, match="至少一项"):
            apply_autofill(draft, ticked, by=owner)
    assert facts(draft) == wanted(before, ticked)
    left = {row.field for row in answers.autofill_diff(draft)}
    assert left == set(FIELDS) - set(ticked)


def test_the_audit_keeps_old_and_new_of_what_was_ticked(draft: Verification) -> None:
    apply_autofill(draft, ["name", "nature"], by=cast.owner_of(draft.organization))
    row = AuditRow.objects.get(verb="verification.autofilled")
    assert row.before == {"name": draft.organization.name, "nature": "未填写"}
    assert row.after == {"name": RECORD["name"], "nature": RECORD["nature"]}
    assert row.reason == "登记库"


@pytest.mark.parametrize("role", ["finance", "viewer"])
def test_readers_take_nothing_over(draft: Verification, role: str) -> None:
    before = facts(draft)
    with pytest.raises(NotAllowed):
        apply_autofill(draft, FIELDS, by=cast.make_member(draft.organization, role=role))
    assert facts(draft) == before


def test_what_the_registry_leaves_empty_is_not_offered(applicant: Organization) -> None:
    record(applicant, address="", founded_on=None, legal_person="")
    verification = services.start_verification(applicant, by=cast.owner_of(applicant))
    assert {row.field for row in answers.autofill_diff(verification)} == {"name", "nature"}


@pytest.mark.parametrize("kind", ["entrepreneur", "carrier"])
def test_other_kinds_are_offered_what_their_form_asks(kind: str) -> None:
    organization = cast.make_organization(kind, verified=False)
    if organization.credit_code:
        record(organization)
    verification = services.start_verification(organization, by=cast.owner_of(organization))
    offered = {row.field for row in answers.autofill_diff(verification)}
    assert offered == (set(FIELDS) if kind == "carrier" else set())


def test_after_a_return_only_reopened_facts_are_offered(applicant: Organization, chain: Chain, officer: User) -> None:
    record(applicant)
    owner = cast.owner_of(applicant)
    verification = fill(services.start_verification(applicant, by=owner))
    services.submit_verification(verification, by=owner)
    with pytest.raises(Refused, match="现在不能修改"):
        apply_autofill(verification, ["address"], by=owner)
    task = reviews.live_case(verification).tasks.get(status="open")
    office = officer.groups.get().office
    reviews.decide(task, by=officer, office=office, decision="return", items=[("address", "与登记不一致")])
    verification.refresh_from_db()
    assert [row.field for row in answers.autofill_diff(verification)] == ["address"]
    apply_autofill(verification, FIELDS, by=owner)
    assert facts(verification)["address"] == RECORD["address"]
    assert facts(verification)["nature"] != RECORD["nature"]


# --- The page ---------------------------------------------------------------------------------------


def test_the_page_takes_ticks_and_leads_back(draft: Verification) -> None:
    client = client_of(cast.owner_of(draft.organization))
    page = text_of(client.get(PATH))
    assert page.count('name="field"') == len(FIELDS)
    assert "checked" not in page
    answer = client.post(PATH, {"field": ["address", "nature", "credit_code"]})
    assert answer.headers["Location"] == reverse("ent-cert")
    assert "已更新 2 项" in text_of(client.get(reverse("ent-cert")))
    assert (facts(draft)["address"], facts(draft)["name"]) == (RECORD["address"], draft.organization.name)


def test_the_page_asks_for_a_tick(draft: Verification) -> None:
    answer = client_of(cast.owner_of(draft.organization)).post(PATH)
    assert answer.status_code == 422
    assert "勾选要更新的项目，至少一项" in text_of(answer)


def test_the_page_says_when_all_is_the_same(draft: Verification) -> None:
    apply_autofill(draft, FIELDS, by=cast.owner_of(draft.organization))
    page = text_of(client_of(cast.owner_of(draft.organization)).get(PATH))
    assert "没有可更新的项目" in page
    assert "登记库" in page


# --- The import -------------------------------------------------------------------------------------


def line(**changed: str) -> dict[str, str]:
    return {"统一社会信用代码": cast.credit_code(), "单位名称": "云溪", **changed}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"统一社会信用代码": ""}, "填写统一社会信用代码"),
        ({"统一社会信用代码": "123"}, "这里有 3 位"),
        ({"单位名称": "  "}, "缺少单位名称"),
        ({"成立日期": "去年"}, "成立日期写成 2020-05-06 这样"),
        ({"成立日期": "2020-13-01"}, "成立日期写成 2020-05-06 这样"),
        ({"注册资本": "很多"}, "金额只写数字"),
        ({"注册资本": "-1"}, "金额不能小于 0"),
    ],
)
def test_a_bad_row_is_named_and_stops_no_other(changed: dict[str, str], words: str) -> None:
    done, told = import_records([line(**changed), line()], source="登记库")
    assert done == 1
    assert len(told) == 1
    assert words in told[0]
    assert told[0].startswith("第 2 行：")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_records_are_kept_and_shown_as_text(applicant: Organization, text: str) -> None:
    done, _told = import_records(
        [line(统一社会信用代码=applicant.credit_code or "", 单位名称=text, 地址=text)], source="登记库"
    )
    assert done == 1
    services.start_verification(applicant, by=cast.owner_of(applicant))
    page = text_of(client_of(cast.owner_of(applicant)).get(PATH))
    assert "<script>alert(1)" not in page
    assert EnterpriseRecord.objects.get().name == text.strip()


def test_too_long_a_name_is_a_bad_row_and_no_error_of_ours() -> None:
    done, told = import_records([line(单位名称="字" * 101), line(法定代表人="字" * 51), line()], source="登记库")
    assert (done, len(told)) == (1, 2)
    assert "最多 100 字" in told[0]
    assert "最多 50 字" in told[1]


def test_a_nul_is_a_bad_row_and_no_error_of_ours() -> None:
    done, told = import_records([line(地址="甲\x00乙"), line()], source="登记库")
    assert (done, len(told)) == (1, 1)


def test_a_row_without_a_column_is_as_if_it_were_empty() -> None:
    assert import_records([line()], source="登记库") == (1, [])
    assert EnterpriseRecord.objects.get().capital is None

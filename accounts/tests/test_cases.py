"""What the desks see of a verification."""

import pytest
from django.urls import reverse

from accounts import cases, services
from accounts.models import Verification
from accounts.services.registry import import_records
from accounts.tests.conftest import ANSWERS, fill
from innovation_voucher.casework import attachments
from innovation_voucher.tests import cast


def results(verification):
    return {str(check.rule): check.ok for check in cases.checks(verification)}


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_checks_of_a_complete_enterprise(complete):
    code = complete.organization.credit_code
    assert results(complete)["单位名称与工商登记一致"] is None
    import_records([{"统一社会信用代码": code, "单位名称": ANSWERS["name"]}], source="登记库")
    assert set(results(complete).values()) == {True}


@pytest.mark.django_db
def test_name_that_the_registry_knows_otherwise_is_marked(complete):
    code = complete.organization.credit_code
    import_records([{"统一社会信用代码": code, "单位名称": "另一家有限公司"}], source="登记库")
    assert results(complete)["单位名称与工商登记一致"] is False


@pytest.mark.django_db
def test_holder_with_another_name_is_marked(complete):
    fill(complete, holder="另一家有限公司")
    assert results(complete)["户名与单位名称或姓名一致"] is False


@pytest.mark.django_db
def test_missing_file_is_marked(complete):
    attachments.remove(attachments.files(complete, "licence")[0], by=None)
    assert results(complete)["必填项和附件齐全"] is False


@pytest.mark.django_db
def test_entrepreneur_is_checked_by_the_id_number(chain):
    person = cast.make_organization("entrepreneur", verified=False, name="赵甲")
    draft = fill(services.start_verification(person, by=cast.owner_of(person)), name="赵甲", holder="赵甲")
    assert results(draft) == {"身份证号校验位": True, "必填项和附件齐全": True, "户名与单位名称或姓名一致": True}
    assert not any(ANSWERS["resident_id"] in str(check.found) for check in cases.checks(draft))


@pytest.mark.django_db
def test_who_may_see_it(complete, officer):
    owner = cast.owner_of(complete.organization)
    stranger, other = cast.owner_of(cast.rival()), cast.make_officer(cast.OTHER_COUNTY, "review_verification")
    assert cases.may_see(owner, complete)
    assert not cases.may_see(officer, complete)
    services.submit_verification(complete, by=owner)
    complete.refresh_from_db()
    assert cases.may_see(officer, complete)
    assert not cases.may_see(stranger, complete)
    assert not cases.may_see(other, complete)


@pytest.mark.django_db
def test_file_opens_for_officer_and_owner_only(complete, officer, signed_in):
    services.submit_verification(complete, by=cast.owner_of(complete.organization))
    file = attachments.files(complete, "licence")[0]
    url = reverse("file", args=[file.token])
    readers = (cast.owner_of(complete.organization), officer, cast.owner_of(cast.rival()))
    answers = [signed_in(reader).get(url) for reader in readers]
    assert [answer.status_code for answer in answers] == [200, 200, 404]
    for answer in answers[:2]:
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
        answer.close()


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_officer_reads_the_case_with_masks(complete, officer, signed_in):
    services.submit_verification(complete, by=cast.owner_of(complete.organization))
    page = signed_in(officer).get(reverse("desk-case", args=["verification", complete.number]))
    text = page.content.decode()
    assert page.status_code == 200
    assert ANSWERS["address"] in text
    assert ANSWERS["account_number"] not in text


@pytest.mark.django_db
def test_returns_can_be_pinned_to_every_question():
    organization = cast.make_organization(verified=False)
    targets = dict(cases.targets_of(Verification(organization=organization)))
    assert {"licence", "revenue", "account_number"} <= set(targets)

"""The enterprise registry: imported, compared, taken over row by row."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import answers, services
from accounts.models import EnterpriseRecord
from accounts.services.registry import apply_autofill, import_records
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.lib.spreadsheets import csv_text, read_rows
from innovation_voucher.tests import cast


def row(code, **changed):
    return {
        "统一社会信用代码": code,
        "单位名称": "澄光传感科技有限公司",
        "法定代表人": "周甲",
        "地址": "示例路 1 号",
        "单位性质": "有限责任公司",
        "成立日期": "2020-05-06",
        "注册资本": "5,000,000.00",
        **changed,
    }


@pytest.fixture
def draft(applicant):
    import_records([row(applicant.credit_code)], source="工商登记库")
    return services.start_verification(applicant, by=cast.owner_of(applicant))


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_difference_lists_old_and_new(draft):
    rows = {row.field: (row.old, row.new) for row in answers.autofill_diff(draft)}
    assert rows == {
        "address": ("未填写", "示例路 1 号"),
        "nature": ("未填写", "有限责任公司"),
        "founded_on": ("未填写", "2020-05-06"),
        "legal_person": ("未填写", "周甲"),
    }


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_only_ticked_rows_are_taken_over(draft):
    apply_autofill(draft, ["address"], by=cast.owner_of(draft.organization))
    draft.refresh_from_db()
    assert draft.answers["unit"]["address"] == "示例路 1 号"
    assert "nature" not in draft.answers["unit"]
    assert AuditRow.objects.get(verb="verification.autofilled").reason == "工商登记库"


@pytest.mark.django_db
@pytest.mark.parametrize("ticked", [[], ["credit_code"], ["holder"]])
def test_nothing_ticked_or_nothing_on_offer_is_refused(draft, ticked):
    before = draft.answers
    with pytest.raises(Refused, match="至少一项"):
        apply_autofill(draft, ticked, by=cast.owner_of(draft.organization))
    draft.refresh_from_db()
    assert draft.answers == before


@pytest.mark.django_db
def test_a_viewer_takes_nothing_over(draft):
    viewer = cast.make_member(draft.organization, role="viewer")
    with pytest.raises(NotAllowed):
        apply_autofill(draft, ["address"], by=viewer)
    draft.refresh_from_db()
    assert "address" not in draft.answers["unit"]


@pytest.mark.django_db
def test_page_shows_source_and_takes_ticks(draft, signed_in):
    client = signed_in(cast.owner_of(draft.organization))
    url = reverse("ent-cert-autofill")
    text = client.get(url).content.decode()
    assert "来源：工商登记库" in text
    assert client.post(url).status_code == 422
    assert client.post(url, {"field": ["nature"]}).url == reverse("ent-cert")
    draft.refresh_from_db()
    assert draft.answers["unit"]["nature"] == "有限责任公司"


@pytest.mark.django_db
def test_page_without_a_record_says_to_fill_in_by_hand(applicant, signed_in):
    services.start_verification(applicant, by=cast.owner_of(applicant))
    text = signed_in(cast.owner_of(applicant)).get(reverse("ent-cert-autofill")).content.decode()
    assert "暂时取不到工商信息，可手动填写" in text


@pytest.mark.django_db
def test_import_renews_and_names_bad_rows():
    code = cast.credit_code()
    import_records([row(code)], source="工商登记库")
    done, problems = import_records(
        [row(code, 单位名称="更名有限公司"), row("91330108MA"), row(cast.credit_code(), 单位名称="")],
        source="工商登记库",
    )
    assert done == 1
    assert [problem[:5] for problem in problems] == ["第 3 行", "第 4 行"]
    assert EnterpriseRecord.objects.get().name == "更名有限公司"


@pytest.mark.django_db
def test_import_counts_the_blank_rows_of_a_file():
    heads = ["统一社会信用代码", "单位名称"]
    text = csv_text(heads, [[cast.credit_code(), "甲"], ["", ""], ["91330108MA", "乙"]])
    done, problems = import_records(read_rows(io.BytesIO(text.encode()), "a.csv"), source="工商登记库")
    assert done == 1
    assert [problem[:5] for problem in problems] == ["第 4 行"]


@pytest.mark.django_db
def test_command_reads_a_csv_file(tmp_path):
    good = row(cast.credit_code())
    file = tmp_path / "records.csv"
    file.write_text("\n".join([",".join(good), ",".join(f'"{value}"' for value in good.values())]), encoding="utf-8")
    out = io.StringIO()
    call_command("import_enterprise_records", str(file), source="登记库", stdout=out)
    assert "1 records imported, 0 left out" in out.getvalue()
    assert EnterpriseRecord.objects.get().source == "登记库"


@pytest.mark.django_db
def test_command_refuses_a_missing_file(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_enterprise_records", str(tmp_path / "none.csv"))
    assert not EnterpriseRecord.objects.exists()

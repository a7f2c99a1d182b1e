"""Rules that read a field cannot be published while no form asks for it."""

from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from vouchers.models import Override, Programme, ProgrammeVersion
from vouchers.presets import PresetBroken, check
from vouchers.services.publishing import publish

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-4")]

LIMIT = {"revenue_max": Decimal(400_000_000)}


def draft(programme: Programme, **parameters: Any) -> ProgrammeVersion:
    return ProgrammeVersion.objects.create(
        programme=programme,
        number=2,
        effective_from=programme.opens_on,
        **{**factories.INSTANT, **parameters},
    )


def override(programme: Programme, **parameters: Any) -> Override:
    return Override.objects.create(
        programme=programme, region=cast.make_region(), effective_from=programme.opens_on, **parameters
    )


def refused(rules: ProgrammeVersion | Override, words: str) -> None:
    with pytest.raises(Refused, match=words) as error:
        publish(rules, by=None)
    assert error.value.code == "rule_gaps"
    rules.refresh_from_db()
    assert rules.published_at is None


def test_a_limit_on_revenue_needs_the_field_that_it_reads(programme: Programme) -> None:
    version = draft(programme, **LIMIT)
    refused(version, "键为 revenue 的必填金额项")
    factories.add_field(version, "revenue", "yuan", "上年度营业收入")
    publish(version, by=None)
    assert version.published_at


@pytest.mark.parametrize(
    "change",
    [{"required": False}, {"classes": ["talent"]}, {"stage": "use"}, {"key": "income"}, {"type": "text"}],
)
def test_a_field_that_not_everybody_answers_is_not_enough(programme: Programme, change: dict[str, Any]) -> None:
    version = draft(programme, **LIMIT)
    values = {"stage": "claim", "key": "revenue", "type": "yuan", "label": "收入", **change}
    version.fieldrows.create(**values)
    refused(version, "上年度收入上限")


def test_a_countys_limit_needs_the_field_in_the_programme(programme: Programme) -> None:
    refused(override(programme, **LIMIT), "上年度收入上限")


def test_a_new_version_keeps_the_field_that_a_countys_limit_reads(programme: Programme) -> None:
    first = draft(programme)
    factories.add_field(first, "revenue", "yuan", "收入")
    publish(first, by=None)
    publish(override(programme, **LIMIT), by=None)
    later = ProgrammeVersion.objects.create(
        programme=programme, number=3, effective_from=programme.opens_on, **factories.INSTANT
    )
    refused(later, "上年度收入上限")


def test_a_review_needs_its_chain(programme: Programme) -> None:
    refused(draft(programme, claim_mode="reviewed"), "须填写申领审核流程")
    refused(override(programme, claim_mode="reviewed"), "须填写申领审核流程")
    publish(draft_with_chain(programme), by=None)


def draft_with_chain(programme: Programme) -> ProgrammeVersion:
    """A third version that names a chain."""
    return ProgrammeVersion.objects.create(
        programme=programme, number=3, effective_from=programme.opens_on, claim_mode="reviewed", claim_chain="any"
    )


@pytest.mark.parametrize(
    ("parameters", "fields", "place"),
    [
        ({"revenue_max": "400000000"}, [], "parameters.revenue_max"),
        (
            {"revenue_max": "1"},
            [{"stage": "claim", "key": "revenue", "label": "收入", "type": "yuan", "required": False}],
            "parameters.revenue_max",
        ),
        ({"claim_mode": "reviewed"}, [], "parameters.claim_chain"),
    ],
)
def test_a_file_is_told_the_same(parameters: dict[str, str], fields: list[Any], place: str) -> None:
    data = factories.preset()
    data["versions"][0]["parameters"].update(parameters)
    data["versions"][0]["fields"] = fields
    with pytest.raises(PresetBroken) as broken:
        check(data)
    assert [line.split(":")[0] for line in broken.value.problems] == [f"versions[0].{place}"]


def test_a_file_that_asks_for_the_revenue_is_whole() -> None:
    data = factories.preset()
    data["versions"][0]["parameters"]["revenue_max"] = "400000000"
    data["versions"][0]["fields"] = [{"stage": "claim", "key": "revenue", "label": "收入", "type": "yuan"}]
    check(data)


@pytest.mark.feature("JS-5")
def test_a_stamped_form_needs_the_evidence_row_that_takes_its_scan(programme: Programme) -> None:
    version = draft(programme, stamped_form=True)
    refused(version, "键为 stamped_form 的一项")
    version.evidencerows.create(stage="claim", key="stamped_form", label="盖章表", formats=["pdf"], max_bytes=1_000)
    publish(version, by=None)
    assert version.published_at


@pytest.mark.feature("JS-5")
@pytest.mark.parametrize("row", [{"stage": "use"}, {"key": "form"}])
def test_another_row_takes_no_stamped_form(programme: Programme, row: dict[str, str]) -> None:
    version = draft(programme, stamped_form=True)
    values = {"stage": "claim", "key": "stamped_form", "label": "表", "formats": ["pdf"], "max_bytes": 9, **row}
    version.evidencerows.create(**values)
    refused(version, "须上传盖章表")


@pytest.mark.feature("JS-5")
def test_a_region_that_wants_a_stamped_form_needs_the_row_too(programme: Programme) -> None:
    refused(override(programme, stamped_form=True), "须上传盖章表")
    assert override_without_stamp(programme).published_at


def override_without_stamp(programme: Programme) -> Override:
    rules = Override.objects.create(
        programme=programme,
        class_key="any",
        effective_from=programme.opens_on,
        stamped_form=False,
    )
    publish(rules, by=None)
    return rules

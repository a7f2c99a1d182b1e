"""Next year's programme and the next version out of what is published; nothing that holds is touched."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from vouchers.models import ClassRow, EvidenceRow, Programme, ProgrammeVersion, TermRow
from vouchers.models.parameters import Parameters
from vouchers.resolve import rows_of
from vouchers.services.drafting import clone_programme, draft_version, lock_draft
from vouchers.services.publishing import publish

from . import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> User:
    return cast.make_officer("330000", "manage_programmes", kind="province")


@pytest.fixture
def source(programme: Programme) -> Programme:
    """A programme whose second version has rows of every kind, bounds and assumed values."""
    version = ProgrammeVersion.objects.create(
        programme=programme,
        number=2,
        effective_from=date(programme.year, 6, 1),
        overridable=["cap_year"],
        bounds={"cap_year": ["0", "500000"]},
        assumed=["cap_year", "terms.correction"],
        **{**factories.INSTANT, "redeemer": "carrier"},
    )
    factories.add_field(version, "revenue", "yuan", "上年度营业收入")
    ClassRow.objects.create(version=version, key="listed", label="名单企业", proof="list")
    TermRow.objects.create(version=version, act="correction", days=10, unit="wd", on_expiry="lapse")
    EvidenceRow.objects.create(version=version, stage="use", key="contract", label="合同", formats=["pdf"], max_bytes=9)
    publish(version, by=None)
    return programme


def cloned(source: Programme, by: User, **changes: Any) -> Programme:
    values = {
        "family": source.family,
        "year": source.year + 1,
        "kind": source.kind,
        "name": "明年的创新券",
        "region": source.region,
    }
    return clone_programme(source, by=by, **{**values, **changes})


def parameters(row: Parameters) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.parameter_names()}


def test_a_copy_for_next_year_is_a_draft_with_everything_that_the_newest_version_says(
    source: Programme, manager: User
) -> None:
    made = cloned(source, manager)
    assert (made.status, made.year, made.name) == ("draft", source.year + 1, "明年的创新券")
    assert made.opens_on == source.opens_on.replace(year=made.year)
    newest, copy = source.versions.get(number=2), made.versions.get()
    assert (copy.number, copy.published_at, copy.effective_from) == (1, None, made.opens_on)
    assert parameters(copy) == parameters(newest)
    assert (copy.overridable, copy.bounds, copy.assumed) == (newest.overridable, newest.bounds, newest.assumed)
    assert rows_of(copy) == rows_of(newest)
    assert {len(rows) for rows in rows_of(copy).values()} == {1}


def test_what_was_copied_stays_as_it_was(source: Programme, manager: User) -> None:
    before = {version.number: (parameters(version), rows_of(version)) for version in source.versions.all()}
    made = cloned(source, manager)
    ProgrammeVersion.objects.filter(programme=made).update(redeemer="enterprise")
    after = {version.number: (parameters(version), rows_of(version)) for version in source.versions.all()}
    assert after == before
    source.refresh_from_db()
    assert source.status == "open"


def test_local_rules_come_as_drafts_from_the_new_first_day(source: Programme, manager: User) -> None:
    county = cast.make_region(cast.COUNTY)
    for cap in (1_000, 2_000):
        factories.add_override(source, county, cap_year=Decimal(cap))
    factories.add_override(source, class_key="talent", cap_year=Decimal(3_000))
    made = cloned(source, manager)
    found = {(row.region, row.class_key): row for row in made.overrides.all()}
    assert found[county, ""].cap_year == 2_000
    assert found[None, "talent"].cap_year == 3_000
    assert {(row.published_at, row.effective_from, row.prepared_by) for row in found.values()} == {
        (None, made.opens_on, manager)
    }
    assert len(found) == 2


def test_who_copied_local_rules_does_not_publish_them(source: Programme, manager: User) -> None:
    factories.add_override(source, cast.make_region(), cap_year=Decimal(1_000))
    draft = cloned(source, manager).overrides.get()
    publish(draft.programme.versions.get(), by=manager)
    with pytest.raises(Refused, match="拟定人不能确认自己拟定的规则"):
        publish(draft, by=manager)
    draft.refresh_from_db()
    assert draft.published_at is None
    publish(draft, by=cast.make_user())
    assert draft.published_at is not None


def test_into_another_region_come_only_its_own_parts(source: Programme) -> None:
    elsewhere = cast.make_region("510000")
    source.participating.set([cast.make_region(cast.COUNTY)])
    factories.add_override(source, cast.make_region(cast.COUNTY), cap_year=Decimal(1_000))
    other = cast.make_officer("510000", "manage_programmes", kind="province")
    made = cloned(source, other, family="other", region=elsewhere)
    assert (made.region, made.participating.count(), made.overrides.count()) == (elsewhere, 0, 0)
    assert made.versions.get().redeemer == "carrier"


def test_the_leap_day_becomes_the_last_of_february(source: Programme, manager: User) -> None:
    Programme.objects.filter(pk=source.pk).update(opens_on=date(2028, 2, 29), year=2028)
    source.refresh_from_db()
    assert cloned(source, manager).opens_on == date(2029, 2, 28)


def test_the_same_year_twice_is_refused_and_leaves_nothing(source: Programme, manager: User) -> None:
    cloned(source, manager)
    with pytest.raises(Refused, match="已有同一系列、年度和券种的方案"):
        cloned(source, manager)
    assert Programme.objects.count() == 2
    assert cloned(source, manager, kind="b").kind == "b"


def test_without_the_right_on_the_new_region_nothing_is_copied(source: Programme, manager: User) -> None:
    with pytest.raises(NotAllowed, match="管理方案"):
        cloned(source, manager, region=cast.make_region("510000"))
    assert Programme.objects.count() == 1
    assert not AuditRow.objects.filter(verb="programme.cloned").exists()


def test_only_what_is_published_is_copied(manager: User, source: Programme) -> None:
    draft = cloned(source, manager)
    with pytest.raises(Refused, match="还没有公布规则"):
        cloned(draft, manager)


def test_who_copied_what_is_in_the_audit(source: Programme, manager: User) -> None:
    made = cloned(source, manager)
    row = AuditRow.objects.get(verb="programme.cloned")
    assert (row.subject_id, row.actor_id, row.after) == (made.pk, manager.pk, {"source": str(source)})


# --- The next version ----------------------------------------------------------------------------


def test_the_next_version_begins_as_the_newest_one(source: Programme, manager: User) -> None:
    day = date(source.year + 1, 1, 1)
    draft = draft_version(source, by=manager, effective_from=day)
    assert (draft.number, draft.effective_from, draft.published_at) == (3, day, None)
    assert parameters(draft) == parameters(source.versions.get(number=2))
    assert rows_of(draft) == rows_of(source.versions.get(number=2))


def test_one_draft_at_a_time(source: Programme, manager: User) -> None:
    day = date(source.year + 1, 1, 1)
    draft = draft_version(source, by=manager, effective_from=day)
    with pytest.raises(Refused, match="第 3 版还是草稿"):
        draft_version(source, by=manager, effective_from=day)
    publish(draft, by=manager)
    assert draft_version(source, by=manager, effective_from=day).number == 4


def test_a_stranger_begins_no_version(source: Programme) -> None:
    other = cast.make_officer("510000", "manage_programmes", kind="province")
    with pytest.raises(NotAllowed):
        draft_version(source, by=other, effective_from=date(source.year + 1, 1, 1))
    assert source.versions.count() == 2


def test_what_was_published_meanwhile_is_not_edited(source: Programme, manager: User) -> None:
    draft = draft_version(source, by=manager, effective_from=date(source.year + 1, 1, 1))
    lock_draft(draft)
    publish(ProgrammeVersion.objects.get(pk=draft.pk), by=manager)
    with pytest.raises(Refused, match="已经公布"):
        lock_draft(draft)

"""Every scheme that is shipped can be copied for the next year and means the same there."""

import json
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path

import pytest

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from vouchers.changes import before, changes
from vouchers.local_rule_forms import LocalRulesForm
from vouchers.local_rules import LocalRules, rules_in
from vouchers.models import Programme
from vouchers.models.parameters import Parameters
from vouchers.parameter_words import NOTHING, value_words
from vouchers.resolve import drafted, resolve
from vouchers.services.drafting import clone_programme, draft_version
from vouchers.services.loading import load_programme
from vouchers.services.publishing import publish
from vouchers.trials import DECIDED, tried

from . import factories

pytestmark = pytest.mark.django_db

PATHS = sorted(factories.PRESETS.glob("*.json"))
each = pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])


def loaded(path: Path) -> Programme:
    preset = json.loads(path.read_text(encoding="utf-8"))
    load_programme(preset)
    return Programme.objects.get(family=preset["programme"]["family"], kind=preset["programme"]["kind"])


@pytest.fixture(scope="module")
def built(kept: Path) -> dict[Path, Programme]:
    return {path: loaded(path) for path in PATHS}


@pytest.fixture
def source(built: dict[Path, Programme], path: Path) -> Programme:
    return deepcopy(built[path])


def manager_of(programme: Programme) -> User:
    return cast.make_officer(programme.region.code, "manage_programmes", kind="province")


def next_year(source: Programme, by: User) -> Programme:
    return clone_programme(
        source,
        by=by,
        family=source.family,
        year=source.year + 1,
        kind=source.kind,
        name=source.name,
        region=source.region,
    )


def places(programme: Programme) -> list[Region]:
    """Regions with rules of their own, and one without."""
    with_own = [row.region for row in programme.overrides.select_related("region") if row.region]
    return [*with_own, programme.participating.first() or programme.region]


@each
def test_a_copy_for_next_year_has_no_changes_and_every_row(source: Programme) -> None:
    copy = next_year(source, manager_of(source)).versions.get()
    assert before(copy) == source.versions.order_by("-number").first()
    assert changes(source.versions.order_by("-number")[0], copy) == []


@each
def test_a_published_copy_decides_as_its_source_everywhere(source: Programme) -> None:
    made = next_year(source, manager_of(source))
    for draft in (*made.versions.all(), *made.overrides.all()):
        publish(draft, by=None)
    now, later = date(source.year, 12, 31), date(made.year, 12, 31)
    for region in places(source):
        was = resolve(source, region, class_key="", day=now)
        assert resolve(made, region, class_key="", day=later).digest == was.digest


@each
def test_participating_regions_come_along(source: Programme) -> None:
    made = next_year(source, manager_of(source))
    assert set(made.participating.all()) == set(source.participating.all())
    scopes = {(row.region, row.class_key) for row in source.overrides.select_related("region")}
    assert {(row.region, row.class_key) for row in made.overrides.select_related("region")} == scopes


@each
def test_draft_rules_are_tried_as_they_would_be_resolved(source: Programme) -> None:
    version = source.versions.order_by("-number")[0]
    for region in places(source):
        assert drafted(version, region).digest == resolve(source, region, class_key="", day=calendar.today()).digest
        found = tried(version, amount=factories.facts(30_000).contract_amount, region=region)
        assert found.subsidy.decided_by in DECIDED
        assert found.subsidy.amount >= 0
        assert found.subsidy.words


@each
def test_every_value_of_a_preset_reads_without_code(source: Programme) -> None:
    version = source.versions.order_by("-number")[0]
    for name in Parameters.parameter_names():
        words = value_words(name, getattr(version, name))
        assert words
        assert (words == NOTHING) == (getattr(version, name) in (None, "", []))
        assert "[" not in words or name in ("order_number", "account_number")


@each
def test_the_next_version_of_a_preset_begins_as_the_newest(source: Programme) -> None:
    newest = source.versions.order_by("-number")[0]
    draft = draft_version(source, by=manager_of(source), effective_from=calendar.today() + timedelta(days=1))
    assert draft.number == newest.number + 1
    assert changes(newest, draft) == []
    publish(draft, by=None)


# --- Local rules of the presets ---------------------------------------------------------------------


def seen_by_its_regions(programme: Programme) -> list[tuple[Region, LocalRules]]:
    regions = places(programme)
    return [(region, rules) for region in regions for rules in rules_in(region, programme=programme)]


@each
def test_regions_read_their_own_values_beside_the_programmes(source: Programme) -> None:
    for region, rules in seen_by_its_regions(source):
        policy = resolve(source, region, class_key="", day=calendar.today())
        for line in (*rules.lines, *rules.fixed):
            assert line.label
            assert line.given
        for name in rules.version.overridable:
            ours = getattr(rules.ours, name, None)
            decided = ours if ours is not None else rules.given(name)
            assert (decided is None) == (getattr(policy, name) is None), name


@each
def test_the_form_of_local_rules_takes_what_holds_now(source: Programme) -> None:
    """Posting the form as it is shown changes no value."""
    for region, rules in seen_by_its_regions(source):
        latest = rules.ours
        shown = LocalRulesForm(None, rules=rules, region=region, latest=latest)
        sent = {name: field.value() for name, field in ((f.name, f) for f in shown) if field.value() is not None}
        day = {"effective_from": (calendar.today() + timedelta(days=3)).isoformat()}
        form = LocalRulesForm({**sent, **day}, rules=rules, region=region, latest=latest)
        assert form.is_valid(), form.errors
        said = {name: getattr(latest, name, None) for name in form.names}
        assert form.parameters == {name: value for name, value in said.items() if value is not None}

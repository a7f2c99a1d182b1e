"""Loading a scheme's file again: what is there stays, what staff changed too."""

from typing import Any

import pytest

from innovation_voucher.casework.models import Chain
from innovation_voucher.tests import cast
from vouchers.models import Override, Programme, ProgrammeVersion
from vouchers.presets import PresetBroken
from vouchers.services.loading import load_programme

from . import factories

pytestmark = pytest.mark.django_db

Preset = dict[str, Any]


@pytest.fixture
def preset() -> Preset:
    for code in ("330000", "330106", "330108"):
        cast.make_region(code)
    return factories.preset()


def test_a_broken_second_load_leaves_the_first_as_it_was(preset: Preset) -> None:
    load_programme(preset)
    before = list(Programme.objects.values()), list(ProgrammeVersion.objects.values()), list(Override.objects.values())
    preset["programme"]["opens_on"] = "spring"
    with pytest.raises(PresetBroken):
        load_programme(preset)
    assert before == (
        list(Programme.objects.values()),
        list(ProgrammeVersion.objects.values()),
        list(Override.objects.values()),
    )


def test_a_chain_that_is_there_keeps_the_steps_of_its_staff(preset: Preset) -> None:
    load_programme(preset)
    step = Chain.objects.get(key="zj-redemption").steps.get()
    step.working_days = 9
    step.save()
    preset["chains"][0]["steps"][0]["working_days"] = 1
    assert load_programme(preset) == []
    step.refresh_from_db()
    assert step.working_days == 9


def test_a_programme_that_was_closed_is_not_opened_by_loading(preset: Preset) -> None:
    preset["programme"]["open"] = False
    assert "opened" not in load_programme(preset)
    assert Programme.objects.get().status == "draft"
    preset["programme"]["open"] = True
    assert load_programme(preset) == ["opened"]
    assert load_programme(preset) == []


def test_a_version_of_later_days_is_loaded_with_its_rows_beside_the_first(preset: Preset) -> None:
    load_programme(preset)
    second = {**preset["versions"][0], "number": 2, "effective_from": "2026-07-01", "terms": [], "assumed": []}
    preset["versions"].append(second)
    assert load_programme(preset) == ["version 2"]
    first, later = ProgrammeVersion.objects.order_by("number")
    assert first.termrows.count() == len(preset["versions"][0]["terms"])
    assert later.termrows.count() == 0
    assert later.evidencerows.count() == first.evidencerows.count()
    assert first.published_at != later.published_at


def test_an_override_of_a_class_is_loaded_for_all_regions(preset: Preset) -> None:
    preset["overrides"] = [
        {"class_key": "talent", "effective_from": "2026-01-01", "parameters": {"cap_year": "300000"}},
    ]
    assert "override talent 1" in load_programme(preset)
    row = Override.objects.get()
    assert (row.region, row.class_key, row.number, row.cap_year) == (None, "talent", 1, 300_000)
    assert load_programme(preset) == []


def test_only_the_listed_regions_take_part(preset: Preset) -> None:
    preset["programme"]["participating"] = ["330106", "330108"]
    load_programme(preset)
    assert set(Programme.objects.get().participating.values_list("code", flat=True)) == {"330106", "330108"}


@pytest.mark.parametrize("row", [{"terms": 0}, {"evidence": 0}])
def test_a_row_that_was_taken_out_of_a_published_version_is_noticed(preset: Preset, row: dict[str, int]) -> None:
    preset["versions"][0]["assumed"] = []
    load_programme(preset)
    (key, index), *_rest = row.items()
    del preset["versions"][0][key][index]
    with pytest.raises(PresetBroken, match=f"version 1.{key}: published with other rows"):
        load_programme(preset)

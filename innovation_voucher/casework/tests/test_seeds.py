"""The committed data: a whole tree with points, and the days that differ."""

import time
from datetime import date

import pytest
from django.core.management import call_command

from innovation_voucher.casework import invariants, seeds
from innovation_voucher.casework.models import CalendarDay, Region

pytestmark = pytest.mark.django_db


def test_the_migration_brought_the_whole_tree() -> None:
    counts = {level: Region.objects.filter(level=level).count() for level in ("province", "city", "county")}
    assert counts == {"province": 34, "city": 333, "county": 2845}
    assert list(invariants.region_paths()) == []


def test_a_county_hangs_below_its_city() -> None:
    county = Region.objects.get(code="330108")
    assert county.path == "330000/330100/330108/"
    assert county.full_name == "浙江省杭州市滨江区"
    assert county.parent is not None
    assert (county.parent.code, county.parent.level) == ("330100", "city")


def test_a_county_of_a_municipality_hangs_below_the_municipality() -> None:
    county = Region.objects.get(code="310115")
    assert county.path == "310000/310115/"
    assert not Region.objects.filter(code="310100").exists()


def test_a_city_without_counties_is_still_a_city() -> None:
    assert Region.objects.get(code="441900").level == "city"
    assert Region.objects.get(code="429004").path == "420000/429004/"


def test_points_lie_inside_their_country_and_near_their_parent() -> None:
    placed = Region.objects.filter(latitude__isnull=False)
    assert Region.objects.count() - placed.count() == 5
    assert not placed.exclude(latitude__range=(3, 54), longitude__range=(73, 136)).exists()
    county = Region.objects.get(code="330108")
    assert (county.latitude, county.longitude) == (pytest.approx(30.18, abs=0.05), pytest.approx(120.18, abs=0.05))


def test_loading_again_changes_nothing() -> None:
    assert seeds.load_regions() == seeds.Loaded(0, 0)


def test_what_was_changed_or_lost_is_brought_back() -> None:
    Region.objects.filter(code="330108").update(name="错", full_name="错", path="错/")
    Region.objects.filter(code="330106").delete()
    assert seeds.load_regions() == seeds.Loaded(1, 1)
    assert Region.objects.get(code="330108").full_name == "浙江省杭州市滨江区"
    assert Region.objects.get(code="330106").path == "330000/330100/330106/"


def test_a_zone_stays_and_follows_its_county() -> None:
    county = Region.objects.get(code="330108")
    zone = Region.objects.create(
        code="330108G01", name="区", full_name="区", level="zone", parent=county, path="elsewhere/"
    )
    assert seeds.load_regions() == seeds.Loaded(0, 1)
    zone.refresh_from_db()
    assert zone.path == "330000/330100/330108/330108G01/"


def test_loading_into_an_empty_table_is_quick() -> None:
    Region.objects.all()._raw_delete("default")
    began = time.process_time()
    assert seeds.load_regions().added == 3212
    # CPU seconds of Python: what else the machine does counts little.
    assert time.process_time() - began < 3


def test_the_command_says_what_it_did(capsys) -> None:
    Region.objects.filter(code="330106").delete()
    call_command("load_regions")
    assert capsys.readouterr().out == "1 added, 0 changed\n"


def test_the_calendar_names_only_days_that_differ() -> None:
    days = CalendarDay.objects.all()
    assert {day.day.year for day in days} == {2024, 2025, 2026}
    assert all(day.workday != (day.day.weekday() < 5) for day in days)
    assert CalendarDay.objects.get(day=date(2026, 2, 14)).workday


def test_a_day_that_people_changed_is_kept() -> None:
    CalendarDay.objects.filter(day=date(2026, 2, 14)).update(workday=False)
    CalendarDay.objects.filter(day=date(2026, 1, 1)).delete()
    assert seeds.load_calendar(CalendarDay) == seeds.Loaded(1, 0)
    assert not CalendarDay.objects.get(day=date(2026, 2, 14)).workday


def test_the_files_are_small() -> None:
    assert sum(path.stat().st_size for path in seeds.FOLDER.glob("*.csv")) < 300_000

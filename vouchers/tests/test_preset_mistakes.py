"""A scheme's file with a mistake: every place is named at once, and nothing is written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from innovation_voucher.tests import cast
from vouchers.models import Programme
from vouchers.presets import PresetBroken, check

from . import factories

pytestmark = pytest.mark.django_db

Preset = dict[str, Any]
Change = Callable[[Preset], object]


@pytest.fixture
def preset() -> Preset:
    for code in ("330000", "330106", "330108"):
        cast.make_region(code)
    return factories.preset()


def problems(preset: Any) -> list[str]:
    with pytest.raises(PresetBroken) as broken:
        check(preset)
    assert not Programme.objects.exists()
    return broken.value.problems


def parameters(preset: Preset) -> dict[str, Any]:
    found: dict[str, Any] = preset["versions"][0]["parameters"]
    return found


def put(*path: Any, to: Any) -> Change:
    """A change that puts a value at a place of the file."""

    def change(preset: Preset) -> None:
        place: Any = preset
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to

    return change


def drop(*path: Any) -> Change:
    """A change that takes a value out of the file."""

    def change(preset: Preset) -> None:
        place: Any = preset
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]

    return change


def again(*path: Any) -> Change:
    """A change that writes the first row of a list twice."""

    def change(preset: Preset) -> None:
        rows: Any = preset
        for key in path:
            rows = rows[key]
        rows.append(dict(rows[0]))

    return change


def test_the_file_of_the_product_has_no_problem(preset: Preset) -> None:
    assert check(preset) is None


SHAPES: list[tuple[Change, str]] = [
    (put("programme", to=[]), "file: 'programme' is no object"),
    (put("versions", to={}), "file: 'versions' is no list of objects"),
    (put("versions", to=["one"]), "file: 'versions' is no list of objects"),
    (put("chains", to="redemption"), "file: 'chains' is no list of objects"),
    (put("overrides", to=7), "file: 'overrides' is no list of objects"),
    (put("versions", 0, "terms", to={"act": "x"}), "versions[0]: 'terms' is no list of objects"),
    (put("versions", 0, "parameters", to=[]), "versions[0]: 'parameters' is no object"),
    (put("versions", 0, "bounds", to=[]), "versions[0]: 'bounds' is no object"),
    (put("chains", 0, "steps", to=[1]), "chains[0]: 'steps' is no list of objects"),
    (put("overrides", 0, "parameters", to="cap_year"), "overrides[0]: 'parameters' is no object"),
]


@pytest.mark.parametrize(("change", "line"), SHAPES)
def test_something_of_another_shape_is_said_and_not_read(preset: Preset, change: Change, line: str) -> None:
    change(preset)
    assert problems(preset) == [line]


@pytest.mark.parametrize("content", [[], "zj", 7, None])
def test_a_file_that_is_no_object_is_said(content: Any) -> None:
    assert problems(content) == ["file: is no object"]


MISSING: list[tuple[Change, str]] = [
    (drop("programme"), "file: 'programme' is missing"),
    (drop("versions"), "file: 'versions' is missing"),
    (drop("programme", "family"), "programme: 'family' is missing"),
    (drop("programme", "opens_on"), "programme: 'opens_on' is missing"),
    (drop("versions", 0, "number"), "versions[0]: 'number' is missing"),
    (drop("versions", 0, "effective_from"), "versions[0]: 'effective_from' is missing"),
    (drop("versions", 0, "parameters"), "versions[0]: 'parameters' is missing"),
    (drop("overrides", 0, "effective_from"), "overrides[0]: 'effective_from' is missing"),
    (drop("chains", 0, "key"), "chains[0]: 'key' is missing"),
    (drop("chains", 0, "name"), "chains[0]: 'name' is missing"),
]


@pytest.mark.parametrize(("change", "line"), MISSING)
def test_what_is_missing_is_named(preset: Preset, change: Change, line: str) -> None:
    change(preset)
    assert line in problems(preset)


VALUES: list[tuple[Change, str]] = [
    (put("programme", "year", to="this"), "programme.year:"),
    (put("programme", "opens_on", to="spring"), "programme.opens_on:"),
    (put("programme", "kind", to="not a slug"), "programme.kind:"),
    (put("programme", "name", to="名" * 101), "programme.name:"),
    (put("programme", "participating", to=["330108", "000000"]), "programme: there is no region '000000'"),
    (put("versions", 0, "number", to=-1), "versions[0].number:"),
    (put("versions", 0, "effective_from", to="2026-13-01"), "versions[0].effective_from:"),
    (put("overrides", 0, "effective_from", to="soon"), "overrides[0].effective_from:"),
    (put("overrides", 0, "number", to="first"), "overrides[0].number:"),
    (put("overrides", 0, "parameters", "cap_year", to="many"), "overrides[0].parameters.cap_year:"),
    (put("versions", 0, "bounds", "cap_year", to=[0]), "versions[0].bounds.cap_year: is no pair of numbers"),
    (put("versions", 0, "bounds", "cap_year", to=["a", "b"]), "versions[0].bounds.cap_year: is no pair of numbers"),
    (put("versions", 0, "bounds", "luck", to=[0, 1]), "versions[0].bounds: no parameter 'luck'"),
    (put("versions", 0, "overridable", to=["luck"]), "versions[0].overridable: no parameter 'luck'"),
    (put("versions", 0, "terms", 0, "days", to=-2), "versions[0].terms[0].days:"),
    (put("versions", 0, "terms", 0, "on_expiry", to="shrug"), "versions[0].terms[0].on_expiry:"),
    (put("versions", 0, "evidence", 0, "stage", to="later"), "versions[0].evidence[0].stage:"),
    (put("chains", 0, "name", to="长" * 400), "chains[0].name:"),
]


@pytest.mark.parametrize(("change", "line"), VALUES)
def test_a_value_that_its_column_cannot_hold_is_named(preset: Preset, change: Change, line: str) -> None:
    change(preset)
    found = problems(preset)
    assert any(problem.startswith(line) for problem in found), found


PARAMETERS = [
    ("eligible_classes", "any", "is no list of texts"),
    ("eligible_classes", [1], "is no list of texts"),
    ("invoice_fields", {"number": True}, "is no list of texts"),
    ("redeem_grace", "March", "is no month-day"),
    ("redeem_grace", "02-29", "is no month-day"),
    ("window_from", "13-01", "is no month-day"),
    ("window_to", "0315", "is no month-day"),
    ("order_number", "ZJ{day}", "is no pattern"),
    ("account_number", "{yyyy}{colour}", "is no pattern"),
    ("subsidy_tiers", [], "start at 0"),
    ("subsidy_tiers", [["0", "2"]], "start at 0"),
    ("subsidy_tiers", [["0", "x"]], "start at 0"),
    ("subsidy_tiers", [["0"]], "start at 0"),
]


@pytest.mark.parametrize(("name", "value", "words"), PARAMETERS)
def test_a_parameter_that_nothing_could_be_computed_from_is_named(
    preset: Preset, name: str, value: Any, words: str
) -> None:
    parameters(preset)[name] = value
    found = problems(preset)
    assert len(found) == 1
    assert found[0].startswith(f"versions[0].parameters.{name}: ")
    assert words in found[0]


@pytest.mark.parametrize("name", ["redeem_grace", "window_from", "order_number", "account_number", "subsidy_tiers"])
def test_a_parameter_that_is_left_open_is_no_mistake(preset: Preset, name: str) -> None:
    parameters(preset)[name] = None
    assert check(preset) is None


TWICE: list[tuple[Change, str]] = [
    (again("versions"), "file.versions: 1 stands there twice"),
    (again("overrides"), "file.overrides: "),
    (again("chains"), "file.chains: zj-redemption stands there twice"),
    (again("versions", 0, "terms"), "versions[0].terms: order_answer stands there twice"),
    (again("versions", 0, "evidence"), "versions[0].evidence: use/contract stands there twice"),
]


@pytest.mark.parametrize(("change", "line"), TWICE)
def test_what_stands_there_twice_is_named(preset: Preset, change: Change, line: str) -> None:
    change(preset)
    assert [problem for problem in problems(preset) if problem.startswith(line)]


def test_an_override_of_nothing_is_no_override(preset: Preset) -> None:
    preset["overrides"][0]["region"] = ""
    assert "overrides[0]: names neither a region nor a class" in problems(preset)


def test_all_mistakes_are_said_at_once(preset: Preset) -> None:
    preset["programme"]["color"] = "red"
    parameters(preset)["cap_yeer"] = "1"
    preset["overrides"][0]["region"] = "999999"
    assert len(problems(preset)) == 3


@pytest.mark.parametrize(("name", "most"), [("cap_year", "500000"), ("cap_year", "0")])
def test_the_ends_of_a_bound_belong_to_it(preset: Preset, name: str, most: str) -> None:
    preset["overrides"][0]["parameters"][name] = most
    assert check(preset) is None


def test_the_command_prints_each_problem_on_its_line(preset: Preset, tmp_path: Path) -> None:
    preset["programme"]["year"] = "this"
    preset["versions"][0]["effective_from"] = "soon"
    file = tmp_path / "two.json"
    file.write_text(json.dumps(preset))
    with pytest.raises(CommandError) as error:
        call_command("load_programme", str(file))
    lines = str(error.value).splitlines()
    assert lines[0].endswith("cannot be loaded:")
    assert [line.partition(":")[0] for line in lines[1:]] == ["programme.year", "versions[0].effective_from"]

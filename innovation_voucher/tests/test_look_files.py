"""What we ship to browsers: the vendored files, their weight, and the strict content policy."""

import hashlib
import importlib.util
import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import brotli
import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
VENDOR = STATIC / "vendor"
LOCK = json.loads((VENDOR / "vendor.lock").read_text())
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
#: Names a paper size: a sheet that becomes a PDF on the server and never reaches a browser.
PAPER = "@page"
SHEETS = ["vendor/govuk-frontend.min.css", "portal.css"]
FIRST_VISIT = ["vendor/govuk-frontend.min.css", "portal.css", "portal.js", "vendor/govuk-frontend.min.js"]


def load_vendoring() -> object:
    spec = importlib.util.spec_from_file_location("vendor_assets", settings.BASE_DIR / "deploy/vendor_assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("entry", LOCK, ids=lambda entry: entry["file"])
def test_vendored_files_are_the_locked_ones(entry: dict[str, str]) -> None:
    content = (settings.BASE_DIR / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]


def test_every_vendored_file_is_locked() -> None:
    present = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.lock"
    }
    locked = {entry["file"] for entry in LOCK}
    assert present == {name for name in locked if name.startswith("static/")}


def test_nothing_of_the_british_government_is_left() -> None:
    sheet = (VENDOR / "govuk-frontend.min.css").read_text()
    assert "GDS Transport" not in sheet
    assert "url(/assets" not in sheet
    assert "var(--font-ui" in sheet


def test_no_source_map_is_named_since_collectstatic_would_look_for_it() -> None:
    for path in VENDOR.rglob("*.[cj]s*"):
        assert "sourceMappingURL" not in path.read_text(errors="replace"), path.name


def test_an_upgrade_that_changes_the_sheet_is_noticed() -> None:
    module = load_vendoring()
    with pytest.raises(ValueError, match="expected 2 matches, found 0"):
        module.edited("govuk-frontend.min.css", "a{color:red}")  # type: ignore[attr-defined]


def test_the_first_visit_is_light() -> None:
    assert weight(FIRST_VISIT) <= 85_000


def weight(names: list[str]) -> int:
    return sum(len(brotli.compress((STATIC / name).read_bytes())) for name in names)


def test_the_sheets_of_a_page_weigh_twenty_kilobytes_at_most() -> None:
    assert weight(SHEETS) <= 18_432
    assert weight([*SHEETS, "home.css"]) <= 20_480
    assert weight([*SHEETS, "notices.css"]) <= 20_480


def named() -> Iterator[str]:
    """Every class of the vendored sheet's kind that a template, a script of ours or Python names."""
    folders = ["templates", "static", "innovation_voucher", "accounts", "carriers", "vouchers", "orders", "redemption"]
    for path in chain.from_iterable((settings.BASE_DIR / folder).rglob("*.*") for folder in folders):
        if path.suffix in {".html", ".js", ".py", ".css"} and not {"vendor", "tests"} & set(path.parts):
            yield from re.findall(r"govuk-[\w-]+", path.read_text())


def test_no_page_uses_a_class_that_was_left_out_of_the_sheet() -> None:
    entry = next(entry for entry in LOCK if entry["file"].endswith("govuk-frontend.min.css"))
    left_out = set(entry["left_out"].split())
    assert {"govuk-accordion", "govuk-tabs"} <= left_out
    assert not {name for name in named() if name in left_out}, "run deploy/vendor_assets.py again"


def test_classes_of_the_packages_own_script_are_kept() -> None:
    sheet = (VENDOR / "govuk-frontend.min.css").read_text()
    for name in ("file-upload-button__status", "checkboxes__conditional--hidden", "skip-link-focused-element"):
        assert f".govuk-{name}" in sheet


CUT = [
    (".govuk-a{x:y}.govuk-b{x:y}", ".govuk-a{x:y}"),
    (".govuk-a,.govuk-b,.govuk-a .own{x:y}", ".govuk-a,.govuk-a .own{x:y}"),
    ("body,a:hover{x:y}", "body,a:hover{x:y}"),
    (".govuk-a:not(.govuk-b){x:y}", ".govuk-a:not(.govuk-b){x:y}"),
    (".govuk-a:not(.govuk-b,.govuk-c){x:y}", ".govuk-a:not(.govuk-b,.govuk-c){x:y}"),
    ("@media print{.govuk-b{x:y}}", ""),
    ("@media print{.govuk-a{x:y}.govuk-b{x:y}}", "@media print{.govuk-a{x:y}}"),
    ("@supports (x:max(0px)){@media print{.govuk-a{x:y}}}", "@supports (x:max(0px)){@media print{.govuk-a{x:y}}}"),
    ('@charset "UTF-8";:root{--a:b}', '@charset "UTF-8";:root{--a:b}'),
]


@pytest.mark.parametrize(("sheet", "left"), CUT)
def test_the_cut_keeps_what_can_match_and_nothing_else(sheet: str, left: str) -> None:
    assert load_vendoring().cut(sheet, {"govuk-a"}) == left  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_keep_to_the_content_policy(path: Path) -> None:
    html = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    styles = "" if PAPER in html else "<style|"
    assert not re.search(styles + r"\sstyle\s*=|\son[a-z]+\s*=|javascript:", html)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", html))
    assert not re.search(r"(?:src|href)=\"https?://(?!www\.w3\.org)", html)


def test_the_sheet_loads_nothing_from_elsewhere() -> None:
    for name in ("portal.css", "home.css", "map.css", "notices.css", "admin-theme.css"):
        for url in re.findall(r"url\(([^)]*)\)", (STATIC / name).read_text()):
            assert (STATIC / url.strip("'\"")).is_file(), url

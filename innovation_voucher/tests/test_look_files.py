"""What we ship to browsers: the vendored files, their weight, and the strict content policy."""

import hashlib
import importlib.util
import json
import re
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
    total = sum(len(brotli.compress((STATIC / name).read_bytes())) for name in FIRST_VISIT)
    assert total <= 85_000


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_keep_to_the_content_policy(path: Path) -> None:
    html = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    styles = "" if PAPER in html else "<style|"
    assert not re.search(styles + r"\sstyle\s*=|\son[a-z]+\s*=|javascript:", html)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", html))
    assert not re.search(r"(?:src|href)=\"https?://(?!www\.w3\.org)", html)


def test_the_sheet_loads_nothing_from_elsewhere() -> None:
    for name in ("portal.css", "admin-theme.css"):
        for url in re.findall(r"url\(([^)]*)\)", (STATIC / name).read_text()):
            assert (STATIC / url.strip("'\"")).is_file(), url

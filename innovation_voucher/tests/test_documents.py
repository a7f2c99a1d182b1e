"""What the documents say is there: links, commands, sign-ins, parameters, reasons."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from innovation_voucher.demo.casts import CARRIERS, EXPERTS, FIRMS, OFFICES
from innovation_voucher.demo.people import PASSWORD
from vouchers.models.parameters import Parameters

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#]+)[^)]*\)")
#: Sections that a change log groups its lines by.
GROUPS = {"Added", "Changed", "Fixed"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def links_of(path: Path) -> list[str]:
    return [link for link in LINK.findall(text_of(path)) if "://" not in link]


def everybody() -> set[str]:
    """User names of the demo world."""
    officers = {name for office in OFFICES for name, _words in office.people}
    experts = {row.username for row in EXPERTS}
    return {row.key for row in (*FIRMS, *CARRIERS)} | officers | experts


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_to_something(document: Path) -> None:
    gone = [link for link in links_of(document) if not (document.parent / link).exists()]
    assert gone == []


def test_every_picture_of_the_screens_is_shown() -> None:
    shown = {Path(link).name for link in links_of(ROOT / "docs" / "screens.md")}
    kept = {path.name for path in (ROOT / "docs" / "screens").glob("*.png")}
    assert kept - shown == set()
    assert shown - kept == set()


def test_each_screen_is_shown_wide_and_on_a_phone() -> None:
    names = {path.stem.rsplit("_", 1)[0] for path in (ROOT / "docs" / "screens").glob("*.png")}
    missing = [
        f"{name}_{width}"
        for name in names
        for width in (1366, 390)
        if not (ROOT / "docs" / "screens" / f"{name}_{width}.png").exists()
    ]
    assert missing == []


def test_the_readme_names_every_demo_account_and_their_password() -> None:
    readme = text_of(ROOT / "README.md")
    assert {name for name in everybody() if f"`{name}`" not in readme} == set()
    assert PASSWORD in readme


def test_the_readme_names_no_account_that_is_not_made() -> None:
    table = text_of(ROOT / "README.md").split("## Demo sign-ins")[1].split("## How it is built")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert named - everybody() == set()


def test_every_make_target_that_the_readme_names_exists() -> None:
    makefile = text_of(ROOT / "Makefile")
    named = set(re.findall(r"\bmake ([a-z]+)", text_of(ROOT / "README.md")))
    assert {"run", "test", "check", "storm", "bench", "clean"} <= named
    assert [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize("name", Parameters.parameter_names())
def test_the_page_of_policy_explains_every_parameter(name: str) -> None:
    assert f"`{name}`" in text_of(ROOT / "docs" / "policy.md")


def test_the_change_log_groups_its_lines() -> None:
    found = set(re.findall(r"^### (.+)$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE))
    assert found <= GROUPS
    assert "Added" in found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_direct_dependency_is_pinned_under_a_reason(name: str) -> None:
    lines = text_of(ROOT / name).splitlines()
    packages = [line for line in lines if line and not line.startswith(("#", "-"))]
    assert packages
    assert [line for line in packages if "==" not in line] == []
    assert lines[0].startswith("#")
    starts = [line for above, line in pairwise(lines) if not above and line]
    assert [line for line in starts if not line.startswith(("#", "-"))] == []


def test_the_licence_of_the_project_and_of_its_fonts_stand_in_the_tree() -> None:
    assert "MIT" in text_of(ROOT / "LICENSE")
    fonts = ROOT / "static" / "fonts"
    assert list(fonts.glob("*.ttf"))
    assert [path for path in fonts.iterdir() if "OFL" in path.name or "LICENSE" in path.name.upper()]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_hashes_and_no_address(name: str) -> None:
    text = text_of(ROOT / name)
    packages = re.findall(r"^[a-z0-9][a-z0-9._\[\]-]*==", text, re.MULTILINE)
    assert len(packages) > 20
    assert text.count("--hash=sha256:") >= len(packages)
    assert "://" not in text


def test_every_decision_is_short_and_numbered() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [path.name for path in decisions if len(text_of(path).splitlines()) > 60] == []


def test_the_operations_page_names_every_key_that_must_be_set() -> None:
    page = text_of(ROOT / "docs" / "operations.md")
    keys = ("SECRET_KEY", "FIELD_KEYS", "QR_KEYS", "DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "BASE_URL")
    assert [key for key in keys if f"`{key}`" not in page] == []

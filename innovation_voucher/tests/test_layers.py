"""The floors: imports and foreign keys go down only, and some words have one home."""

import ast
import logging
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

FLOORS = ("redemption", "orders", "vouchers", "carriers", "accounts", "casework")
PACKAGES = ("innovation_voucher", "redemption", "orders", "vouchers", "carriers", "accounts")
REASON = re.compile(r"#.*\b(lazy|cycle): \S")


def sources(*, tests: bool = False) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts and (tests or "tests" not in path.parts):
                yield path


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def foreign_keys() -> Iterator[tuple[str, str, str]]:
    """(app of the key, app it points to, the key's name), without keys to the user model."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete and field.is_relation else None
            if isinstance(target, type) and target._meta.label != settings.AUTH_USER_MODEL:
                yield model._meta.app_label, target._meta.app_label, f"{model._meta.label}.{field.name}"


def lines_with(pattern: str, *, allowed: tuple[str, ...] = ()) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{name(path)}:{number}: {line.strip()}"
        for path in sources()
        if name(path) not in allowed
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if found.search(line)
    ]


@pytest.fixture
def _loggers_kept() -> Iterator[None]:
    """The linter's own configuration of logging switches every logger off that it does not name."""
    before = {name: row.disabled for name, row in logging.root.manager.loggerDict.items() if hasattr(row, "disabled")}
    yield
    for name, disabled in before.items():
        logging.getLogger(name).disabled = disabled


@pytest.mark.usefixtures("_loggers_kept")
def test_imports_go_down_only(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(str(settings.BASE_DIR / "pyproject.toml"), cache_dir=None)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_module_of_the_top_stands_on_a_floor() -> None:
    """A new module of the top package is added to the list in pyproject.toml."""
    layers = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    listed = {module.strip() for layer in layers["layers"] for module in layer.split("|")}
    top = settings.BASE_DIR / "innovation_voucher"
    modules = {path.stem for path in [*top.glob("*.py"), *(file.parent for file in top.glob("*/__init__.py"))]}
    assert {f"innovation_voucher.{module}" for module in modules - {"__init__", "tests"}} <= listed


def test_foreign_keys_go_down_only() -> None:
    upward = [
        key
        for source, target, key in foreign_keys()
        if source in FLOORS and target in FLOORS and FLOORS.index(source) > FLOORS.index(target)
    ]
    assert upward == []


def test_the_walk_over_foreign_keys_sees_our_apps() -> None:
    assert {source for source, _target, _key in foreign_keys()} >= {"accounts", "vouchers", "orders"}


def imports_in_functions(path: Path) -> Iterator[str]:
    lines = path.read_text().splitlines()
    functions = (n for n in ast.walk(ast.parse("\n".join(lines))) if isinstance(n, ast.FunctionDef))
    for node in (inner for function in functions for inner in ast.walk(function)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            near = " ".join(lines[max(node.lineno - 2, 0) : node.end_lineno])
            # AppConfig.ready() is Django's own place for such an import.
            if not REASON.search(near) and path.name != "apps.py":
                yield f"{name(path)}:{node.lineno}"


def test_an_import_inside_a_function_gives_its_reason() -> None:
    assert sorted({place for path in sources() for place in imports_in_functions(path)}) == []


def test_an_import_without_reason_is_found() -> None:
    assert REASON.search("import weasyprint  # lazy: slow import")
    assert not REASON.search("import weasyprint  # slow")


def test_no_signal_receivers() -> None:
    assert lines_with(r"@receiver\b|\b(pre|post)_(save|delete|init)\.connect\b|m2m_changed") == []


def test_only_rights_imports_guardian() -> None:
    # The tables of rights on a region inherit guardian's abstract models; rights.py asks them.
    home = ("innovation_voucher/casework/rights.py", "innovation_voucher/casework/models/places.py")
    assert lines_with(r"^\s*(from|import) guardian\b", allowed=home) == []


def test_only_the_ledger_writes_entries() -> None:
    home = ("vouchers/ledger.py",)
    writes = (
        r"LedgerEntry\(|LedgerEntry\.objects\.(\w+_)?(create|update|delete|get_or_create)|bulk_create\(.*LedgerEntry"
    )
    definition = r"class LedgerEntry\("
    hits = [line for line in lines_with(writes, allowed=home) if not re.search(definition, line)]
    assert hits == []


def test_no_dumping_ground() -> None:
    assert [name(path) for path in sources(tests=True) if path.stem in {"utils", "helpers", "misc"}] == []

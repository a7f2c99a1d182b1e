"""The files of the project as the scans read them."""

import ast
import re
from functools import cache
from pathlib import Path

from django.conf import settings

BASE: Path = settings.BASE_DIR
PACKAGES = ("innovation_voucher", "redemption", "orders", "vouchers", "carriers", "accounts")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Data and invented people are no application code.
NOT_CODE = {"tests", "demo", "migrations", "conftest.py", "data"}


def _named(paths: list[Path]) -> dict[str, str]:
    return {str(path.relative_to(BASE)): path.read_text(encoding="utf-8") for path in sorted(set(paths))}


def _all_python() -> list[Path]:
    return [path for package in PACKAGES for path in (BASE / package).rglob("*.py")]


@cache
def code() -> dict[str, str]:
    """Application code by file name."""
    return _named([path for path in _all_python() if not NOT_CODE & set(path.relative_to(BASE).parts)])


@cache
def trees() -> dict[str, ast.Module]:
    """The same, parsed."""
    return {name: ast.parse(text) for name, text in code().items()}


@cache
def files_of_tests() -> dict[str, str]:
    """Tests of all packages and the long proofs."""
    folders = [path for path in _all_python() if "tests" in path.parts]
    return _named([*folders, *(BASE / "storm").rglob("*.py")])


@cache
def templates() -> dict[str, str]:
    """Templates by file name, without their comments."""
    roots = [BASE / "templates", *BASE.glob("*/templates"), *BASE.glob("innovation_voucher/*/templates")]
    found = _named([path for root in roots for path in root.rglob("*") if path.suffix in {".html", ".txt"}])
    return {name: uncommented(text) for name, text in found.items()}


@cache
def scripts_and_sheets() -> dict[str, str]:
    """Our own scripts and style sheets."""
    static = BASE / "static"
    return _named([p for p in static.rglob("*") if p.suffix in {".js", ".css"} and "vendor" not in p.parts])


def uncommented(template: str) -> str:
    """The template with every comment blanked; line numbers stay."""
    comments = re.compile(r"{#.*?#}|{% comment .*?endcomment %}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.DOTALL)
    return comments.sub(lambda match: "\n" * match[0].count("\n"), template)


def places(name: str, text: str, pattern: "re.Pattern[str]") -> list[str]:
    """`file:line words` of every hit."""
    return [f"{name}:{text.count(chr(10), 0, hit.start()) + 1} {hit[0].strip()}" for hit in pattern.finditer(text)]

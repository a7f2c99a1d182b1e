"""The bars that keep the code small and typed, measured over the tree."""

import ast
import math
import re
from functools import cache
from pathlib import Path
from statistics import median

import pytest
from django.conf import settings
from radon.visitors import ComplexityVisitor

PACKAGES = ("innovation_voucher", "redemption", "orders", "vouchers", "carriers", "accounts")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def p90(values: list[int]) -> int:
    return sorted(values)[math.ceil(len(values) * 0.9) - 1]


@cache
def texts(kind: str) -> dict[str, str]:
    """Python files of one kind ("code" or "tests") by name, without migrations and empty ones."""
    found = {}
    roots = [settings.BASE_DIR / folder for folder in (*PACKAGES, "storm", "bench")]
    for path in [*settings.BASE_DIR.glob("*.py"), *(p for root in roots for p in root.rglob("*.py"))]:
        text = path.read_text()
        if "migrations" not in path.parts and text.strip() and kind_of(path) == kind:
            found[str(path.relative_to(settings.BASE_DIR))] = text
    return found


def kind_of(path: Path) -> str:
    parts = path.relative_to(settings.BASE_DIR).parts
    return "tests" if {"tests", "storm"} & set(parts) or path.name == "conftest.py" else "code"


def lines(text: str) -> int:
    return len(text.splitlines())


@cache
def functions() -> dict[str, Function]:
    return {
        f"{file}:{node.lineno} {node.name}": node
        for file, text in texts("code").items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, Function)
    }


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@cache
def templates() -> dict[str, int]:
    roots = [settings.BASE_DIR / "templates", *settings.BASE_DIR.glob("*/templates")]
    roots += (settings.BASE_DIR / "innovation_voucher").glob("*/templates")
    found = {path: lines(path.read_text()) for root in roots for path in root.rglob("*.html")}
    return {str(path.relative_to(settings.BASE_DIR)): count for path, count in found.items()}


def over(counts: dict[str, int], bar: int) -> dict[str, int]:
    return {where: count for where, count in counts.items() if count > bar}


@pytest.mark.parametrize("kind", ["code", "tests"])
def test_no_file_has_more_than_450_lines(kind: str) -> None:
    assert over({name: lines(text) for name, text in texts(kind).items()}, 450) == {}


def test_files_are_short() -> None:
    counts = [lines(text) for text in texts("code").values()]
    assert median(counts) <= 80
    assert p90(counts) <= 250


def test_functions_are_short() -> None:
    counts = {where: length(node) for where, node in functions().items()}
    assert over(counts, 60) == {}
    assert median(counts.values()) <= 9
    assert p90(list(counts.values())) <= 25


def test_hardly_a_function_is_complex() -> None:
    blocks = {
        f"{file} {block.name}": block.complexity
        for file, text in texts("code").items()
        for block in ComplexityVisitor.from_code(text).functions
    }
    blocks |= {
        f"{file} {cls.name}.{block.name}": block.complexity
        for file, text in texts("code").items()
        for cls in ComplexityVisitor.from_code(text).classes
        for block in cls.methods
    }
    assert len(over(blocks, 10)) <= len(blocks) * 0.01, over(blocks, 10)


def test_every_function_names_its_return_type() -> None:
    assert [where for where, node in functions().items() if node.returns is None] == []


def test_templates_are_short() -> None:
    assert median(templates().values()) <= 40
    assert over(templates(), 200) == {}


def test_there_is_more_test_than_code() -> None:
    code, tests = (sum(lines(text) for text in texts(kind).values()) for kind in ("code", "tests"))
    assert tests >= 1.4 * code, f"{tests} lines of tests for {code} of code"


def test_mocks_are_rare() -> None:
    source = "\n".join(texts("tests").values())
    mocks = len(re.findall(r"\bmonkeypatch\.set|\bmocker\.|\bmock\.patch|\bMagicMock\(", source))
    assert mocks <= len(re.findall(r"^\s*(?:async )?def test_", source, re.MULTILINE)) * 0.05


def test_nothing_is_skipped_or_left_to_do() -> None:
    # The words are put together here, or this line would find itself.
    words = re.compile("|".join(["mark" + r"\.skip", "mark" + r"\.xfail", r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b"]))
    files = texts("code") | texts("tests")
    assert [where for where, text in files.items() if words.search(text)] == []

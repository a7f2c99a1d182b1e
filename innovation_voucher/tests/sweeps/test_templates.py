"""What every template keeps to: the content policy, tokens in forms, addresses that exist."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.urls import NoReverseMatch, reverse

from innovation_voucher.menus import MAIN, SIDE
from innovation_voucher.tests.sweeps.knocking import names
from innovation_voucher.tests.sweeps.sources import places, templates, trees

INLINE = re.compile(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script\b(?![^>]*\ssrc=)[^>]*>")
FORM = re.compile(r"<form\b(.*?)>(.*?)</form>", re.DOTALL | re.IGNORECASE)
POSTS = re.compile(r"method\s*=\s*[\"']?post", re.IGNORECASE)
URL_TAG = re.compile(r"{%\s*(url|nav_url)\s+[\"']([\w:-]+)[\"']")
#: Sheets that become a PDF on the server carry their own style and never reach a browser.
PAPER = "@page"


@pytest.mark.parametrize("name", sorted(templates()))
def test_nothing_is_inline(name: str) -> None:
    text = templates()[name]
    assert [place for place in places(name, text, INLINE) if not (PAPER in text and place.endswith("<style"))] == []


def posting_forms() -> Iterator[tuple[str, str]]:
    """Every form that posts, with the file it stands in."""
    for name, text in templates().items():
        for attributes, body in FORM.findall(text):
            if POSTS.search(attributes):
                yield name, body


def test_every_form_that_posts_carries_a_csrf_token() -> None:
    assert [name for name, body in posting_forms() if not re.search(r"{%\s*(csrf_token|once_token)", body)] == []
    assert sum(1 for _form in posting_forms()) > 20


def test_once_token_does_not_stand_for_the_csrf_token() -> None:
    lacking = [name for name, body in posting_forms() if "once_token" in body and "csrf_token" not in body]
    assert lacking == []


def once_views() -> set[str]:
    """Modules and names of views under `@once`."""
    return {
        f"{file} {node.name}"
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and any(getattr(d, "id", "") == "once" for d in node.decorator_list)
    }


def rendered(file: str) -> set[str]:
    """Templates that a module of views names."""
    return {
        node.value
        for node in ast.walk(trees()[file])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"\w.*\.html", node.value)
    }


def with_parts(name: str, seen: frozenset[str] = frozenset()) -> str:
    """The text of a template with everything it includes or extends by a literal name."""
    texts = [text for file, text in templates().items() if file.endswith(f"templates/{name}")]
    if not texts or name in seen:
        return ""
    inner = re.findall(r"{%\s*include\s+[\"']([^\"']+)[\"']", texts[0])
    return texts[0] + "".join(with_parts(part, seen | {name}) for part in inner)


def test_pages_of_views_that_act_once_carry_the_token() -> None:
    files = {view.split()[0] for view in once_views()}
    pages = {file: rendered(file) for file in files}
    assert len(once_views()) > 20
    lacking = {
        file: sorted(names)
        for file, names in pages.items()
        if names and not any("once_token" in with_parts(name) for name in names)
    }
    assert lacking == {}


# --- Addresses ------------------------------------------------------------------------------------


def linked(tag: str) -> dict[str, set[str]]:
    """Names in `{% url %}` or `{% nav_url %}` with the templates that use them."""
    found: dict[str, set[str]] = {}
    for file, text in templates().items():
        for which, name in URL_TAG.findall(text):
            if which == tag:
                found.setdefault(name, set()).add(file)
    return found


def reversed_in_code() -> dict[str, set[str]]:
    """Literal names in `reverse()`, `reverse_lazy()` and `redirect()`."""
    found: dict[str, set[str]] = {}
    for file, tree in trees().items():
        for node in ast.walk(tree):
            name = _reversed(node)
            if name:
                found.setdefault(name, set()).add(file)
    return found


def _reversed(node: ast.AST) -> str:
    if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
        return ""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    name = node.args[0].value
    is_name = isinstance(name, str) and re.fullmatch(r"[\w:-]+", name)
    return str(name) if called in {"reverse", "reverse_lazy", "redirect"} and is_name else ""


#: Pages of the plan that menus and texts offer once they exist; `nav_url` leaves them out until then.
PLANNED = {
    *("carrier-orders", "desk-enterprises", "desk-publicity", "desk-rules", "desk-stats", "desk-vouchers"),
    *("ent-favs", "ent-members", "expert-declaration", "expert-history", "expert-tasks", "guide", "guides"),
    *("inst-panels", "map", "progress", "publicity", "publicity-list"),
    *("stats",),
}


def test_every_linked_address_exists() -> None:
    used = linked("url") | reversed_in_code()
    assert {name: files for name, files in used.items() if name not in names() | PLANNED} == {}


def test_optional_addresses_exist_or_are_planned() -> None:
    menus = {name.rstrip("*") for rows in (*MAIN.values(), *SIDE.values()) for name, _label in rows}
    assert (menus | set(linked("nav_url"))) - names() <= PLANNED


def test_a_misspelt_name_would_be_found() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("ent-ordres")
    assert "ent-ordres" not in names()

"""The form of a sheet that fills a list: what it reads, what it says at which box. No database."""

from dataclasses import dataclass
from typing import Any, BinaryIO

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile

from innovation_voucher.casework.models import ApiToken
from innovation_voucher.casework.sheet_admin import SheetAdmin, SheetForm

pytestmark = pytest.mark.feature("JS-6")


@dataclass(frozen=True)
class Lines:
    """A sheet of lines; what begins with a question mark is wrong."""

    rows: tuple[str, ...]
    problems: tuple[str, ...]


class LineAdmin(SheetAdmin):
    """A list of lines of text."""

    modes = (("add", "追加"), ("replace", "替换"))

    def read(self, data: BinaryIO, name: str) -> Lines:
        """Raises ValueError for a file that is no text."""
        if not name.endswith(".txt"):
            raise ValueError(f"{name}不是文本")
        lines = data.read().decode().splitlines()
        right = tuple(line for line in lines if not line.startswith("?"))
        return Lines(right, tuple(line for line in lines if line.startswith("?")))


@pytest.fixture
def site() -> LineAdmin:
    return LineAdmin(ApiToken, admin.site)


def form(site: LineAdmin, content: bytes | None = b"a\n?b\nc", name: str = "名单.txt", mode: str = "add") -> Any:
    files = {"file": SimpleUploadedFile(name, content)} if content is not None else {}
    return SheetForm({"mode": mode}, files, site=site)


def test_a_right_file_is_read_once_and_kept_with_its_mistakes(site: LineAdmin) -> None:
    found = form(site)
    assert found.is_valid()
    assert found.sheet == Lines(("a", "c"), ("?b",))


def test_mistakes_in_rows_are_no_mistake_of_the_box(site: LineAdmin) -> None:
    found = form(site, b"?a\n?b")
    assert found.is_valid()
    assert (found.sheet.rows, len(found.sheet.problems)) == ((), 2)


def test_what_is_no_sheet_is_said_at_the_box_and_leaves_none(site: LineAdmin) -> None:
    found = form(site, name="名单.pdf")
    assert found.errors == {"file": ["名单.pdf不是文本"]}
    assert found.sheet is None


@pytest.mark.parametrize("content", [None, b""])
def test_a_missing_or_empty_file_is_asked_for(site: LineAdmin, content: bytes | None) -> None:
    found = form(site, content)
    assert set(found.errors) == {"file"}
    assert found.sheet is None


@pytest.mark.parametrize("mode", ["", "delete", "ADD"])
def test_only_a_way_that_the_list_offers_is_taken(site: LineAdmin, mode: str) -> None:
    assert set(form(site, mode=mode).errors) == {"mode"}


@pytest.mark.parametrize("mode", ["add", "replace"])
def test_every_way_that_the_list_offers_is_taken(site: LineAdmin, mode: str) -> None:
    found = form(site, mode=mode)
    assert found.is_valid()
    assert found.cleaned_data["mode"] == mode


def test_the_ways_are_those_of_the_list(site: LineAdmin) -> None:
    assert list(SheetForm(site=site).fields["mode"].choices) == [("add", "追加"), ("replace", "替换")]  # type: ignore[attr-defined]


def test_the_ways_of_one_list_do_not_reach_another(site: LineAdmin) -> None:
    class Other(LineAdmin):
        modes = (("merge", "合并"),)

    other = Other(ApiToken, admin.site)
    assert form(other, mode="merge").is_valid()
    assert set(form(site, mode="merge").errors) == {"mode"}


def test_the_import_stands_below_its_own_list(site: LineAdmin) -> None:
    first = site.get_urls()[0]
    assert (first.name, str(first.pattern)) == ("casework_apitoken_import", "<int:pk>/import/")


@pytest.mark.parametrize("verb", ["read", "lead", "change_words", "bring_in"])
def test_a_list_has_to_say_how_it_is_filled(verb: str) -> None:
    bare = SheetAdmin(ApiToken, admin.site)
    arguments: dict[str, tuple[Any, ...]] = {"read": (None, ""), "lead": (), "change_words": (None, None, "")}
    with pytest.raises(NotImplementedError):
        getattr(bare, verb)(*arguments.get(verb, (None, None, None)))

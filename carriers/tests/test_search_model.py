"""Searching means the same on both databases: the vector and LIKE find what the plain words say."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.fields import TextField
from hypothesis import HealthCheck, given, settings, strategies as st

from carriers.models import Carrier, Service
from carriers.search import AddSearchVector, Words, phrases, search_text

from .factories import make_service

pytestmark = [pytest.mark.django_db, pytest.mark.core_sqlite]

quick = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ALPHABET = "成分析检测仪器icpXP-12 、。，%_'\"\\"
bodies = st.text(ALPHABET, min_size=1, max_size=24)
asked = st.text(ALPHABET, max_size=8)


def model_finds(body: str, typed: str) -> bool:
    """Every word of the question occurs as a run of tokens; the last token may go on when it is open."""
    tokens = search_text(body).split()
    return all(_occurs(tokens, terms) for terms in phrases(typed))


def _occurs(tokens: list[str], terms: list[str]) -> bool:
    *head, last = terms
    return any(
        tokens[start : start + len(head)] == head and _meets(tokens, start + len(head), last)
        for start in range(len(tokens))
    )


def _meets(tokens: list[str], at: int, term: str) -> bool:
    if at >= len(tokens):
        return False
    return tokens[at].startswith(term) if len(term) == 1 or term.isascii() else tokens[at] == term


def by_like(typed: str) -> set[int]:
    """The lookup of databases without text search, run on this one."""
    return by_lookup(Words, "search_text", typed, shown="id")


def by_lookup(lookup: Any, column: str, asked: Any, *, shown: str) -> set[Any]:
    """What a lookup on services finds in the words for other databases; `shown` is a column."""
    condition = lookup(Service._meta.get_field(column).get_col("carriers_service"), asked)
    sql, params = condition.as_sql(Service.objects.all().query.get_compiler("default"), connection)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {shown} FROM carriers_service WHERE {sql}", list(params))
        return {row[0] for row in cursor.fetchall()}


def test_both_lookups_find_what_the_model_finds() -> None:
    service = make_service()

    @quick
    @given(bodies, asked)
    def prove(body: str, typed: str) -> None:
        Service.objects.filter(pk=service.pk).update(search_text=search_text(body))
        wanted = {service.pk} if model_finds(body, typed) else set()
        assert set(Service.objects.filter(search_text__words=typed).values_list("pk", flat=True)) == wanted
        assert by_like(typed) == wanted

    prove()


@pytest.mark.parametrize("part", ["成分", "材料", "料成", "icp", "OES", "光谱"])
def test_any_part_of_the_title_finds_it(part: str) -> None:
    service = make_service(title="金属材料成分分析（ICP-OES 光谱）")
    Service.objects.filter(pk=service.pk).update(search_text=search_text(service.title))
    assert Service.objects.filter(search_text__words=part).exists()


def test_words_of_different_fields_are_no_phrase() -> None:
    service = make_service()
    Service.objects.filter(pk=service.pk).update(search_text=search_text("盐雾", "试验"))
    assert Service.objects.filter(search_text__words="盐雾 试验").exists()
    assert not Service.objects.filter(search_text__words="雾试").exists()


@pytest.mark.parametrize("typed", ["", "   ", "！？", "_", "%%", "''"])
def test_a_question_without_a_token_asks_for_nothing(typed: str) -> None:
    service = make_service()
    assert list(Service.objects.filter(search_text__words=typed)) == [service]
    assert by_like(typed) == {service.pk}


@pytest.mark.parametrize("typed", ["& | ! ( ) : *", "成分 & !分析", "a:*b", "'\\'", "<-> 成分", "成分'); --"])
def test_signs_of_the_query_language_are_only_text(typed: str) -> None:
    make_service(title="成分分析")
    assert Service.objects.filter(search_text__words=typed).count() in {0, 1}


def test_the_lookup_works_through_a_join_and_beside_other_conditions() -> None:
    service = make_service()
    rows = Service.objects.filter(carrier__search_text__words="环境", listed=True, search_text__words="成分")
    assert list(rows) == [service]
    assert not rows.filter(carrier__search_text__words="量子").exists()
    assert Carrier.objects.exclude(search_text__words="量子").count() == 1


# --- The migration's operation --------------------------------------------------------------------


class Editor:
    """Stands for a schema editor and keeps what it is told."""

    def __init__(self, vendor: str) -> None:
        self.said: list[str] = []
        self.connection: Any = type("Connection", (), {"vendor": vendor})()

    def execute(self, sql: str) -> None:
        self.said.append(sql)


class State:
    """Stands for a migration's state of the models."""

    class apps:  # noqa: N801  named as in a state
        @staticmethod
        def get_model(_app: str, _name: str) -> Any:
            return Service


@pytest.mark.parametrize(("vendor", "forwards", "backwards"), [("postgresql", 2, 1), ("sqlite", 0, 0)])
def test_the_vector_is_added_and_dropped_on_postgresql_only(vendor: str, forwards: int, backwards: int) -> None:
    operation = AddSearchVector("service")
    editor: Any = Editor(vendor)
    operation.database_forwards("carriers", editor, None, State)
    assert len(editor.said) == forwards
    operation.database_backwards("carriers", editor, None, State)
    assert len(editor.said) == forwards + backwards
    assert all("carriers_service" in sql for sql in editor.said)


def test_the_operation_says_what_it_does() -> None:
    assert AddSearchVector("service").describe() == "Search vector of service"


def test_the_field_outlives_its_module_in_migrations() -> None:
    name, path, args, kwargs = Service._meta.get_field("search_text").deconstruct()
    assert (name, path, args) == ("search_text", "django.db.models.TextField", [])
    assert kwargs == {"editable": False, "default": ""}
    assert isinstance(Value("x", output_field=TextField()).output_field, TextField)

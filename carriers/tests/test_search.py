"""Words of a query become phrases, on PostgreSQL and elsewhere, and find the same rows."""

import pytest
from django.db import connection
from hypothesis import given, strategies as st

from carriers.models import Service
from carriers.search import MOST_WORDS, Words, like_patterns, phrases, search_text, tsquery

from .factories import make_service

any_text = st.text(max_size=60)


@pytest.mark.parametrize(
    ("typed", "query", "patterns"),
    [
        ("成分", "('成分')", ["% 成分 %"]),
        ("成分分析", "('成分' <-> '分分' <-> '分析')", ["% 成分 分分 分析 %"]),
        ("成分 检测", "('成分') & ('检测')", ["% 成分 %", "% 检测 %"]),
        ("XP", "('xp':*)", ["% xp%"]),
        ("ICP-OES", "('icp' <-> 'oes':*)", ["% icp oes%"]),
        ("仪", "('仪':*)", ["% 仪%"]),
        ("ＡＩ检测", "('ai' <-> '检测')", ["% ai 检测 %"]),
        ("", "", []),
        ("！？ %", "", []),
    ],
)
def test_a_query_is_phrases_joined_by_and(typed: str, query: str, patterns: list[str]) -> None:
    assert tsquery(typed) == query
    assert like_patterns(typed) == patterns


def test_only_the_first_words_count() -> None:
    assert len(phrases(" ".join(["检测"] * 50))) == MOST_WORDS


@given(any_text)
def test_no_text_can_leave_its_quotes(typed: str) -> None:
    quoted = tsquery(typed).replace("':*", "'")
    assert quoted.count("'") % 2 == 0
    outside = quoted.split("'")[::2]
    assert all(set(part) <= set("()<->& ") for part in outside)


@given(any_text)
def test_a_pattern_holds_no_wildcard_of_the_reader(typed: str) -> None:
    assert all(pattern.count("%") == 2 for pattern in like_patterns(typed))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("成分", True),
        ("分析", True),
        ("材料成分", True),
        ("光谱", True),
        ("金属 光谱", True),
        ("金属光谱", False),
        ("析成", False),
        ("icp", True),
        ("IC", True),
        ("CP", False),
        ("量子", False),
        ("", True),
        ("'); DROP TABLE", False),
    ],
)
def test_two_characters_are_found_wherever_they_stand(typed: str, found: bool) -> None:
    service = make_service(title="金属材料成分分析", description="直读光谱与 ICP-OES 联用")
    assert list(Service.objects.filter(search_text__words=typed)) == ([service] if found else [])


@pytest.mark.django_db
def test_postgresql_uses_the_vector_and_its_index() -> None:
    make_service()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Service.objects.filter(search_text__words="成分").order_by().explain()
    assert "carriers_service_words" in plan


@pytest.mark.django_db
def test_postgresql_looks_up_words_and_place_at_once() -> None:
    make_service()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        rows = Service.objects.filter(search_text__words="成分", region_path__within=["330000/330100/"])
        plan = rows.order_by().explain()
    assert plan.count("carriers_service_words") == 1
    assert "Filter" not in plan


@pytest.mark.django_db
def test_elsewhere_the_same_lookup_is_like() -> None:
    queryset = Service.objects.filter(search_text__words="成分 分析")
    compiler = queryset.query.get_compiler("default")
    lookup = next(node for node in queryset.query.where.children if isinstance(node, Words))
    sql, params = lookup.as_sql(compiler, connection)
    assert sql.count("LIKE %s") == 2
    assert params == ("% 成分 %", "% 分析 %")


@pytest.mark.django_db
def test_the_vector_follows_the_column() -> None:
    service = make_service()
    service.search_text = search_text("盐雾试验")
    service.save(update_fields=["search_text"])
    assert Service.objects.filter(search_text__words="盐雾").exists()
    assert not Service.objects.filter(search_text__words="成分").exists()

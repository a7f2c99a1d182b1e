"""Tokens for searching."""

import pytest
from hypothesis import given, strategies as st

from innovation_voucher.lib.search import bigrams, query_terms

chinese = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4FFF), max_size=40)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("材料检测服务", "材料 料检 检测 测服 服务"),
        ("AI检测2号平台", "ai 检测 2 号平 平台"),
        ("ＡＩ　检测", "ai 检测"),
        ("光谱仪，X-射线 GB/T 2312", "光谱 谱仪 x 射线 gb t 2312"),
        ("仪", "仪"),
        ("snake_case", "snake case"),
        ("𠮷野", "𠮷野"),
        ("Café №5", "café no5"),
        (" ,.;:!? ", ""),
    ],
)
def test_text_becomes_pairs_and_words(text: str, tokens: str) -> None:
    assert bigrams(text) == tokens
    assert query_terms(text) == tokens.split()


@given(chinese, st.integers(0, 38), st.integers(2, 10))
def test_every_part_of_two_or_more_characters_is_found_as_a_phrase(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    if len(part) < 2:
        return
    assert f" {bigrams(part)} " in f" {bigrams(text)} "


@given(st.text(max_size=80))
def test_tokens_are_safe_for_any_text(text: str) -> None:
    tokens = query_terms(text)
    assert all(token and not set(token) & set("'\"\\&|!():* ") for token in tokens)
    assert bigrams(text).split(" ") == (tokens or [""])

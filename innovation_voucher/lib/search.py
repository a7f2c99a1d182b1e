"""Text for searching Chinese without a dictionary: every two neighbouring characters.

The same tokens are written into a column when a row is saved and asked for by a query, as a
phrase: any part of a text of two or more characters is found.
"""

import re
import unicodedata

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(rf"(?P<cjk>[{_CJK}]+)|[^\W_{_CJK}]+")


def query_terms(text: str) -> list[str]:
    """The tokens of the text in order: pairs of Chinese characters, whole words, lower case.

    A Chinese character that stands alone is a token by itself; look it up as a prefix.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    terms: list[str] = []
    for run in _RUNS.finditer(plain):
        terms.extend(_pairs(run[0]) if run["cjk"] else [run[0]])
    return terms


def bigrams(text: str) -> str:
    """The tokens of the text with spaces between, as the search column holds them."""
    return " ".join(query_terms(text))


def _pairs(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]

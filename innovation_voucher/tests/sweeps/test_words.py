"""Every Chinese word that people read can be translated, and none belongs to one scheme or place."""

import ast
import csv
import json
import re
from collections.abc import Iterator

import pytest

from innovation_voucher.tests.sweeps.sources import (
    BASE,
    CHINESE,
    code,
    places,
    scripts_and_sheets,
    templates,
    trees,
)

GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "gettext_noop"}
#: What may stand in template tags around Chinese words.
TRANSLATED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%\s*trans(?:late)?\s.*?%}|_\(\"[^\"]*\"\)|_\('[^']*'\)",
    re.DOTALL,
)


def _docstrings(tree: ast.AST) -> set[ast.AST]:
    """Every string that stands alone as a statement."""
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _translated(tree: ast.AST) -> set[ast.AST]:
    """Strings that stand in an argument of gettext."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in GETTEXT]
    return {part for call in calls for argument in call.args for part in ast.walk(argument)}


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def bare_literals(tree: ast.AST) -> Iterator[ast.Constant]:
    """Chinese literals that neither document nor are translated."""
    known = _docstrings(tree) | _translated(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in known and CHINESE.search(str(node.value)):
            yield node


def test_the_scan_finds_a_bare_word_and_leaves_a_translated_one() -> None:
    source = '"""中"""\ndef f():\n    """文"""\n    return _("好"), _("一" "二"), "坏", f"坏{1}"'
    assert [node.value for node in bare_literals(ast.parse(source))] == ["坏", "坏"]


#: Words that are data and not interface, by file: what is computed with, or read from typed text and files.
DATA: dict[str, tuple[str, ...]] = {
    "accounts/listing.py": ("统一社会信用代码|单位名称|入库编号",),  # heads of the columns of the file
    "accounts/management/commands/import_enterprise_records.py": ("工商登记库",),  # an option's default, kept as a row
    "accounts/sections.py": ("年月./", "日 ", "人"),  # signs taken out of typed dates and numbers
    "accounts/services/registry.py": (".*",),  # heads of the columns of the file
    "carriers/models.py": (".*综合.*", "次", "小时"),  # a hint in the schema; units that the carrier writes over
    "carriers/mutual_sheet.py": ("所在地|开放实验室|法人单位|统一社会信用代码|联系人|联系电话|服务内容",),  # heads
    "innovation_voucher/lib/chinese_amount.py": (".*",),  # numerals
    "innovation_voucher/lib/forms.py": (".*元.*",),  # signs taken out of typed amounts
    "innovation_voucher/lib/money.py": (".*元.*",),
    "innovation_voucher/lib/search.py": (".*",),  # ranges of characters
    "innovation_voucher/settings.py": ("科技创新券平台", "科学技术厅", "工作日.*"),  # names of an installation
    "orders/services/evidence.py": ("合同",),  # a label like those in the rows of policies
    "redemption/bankfile.py": (".*",),  # heads and words of the banks' files
    "vouchers/external_rows.py": ("申领编号|统一社会信用代码|单位名称|核定金额|核定日期",),  # heads of the file
    "vouchers/forms.py": (".*年月.*",),  # a pattern for typed dates
}


@pytest.mark.parametrize("name", sorted(code()))
def test_chinese_in_code_is_translated(name: str) -> None:
    data = re.compile("|".join(DATA.get(name, ("(?!)",))))
    bare = [node for node in bare_literals(trees()[name]) if not data.fullmatch(str(node.value).replace("\n", ""))]
    assert [f"{name}:{node.lineno} {node.value!r}" for node in bare] == []


#: The other language is offered under its own name.
OWN_NAME = 'lang="zh-CN">中文<'


@pytest.mark.parametrize("name", sorted(templates()))
def test_chinese_in_templates_is_translated(name: str) -> None:
    rest = TRANSLATED.sub(lambda match: "\n" * match[0].count("\n"), templates()[name].replace(OWN_NAME, ""))
    assert places(name, rest, re.compile(r"[^\n]*[\u4e00-\u9fff][^\n]*")) == []


# --- No scheme, province or city --------------------------------------------------------------


def place_names() -> set[str]:
    """Provinces and cities of the region file, with and without their ending."""
    with (BASE / "innovation_voucher/casework/data/regions.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["code"].endswith("00")]
    full = {row["name"] for row in rows}
    short = {re.sub(r"(省|市|地区|特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区)$", "", name) for name in full}
    return {name for name in full | short if len(name) > 1} - ORDINARY


#: Words of the language that are names of cities too, and of groups of rows in the region file.
ORDINARY = {"省直辖县级行政区划", "自治区直辖县级行政区划", "市辖区", "县", "大同", "吉安", "安康", "保定", "长治"}


def scheme_names() -> set[str]:
    """Names of the programmes in the presets and their usual short names."""
    presets = [json.loads(path.read_text(encoding="utf-8")) for path in (BASE / "vouchers/data").glob("*.json")]
    return {preset["programme"]["name"] for preset in presets} | {"长三角", "苏科贷", "津科"}


def test_the_names_are_read() -> None:
    assert {"浙江", "浙江省", "杭州", "杭州市", "天津"} <= place_names()
    assert len(place_names()) > 500
    assert scheme_names()


def test_no_place_nor_scheme_is_named_in_the_application() -> None:
    names = re.compile("|".join(map(re.escape, sorted(place_names() | scheme_names(), key=len, reverse=True))))
    files = code() | templates() | scripts_and_sheets()
    assert [place for name, text in files.items() for place in places(name, text, names)] == []

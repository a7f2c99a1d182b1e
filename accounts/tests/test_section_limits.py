"""Every question of the verification at its limits: the last answer that will do, and the first that will not."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from accounts.sections import CLASSES, SECTIONS, Question, clean_day, clean_staff, problems, questions_of
from accounts.tests.conftest import ANSWERS
from innovation_voucher.lib.workdays import shanghai_today
from innovation_voucher.tests import cast

EVERY = [(kind, question) for kind in SECTIONS for question in questions_of(kind).values()]
names = [f"{kind}-{question.key}" for kind, question in EVERY]
every_question = pytest.mark.parametrize(("kind", "question"), EVERY, ids=names)


def ask(key: str, kind: str = "enterprise") -> Question:
    return questions_of(kind)[key]


@every_question
def test_every_required_question_says_what_to_do_when_it_is_empty(kind: str, question: Question) -> None:
    words = question.problem("")
    assert words == (str(question.ask) if question.required else "")
    assert words.startswith(("填写", "上传", "选择")) is question.required
    assert not set(words) & set("！!")


@every_question
def test_a_good_answer_is_taken_in_one_form(kind: str, question: Question) -> None:
    if question.kind == "file":
        return
    typed = ANSWERS.get(question.key, "")
    once = question.canonical(f"  {typed} ")
    assert question.problem(once) == ""
    assert question.canonical(once) == once


TEXTS = [
    ("name", 100),
    ("address", 200),
    ("nature", 50),
    ("legal_person", 50),
    ("handler", 50),
    ("class_number", 50),
    ("holder", 100),
    ("bank", 100),
]


@pytest.mark.parametrize(("key", "longest"), TEXTS)
def test_texts_have_their_longest(key: str, longest: int) -> None:
    question = ask(key)
    assert question.problem("字" * longest) == ""
    assert question.problem("字" * (longest + 1)) == f"{question.label}最多 {longest} 字"


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("handler_phone", "1990000000", "手机号需 11 位数字"),
        ("handler_phone", "199000000011", "手机号需 11 位数字"),
        ("handler_phone", "12900000001", "手机号需 11 位数字"),
        ("handler_phone", "+1 9900000001", "手机号需 11 位数字"),
        ("account_number", "1234567", "8 至 32 位数字"),
        ("account_number", "1" * 33, "8 至 32 位数字"),
        ("account_number", "6222A00000001234", "8 至 32 位数字"),
        ("revenue", "-1", "金额不能小于 0"),
        ("revenue", "1.234", "金额最多两位小数"),
        ("revenue", "1" * 16, "金额太大"),
        ("rd_spend", "20万", "金额只写数字"),
        ("rd_spend", "1,00", "金额只写数字"),
        ("staff", "0", "至少 1 人"),
        ("staff", "10000000", "至少 1 人"),
        ("staff", "十二", "只写整数"),
        ("founded_on", "2020-02-30", "日期写成 2020-05-06 这样"),
        ("founded_on", "05/06/2020", "日期写成 2020-05-06 这样"),
        ("class", "High_Tech", "选择资格类型"),
    ],
)
def test_a_wrong_answer_is_told_why_and_kept_as_typed(key: str, typed: str, words: str) -> None:
    question = ask(key)
    assert words in question.problem(typed)
    assert question.canonical(typed) == typed


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("handler_phone", "+86 199-0000-0001", "19900000001"),
        ("handler_phone", "１９９００００ ０００１", "19900000001"),
        ("account_number", "3301 0000 0000 98765", "33010000000098765"),
        ("account_number", "12345678", "12345678"),
        ("account_number", "1" * 32, "1" * 32),
        ("revenue", "0", "0.00"),
        ("revenue", "999999999999999.99", "999,999,999,999,999.99"),
        ("rd_spend", "¥１，０００", "1,000.00"),
        ("staff", "1", "1"),
        ("staff", "9,999,999人", "9999999"),
        ("founded_on", "2020年5月6日", "2020-05-06"),
        ("founded_on", "1900-01-01", "1900-01-01"),
    ],
)
def test_an_answer_in_another_writing_is_taken(key: str, typed: str, kept: str) -> None:
    assert ask(key).problem(typed) == ""
    assert ask(key).canonical(typed) == kept


@pytest.mark.parametrize("key", [code for code, _label in CLASSES])
def test_every_class_on_offer_is_an_answer(key: str) -> None:
    assert ask("class").problem(key) == ""


# --- ID numbers -----------------------------------------------------------------------------------

GOOD_ID = cast.resident_id(7)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (GOOD_ID[:17], "共 18 位"),
        (f"{GOOD_ID}1", "共 18 位"),
        (f"A{GOOD_ID[1:]}", "共 18 位"),
        (f"{GOOD_ID[:17]}{'1' if GOOD_ID[17] != '1' else '2'}", "末位校验不通过"),
    ],
)
def test_an_id_number_is_checked_to_its_last_sign(typed: str, words: str) -> None:
    assert words in ask("resident_id", "entrepreneur").problem(typed)


def test_an_id_number_is_taken_with_spaces_and_a_small_x() -> None:
    number = next(found for found in map(cast.resident_id, range(1, 60)) if found.endswith("X"))
    spaced = f"{number[:6]} {number[6:14]} {number[14:].lower()}"
    assert ask("resident_id", "entrepreneur").canonical(spaced) == number


# --- Days and people ------------------------------------------------------------------------------


def test_today_is_the_last_day_of_founding() -> None:
    today = shanghai_today()
    assert clean_day(today.isoformat()) == today.isoformat()
    with pytest.raises(ValueError, match="不能晚于今天"):
        clean_day((today + timedelta(days=1)).isoformat())


@pytest.mark.parametrize("typed", ["1899-12-31", "0001-01-01"])
def test_a_day_before_1900_is_told_as_such(typed: str) -> None:
    with pytest.raises(ValueError, match="1900 年"):
        clean_day(typed)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_a_day(typed: str) -> None:
    assert reads_or_says(clean_day, typed)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_a_number(typed: str) -> None:
    assert reads_or_says(clean_staff, typed)


@given(st.sampled_from(EVERY), st.text(max_size=250))
def test_no_answer_breaks_its_question(which: tuple[str, Question], typed: str) -> None:
    question = which[1]
    kept = question.canonical(typed)
    plain = typed.replace("\0", "").strip()
    assert kept == plain or question.problem(plain) == ""


def reads_or_says(clean: Any, typed: str) -> bool:
    """Either the one form, which reads as itself, or a sentence in Chinese."""
    try:
        found = clean(typed)
    except ValueError as error:
        return any("\u4e00" <= sign <= "\u9fff" for sign in str(error))
    return bool(clean(found) == found)


# --- Sections -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(SECTIONS))
def test_one_missing_answer_is_the_one_problem_of_its_section(kind: str) -> None:
    for section in SECTIONS[kind]:
        files = {question.key: object() for question in section.files}
        for question in section.questions:
            left = {key: value for key, value in ANSWERS.items() if key != question.key}
            rest = {key: value for key, value in files.items() if key != question.key}
            wanted = {question.key: str(question.ask)} if question.required else {}
            assert problems(section, left, rest) == wanted


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("enterprise", ["unit", "people", "class", "finance", "account"]),
        ("entrepreneur", ["unit", "class", "account"]),
        ("carrier", ["unit", "people", "account"]),
    ],
)
@pytest.mark.feature("ZO-2", "ZJ-3")
def test_each_kind_fills_in_its_own_sections(kind: str, keys: list[str]) -> None:
    assert [section.key for section in SECTIONS[kind]] == keys
    assert all(section.title and section.hint for section in SECTIONS[kind])

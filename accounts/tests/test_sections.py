"""What the form asks, and what it takes for an answer."""

import pytest

from accounts.sections import SECTIONS, clean_day, clean_staff, problems, questions_of
from innovation_voucher.lib.workdays import shanghai_today


def question(key, kind="enterprise"):
    return questions_of(kind)[key]


@pytest.mark.parametrize("typed", ["2020-05-06", "2020/5/6", "2020年5月6日", "2020.05.06", "20200506"])
def test_days_are_read_as_people_write_them(typed):
    assert clean_day(typed) == "2020-05-06"


@pytest.mark.parametrize("typed", ["昨天", "2020-13-01", "2020-02-30"])
def test_what_is_no_day_is_asked_about(typed):
    with pytest.raises(ValueError, match="2020-05-06"):
        clean_day(typed)


def test_day_of_founding_is_past():
    assert clean_day(shanghai_today().isoformat())
    with pytest.raises(ValueError, match="不能晚于今天"):
        clean_day(f"{shanghai_today().year + 1}-01-01")


@pytest.mark.parametrize(("typed", "number"), [("12", "12"), ("1,200 人", "1200")])
def test_number_of_people(typed, number):
    assert clean_staff(typed) == number


@pytest.mark.parametrize("typed", ["0", "-3", "1.5", "很多"])
def test_number_of_people_is_whole_and_above_zero(typed):
    with pytest.raises(ValueError, match="整数"):
        clean_staff(typed)


def test_money_is_kept_in_one_form():
    assert question("revenue").canonical(" 3200000元 ") == "3,200,000.00"
    assert question("revenue").canonical("很多") == "很多"


def test_choice_outside_the_list_is_no_answer():
    assert question("class").problem("any") == ""
    assert question("class").problem("invented") == "选择资格类型"


def test_optional_question_may_stay_empty():
    assert question("class_number").problem("") == ""
    assert "最多 50 字" in question("class_number").problem("x" * 51)


def test_empty_section_lacks_every_required_answer():
    unit = SECTIONS["enterprise"][0]
    assert set(problems(unit, {}, {})) == {"name", "address", "nature", "founded_on", "licence"}


def test_section_is_complete_with_its_files():
    unit = SECTIONS["enterprise"][0]
    values = {"name": "云溪", "address": "示例路", "nature": "有限责任公司", "founded_on": "2020-05-06"}
    assert set(problems(unit, values, {})) == {"licence"}
    assert problems(unit, values, {"licence": object()}) == {}


@pytest.mark.feature("ZO-2")
def test_evidence_depends_on_the_kind():
    files = {kind: {q.key for section in sections for q in section.files} for kind, sections in SECTIONS.items()}
    assert files == {"enterprise": {"licence"}, "entrepreneur": {"id_front", "id_back"}, "carrier": {"licence"}}


@pytest.mark.feature("YRD-3")
@pytest.mark.parametrize("kind", sorted(SECTIONS))
def test_nothing_is_asked_that_is_deliberately_not_collected(kind):
    keys = set(questions_of(kind))
    assert not keys & {"ethnicity", "party", "education", "nationality", "birthplace", "legal_person_id"}


@pytest.mark.parametrize("kind", sorted(SECTIONS))
def test_keys_are_unique_over_all_sections(kind):
    keys = [question.key for section in SECTIONS[kind] for question in section.questions]
    assert len(keys) == len(set(keys))

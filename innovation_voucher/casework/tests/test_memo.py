"""What a request has read once is not asked again, and never outlives it."""

from collections.abc import Callable

from innovation_voucher.casework import memo


def counter() -> Callable[[], int]:
    """Answers 1, 2, 3: how often it was asked."""
    calls: list[None] = []

    def find() -> int:
        calls.append(None)
        return len(calls)

    return find


def test_outside_of_a_request_every_question_is_asked() -> None:
    find = counter()
    assert [memo.asked("q", find), memo.asked("q", find)] == [1, 2]
    assert not memo.is_kept()


def test_within_a_request_a_question_is_asked_once() -> None:
    find = counter()
    with memo.remembering():
        assert [memo.asked("q", find), memo.asked("q", find)] == [1, 1]
        assert memo.is_kept()


def test_an_empty_answer_is_an_answer() -> None:
    find = counter()

    def nothing() -> None:
        find()

    with memo.remembering():
        memo.asked("q", nothing)
        memo.asked("q", nothing)
    assert find() == 2


def test_questions_do_not_answer_each_other() -> None:
    find = counter()
    with memo.remembering():
        assert [memo.asked(("q", 1), find), memo.asked(("q", 2), find)] == [1, 2]


def test_the_next_request_asks_anew() -> None:
    find = counter()
    for expected in (1, 2):
        with memo.remembering():
            assert memo.asked("q", find) == expected


def test_a_verb_that_changes_rights_has_the_rest_of_the_request_ask_anew() -> None:
    find = counter()
    with memo.remembering():
        memo.asked("q", find)
        memo.forget()
        assert memo.asked("q", find) == 2


def test_what_another_reading_brought_along_is_known() -> None:
    find = counter()
    memo.keep("q", 7)
    assert memo.asked("q", find) == 1
    with memo.remembering():
        memo.asked("q", find)
        memo.keep("q", 7)
        assert memo.asked("q", find) == 7


def test_a_page_keeps_what_an_act_asks_anew() -> None:
    find = counter()
    with memo.remembering(page=True):
        assert memo.is_page()
        assert [memo.on_page("q", find), memo.on_page("q", find)] == [1, 1]
    with memo.remembering():
        assert not memo.is_page()
        assert [memo.on_page("q", find), memo.on_page("q", find)] == [2, 3]


def test_what_was_told_is_known_and_the_rest_has_its_default() -> None:
    assert memo.known("q", -1) == -1
    with memo.remembering():
        assert memo.known("q", -1) == -1
        memo.keep("q", 5)
        assert memo.known("q", -1) == 5


def test_forgetting_outside_of_a_request_does_nothing() -> None:
    memo.forget()
    assert not memo.is_kept()

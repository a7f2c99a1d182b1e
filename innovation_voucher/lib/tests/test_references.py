"""Voucher codes, their check character, and signatures."""

import itertools

import pytest
from hypothesis import given, strategies as st

from innovation_voucher.lib.references import (
    ALPHABET,
    group_code,
    new_code,
    normalise_code,
    sign,
    verify_signature,
)

KEYS = {"k2": b"2" * 32, "k1": b"1" * 32}
codes = st.builds(new_code)


def test_codes_have_twelve_letters_without_look_alikes_and_do_not_repeat() -> None:
    made = {new_code() for _ in range(500)}
    assert len(made) == 500
    assert {len(code) for code in made} == {12}
    assert set("".join(made)) == set(ALPHABET)
    assert not set(ALPHABET) & set("OILU")


@given(codes)
def test_a_code_reads_back_from_paper(code: str) -> None:
    assert normalise_code(group_code(code)) == code
    assert normalise_code(f"  {group_code(code).lower()}\n") == code
    assert normalise_code(code.replace("0", "o").replace("1", "l")) == code
    assert normalise_code(code.replace("0", "O").replace("1", "I")) == code
    assert normalise_code(group_code(code).replace("-", " — ")) == code


def test_full_width_letters_are_read() -> None:
    code = new_code()
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    assert normalise_code(wide) == code


@given(codes)
def test_every_single_wrong_character_is_found(code: str) -> None:
    wrong = [
        code[:i] + letter + code[i + 1 :] for i, letter in itertools.product(range(12), ALPHABET) if letter != code[i]
    ]
    assert [normalise_code(text) for text in wrong] == [None] * 12 * 31


@given(codes)
def test_every_swap_of_two_characters_is_found(code: str) -> None:
    for i, j in itertools.combinations(range(12), 2):
        swapped = list(code)
        swapped[i], swapped[j] = code[j], code[i]
        assert normalise_code("".join(swapped)) == (code if code[i] == code[j] else None)


@pytest.mark.parametrize("text", ["", "7K3M", "U" * 12, "0" * 11, "0" * 13, "七" * 12, "0" * 11 + "٣"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert normalise_code(text) is None


def test_codes_are_grouped_by_four() -> None:
    assert group_code("7K3M9QTX2B8F") == "7K3M-9QTX-2B8F"


@given(codes, st.integers(min_value=1, max_value=20))
def test_a_signature_tells_its_print_version(code: str, version: int) -> None:
    signature = sign(code, version, KEYS)
    assert len(signature) == 22
    assert signature.replace("-", "").replace("_", "").isalnum()
    assert verify_signature(code, signature, range(1, 21), KEYS) == version


@pytest.mark.parametrize("bad", ["", "A" * 22, "é" * 22, "\ud800", "a" * 5000])
def test_a_forged_signature_is_valid_for_no_version(bad: str) -> None:
    assert verify_signature("7K3M9QTX2B8F", bad, range(1, 5), KEYS) is None


def test_a_signature_holds_for_one_code_one_version_and_one_key() -> None:
    code, other = new_code(), new_code()
    signature = sign(code, 2, KEYS)
    assert verify_signature(other, signature, [1, 2, 3], KEYS) is None
    assert verify_signature(code, signature, [1, 3], KEYS) is None
    assert verify_signature(code, signature, [2], {"k2": b"x" * 32}) is None
    assert verify_signature(code, signature, [2], {"renamed": KEYS["k2"]}) is None
    assert verify_signature(code, signature[:-1], [2], KEYS) is None
    assert verify_signature(code, signature, [], KEYS) is None


def test_paper_signed_by_an_older_key_stays_valid_and_new_paper_uses_the_first() -> None:
    code = new_code()
    old = sign(code, 1, {"k1": KEYS["k1"]})
    assert verify_signature(code, old, [1], KEYS) == 1
    assert sign(code, 1, KEYS) != old
    assert verify_signature(code, sign(code, 1, KEYS), [1], {"k1": KEYS["k1"]}) is None

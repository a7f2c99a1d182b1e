"""Numbers as people type and paste them, one table for each kind."""

from collections.abc import Callable

import pytest

from innovation_voucher.lib.identifiers import (
    clean_bank_account,
    clean_invoice,
    clean_mobile,
    clean_resident_id,
    clean_uscc,
    mask_account,
    mask_mobile,
    mask_name,
    mask_org,
)
from innovation_voucher.tests import cast

CODE = cast.credit_code(5)
PERSON = cast.resident_id(5)
ACCOUNT = "95588000000012345678"


def wide(text: str) -> str:
    """The text as a Chinese keyboard writes it."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def spaced(text: str) -> str:
    return " ".join(text)


WRITTEN: dict[str, Callable[[str], str]] = {
    "full width": wide,
    "every character apart": spaced,
    "full-width spaces": lambda text: f"\u3000{text[:4]}\u3000{text[4:]}",
    "no-break spaces": lambda text: f"{text[:6]}\u00a0{text[6:]}",
    "zero-width characters": lambda text: f"\ufeff{text[:3]}\u200b{text[3:]}\u200d",
    "hyphens": lambda text: f"{text[:4]}-{text[4:8]}\u2013{text[8:]}",
    "direction marks": lambda text: f"\u202d{text}\u202c",
    "line ends": lambda text: f"{text}\r\n",
    "tabs": lambda text: f"\t{text[:5]}\t{text[5:]}",
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize(
    ("clean", "stored"),
    [
        (clean_uscc, CODE),
        (clean_resident_id, PERSON),
        (clean_mobile, "19900000001"),
        (clean_bank_account, ACCOUNT),
    ],
)
def test_a_number_is_stored_the_same_however_it_was_written(
    clean: Callable[[str], str], stored: str, write: Callable[[str], str]
) -> None:
    assert clean(write(stored)) == stored


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
def test_an_invoice_is_stored_the_same_however_it_was_written(write: Callable[[str], str]) -> None:
    assert clean_invoice(write("033002300111"), write("12345678")) == ("033002300111", "12345678")
    assert clean_invoice(write("").strip(), write("26332000000012345678")) == ("", "26332000000012345678")


@pytest.mark.parametrize(("length", "fits"), [(7, False), (8, True), (32, True), (33, False)])
def test_a_bank_account_has_eight_to_thirty_two_digits(length: int, fits: bool) -> None:
    if fits:
        assert clean_bank_account("6" * length) == "6" * length
        return
    with pytest.raises(ValueError, match="8 至 32 位"):
        clean_bank_account("6" * length)


@pytest.mark.parametrize("second", "3456789")
def test_every_mobile_network_is_taken(second: str) -> None:
    assert clean_mobile(f"1{second}900000001") == f"1{second}900000001"


@pytest.mark.parametrize("typed", ["10900000001", "11900000001", "12900000001", "29900000001", "199000000012"])
def test_what_is_no_mainland_mobile_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="手机号需 11 位数字"):
        clean_mobile(typed)


def test_only_a_leading_country_code_is_taken_off() -> None:
    assert clean_mobile("＋86 199 8600 8686") == "19986008686"
    with pytest.raises(ValueError, match="11 位"):
        clean_mobile("8619900000001")


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_look_like_digits_are_named(letter: str) -> None:
    with pytest.raises(ValueError, match="没有 I、O、S、V、Z"):
        clean_uscc(letter + CODE[1:])


@pytest.mark.parametrize(("typed", "length"), [(CODE[:-1], 17), (CODE + "1", 19), (CODE[:1], 1)])
def test_a_credit_code_of_another_length_is_told_its_length(typed: str, length: int) -> None:
    with pytest.raises(ValueError, match=f"这里有 {length} 位"):
        clean_uscc(typed)


@pytest.mark.parametrize("position", range(17))
def test_one_wrong_digit_of_a_resident_id_is_found(position: int) -> None:
    digit = str((int(PERSON[position]) + 1) % 10)
    with pytest.raises(ValueError, match=r"校验不通过|出生日期不存在"):
        clean_resident_id(PERSON[:position] + digit + PERSON[position + 1 :])


def test_an_x_inside_a_resident_id_is_refused() -> None:
    with pytest.raises(ValueError, match="前 17 位是数字"):
        clean_resident_id(PERSON[:5] + "X" + PERSON[6:])


@pytest.mark.parametrize("code", ["1" * 9, "1" * 11, "1" * 13, "abcdefghij"])
def test_an_older_invoice_needs_a_code_of_ten_or_twelve_digits(code: str) -> None:
    with pytest.raises(ValueError, match="10 位或 12 位数字"):
        clean_invoice(code, "12345678")


@pytest.mark.parametrize("number", ["1" * 7, "1" * 9, "1" * 19, "1" * 21])
def test_an_invoice_number_has_eight_or_twenty_digits(number: str) -> None:
    with pytest.raises(ValueError, match="20 位数字（数电发票）或 8 位数字"):
        clean_invoice("", number)


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (mask_mobile, "19900000001", "199****0001"),
        (mask_account, ACCOUNT, "*" * 16 + "5678"),
        (mask_account, "12345678", "****5678"),
        (mask_name, "陆", "*"),
        (mask_name, "陆甲", "陆*"),
        (mask_name, "阿卜杜拉", "阿***"),
        (mask_org, "云帆新材料有限公司", "云帆***有限公司"),
    ],
)
def test_a_mask_leaves_what_helps_to_recognize(mask: Callable[[str], str], text: str, masked: str) -> None:
    assert mask(text) == masked

"""Numbers are cleaned, checked with a sentence, and masked."""

import pytest
from hypothesis import given, strategies as st
from stdnum.cn import ric, uscc

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
    mask_resident_id,
)

USCC = "91990000MA0INVENT".replace("I", "1").replace("O", "0").replace("V", "W")
USCC += uscc.calc_check_digit(USCC)
PERSON = "11010120000101001"
PERSON += ric.calc_check_digit(PERSON + "0")


def wide(text):
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def wrong_last(code):
    return code[:-1] + ("1" if code[-1] != "1" else "2")


def test_codes_are_taken_as_people_write_them():
    assert clean_uscc(f" {USCC.lower()[:8]} {USCC[8:]}\u200b") == USCC
    assert clean_uscc(wide(USCC)) == USCC
    assert clean_resident_id(f"{PERSON[:6]} {PERSON[6:]}") == PERSON
    assert clean_resident_id(wide(PERSON.lower())) == PERSON
    assert clean_bank_account("9558 8000-0000 1234") == "9558800000001234"
    assert clean_invoice("", " 2633 2000 0000 1234 5678 ") == ("", "26332000000012345678")
    assert clean_invoice("０３３００２３００１１１", "12345678") == ("033002300111", "12345678")
    assert clean_invoice("3300231130", "12345678") == ("3300231130", "12345678")


@pytest.mark.parametrize(
    "typed", ["13800000000", "138 0000 0000", "+86 138-0000-0000", "008613800000000", "１３８００００００００"]
)
def test_mobile_numbers_come_out_with_eleven_digits(typed):
    assert clean_mobile(typed) == "13800000000"


@pytest.mark.parametrize(
    ("clean", "typed", "sentence"),
    [
        (clean_uscc, "", "填写统一社会信用代码，共 18 位"),
        (clean_uscc, USCC[:-1], "统一社会信用代码共 18 位，这里有 17 位"),
        (clean_uscc, wrong_last(USCC), "统一社会信用代码第 18 位校验不通过，对照营业执照核对"),
        (clean_uscc, "O" + USCC[1:], "统一社会信用代码只有数字和大写字母（没有 I、O、S、V、Z），对照营业执照核对"),
        (clean_uscc, "统" * 18, "统一社会信用代码只有数字和大写字母（没有 I、O、S、V、Z），对照营业执照核对"),
        (clean_resident_id, " ", "填写身份证号，共 18 位"),
        (clean_resident_id, PERSON[:-1], "身份证号共 18 位，前 17 位是数字，末位是数字或 X"),
        (clean_resident_id, wrong_last(PERSON), "身份证号末位校验不通过，对照证件核对"),
        (clean_mobile, "", "填写手机号，共 11 位数字"),
        (clean_mobile, "1380000000", "手机号需 11 位数字"),
        (clean_mobile, "12800000000", "手机号需 11 位数字"),
        (clean_mobile, "１٣800000000", "手机号需 11 位数字"),
        (clean_mobile, "0571-88888888", "手机号需 11 位数字"),
        (clean_bank_account, "", "填写银行账号"),
        (clean_bank_account, "1234567", "银行账号由 8 至 32 位数字组成，对照开户许可证或银行回单核对"),
        (clean_bank_account, "12345678a", "银行账号由 8 至 32 位数字组成，对照开户许可证或银行回单核对"),
    ],
)  # fmt: skip
def test_a_wrong_number_is_answered_with_a_sentence(clean, typed, sentence):
    with pytest.raises(ValueError) as caught:
        clean(typed)
    assert str(caught.value) == sentence


def test_a_county_that_the_library_does_not_list_is_taken():
    number = "33010819900101007"
    number += ric.calc_check_digit(number + "0")
    assert clean_resident_id(number) == number


@pytest.mark.parametrize("date", ["20001301", "20000230", "20009999"])
def test_a_date_that_never_was_is_refused(date):
    number = f"110101{date}001"
    with pytest.raises(ValueError, match="出生日期不存在"):
        clean_resident_id(number + ric.calc_check_digit(number + "0"))


@pytest.mark.parametrize(
    ("code", "number", "sentence"),
    [
        ("", "", "填写发票号码"),
        ("033002300111", "2" * 20, "20 位号码的数电发票没有发票代码，发票代码留空"),
        ("033002300111", "1234567", "发票号码是 20 位数字（数电发票）或 8 位数字，对照发票核对"),
        ("", "1234567a", "发票号码是 20 位数字（数电发票）或 8 位数字，对照发票核对"),
        ("", "12345678", "8 位号码的发票还要填发票代码，10 位或 12 位数字"),
        ("03300230011", "12345678", "8 位号码的发票还要填发票代码，10 位或 12 位数字"),
    ],
)
def test_an_invoice_that_cannot_be_is_answered_with_a_sentence(code, number, sentence):
    with pytest.raises(ValueError) as caught:
        clean_invoice(code, number)
    assert str(caught.value) == sentence


@given(st.text(max_size=25))
@pytest.mark.parametrize("clean", [clean_uscc, clean_resident_id, clean_mobile, clean_bank_account])
def test_any_text_is_cleaned_twice_alike_or_refused(clean, text):
    try:
        first = clean(text)
    except ValueError:
        return
    assert clean(first) == first


def test_masks_show_only_the_ends():
    assert mask_mobile("13800000001") == "138****0001"
    assert mask_resident_id("11010120000101001X") == "1***************1X"
    assert mask_account("9558800000001234") == "************1234"
    assert mask_name("张三丰") == "张**"
    assert mask_org("青禾微电子材料有限公司") == "青禾*****有限公司"


@pytest.mark.parametrize("mask", [mask_mobile, mask_resident_id, mask_account, mask_name, mask_org])
@pytest.mark.parametrize("text", ["a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh"])
def test_a_mask_always_hides_something_and_keeps_the_length(mask, text):
    masked = mask(text)
    assert len(masked) == len(text)
    assert masked.count("*") * 4 >= len(text)
    assert mask("") == ""

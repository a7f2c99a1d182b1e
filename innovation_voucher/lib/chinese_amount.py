"""Amounts in the words that contracts and bank papers ask for (大写金额)."""

from decimal import Decimal

from innovation_voucher.lib.money import to_fen

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("", "万", "亿", "万亿")


def in_words(amount: Decimal) -> str:
    """18000.50 -> 壹万捌仟元伍角整; below zero the words start with 负.

    Errors as in `money.yuan`.
    """
    fen = to_fen(amount)
    sign = "负" if fen < 0 else ""
    whole, cents = divmod(abs(fen), 100)
    if not whole and not cents:
        return "零元整"
    return sign + (_whole(whole) + "元" if whole else "") + _cents(cents, bool(whole))


def _cents(cents: int, after_yuan: bool) -> str:
    jiao, fen = divmod(cents, 10)
    words = _DIGITS[jiao] + "角" if jiao else ("零" if fen and after_yuan else "")
    return words + (_DIGITS[fen] + "分" if fen else "整")


def _whole(number: int) -> str:
    words = ""
    gap = False
    for index in reversed(range(len(_GROUPS))):
        group = number // 10000**index % 10000
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _group(group) + _GROUPS[index]
        gap = False
    return words


def _group(group: int) -> str:
    """A number of up to four digits, its inner zeros as one 零."""
    words = ""
    for digit, place in zip(f"{group:04}", _PLACES, strict=True):
        words += _DIGITS[int(digit)] + place if digit != "0" else "零"
    while "零零" in words:
        words = words.replace("零零", "零")
    return words.strip("零")

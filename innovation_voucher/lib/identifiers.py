"""Numbers of organizations, people, accounts and invoices: cleaned, checked, and masked.

Every `clean_*` takes what a person typed (full width, spaces), answers the form that is stored,
and raises ValueError with the sentence for the page.
"""

import re
import unicodedata

from django.utils.translation import gettext as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

_FILLER = re.compile(r"[\s\-\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def clean_uscc(text: str) -> str:
    """A unified social credit code of 18 characters with a valid check character."""
    code = _plain(text).upper()
    if not code:
        raise ValueError(_("填写统一社会信用代码，共 18 位"))
    if len(code) != 18:
        raise ValueError(_("统一社会信用代码共 18 位，这里有 %d 位") % len(code))
    try:
        return str(uscc.validate(code))
    except InvalidChecksum:
        raise ValueError(_("统一社会信用代码第 18 位校验不通过，对照营业执照核对")) from None
    except ValidationError:
        raise ValueError(_("统一社会信用代码只有数字和大写字母（没有 I、O、S、V、Z），对照营业执照核对")) from None


def clean_resident_id(text: str) -> str:
    """A resident identity number of 18 characters with a valid date and check character."""
    number = _plain(text).upper()
    if not number:
        raise ValueError(_("填写身份证号，共 18 位"))
    if not re.fullmatch("[0-9]{17}[0-9X]", number):
        raise ValueError(_("身份证号共 18 位，前 17 位是数字，末位是数字或 X"))
    try:
        return str(ric.validate(number))
    except InvalidChecksum:
        raise ValueError(_("身份证号末位校验不通过，对照证件核对")) from None
    except InvalidComponent:
        return _with_date(number)


def _with_date(number: str) -> str:
    """The number when its birth date is real: the library's list of counties lacks living ones."""
    try:
        ric.get_birth_date(number)
    except InvalidComponent:
        raise ValueError(_("身份证号里的出生日期不存在，对照证件核对")) from None
    return number


def clean_mobile(text: str) -> str:
    """A mainland mobile number of 11 digits; a leading +86 is taken off."""
    number = _plain(text)
    number = re.sub(r"^(\+|00)86", "", number)
    if not number:
        raise ValueError(_("填写手机号，共 11 位数字"))
    if not re.fullmatch("1[3-9][0-9]{9}", number):
        raise ValueError(_("手机号需 11 位数字"))
    return number


def clean_bank_account(text: str) -> str:
    """A bank account number of 8 to 32 digits: company accounts have no check digit."""
    number = _plain(text)
    if not number:
        raise ValueError(_("填写银行账号"))
    if not re.fullmatch("[0-9]{8,32}", number):
        raise ValueError(_("银行账号由 8 至 32 位数字组成，对照开户许可证或银行回单核对"))
    return number


def clean_invoice(code: str, number: str) -> tuple[str, str]:
    """Code and number of an invoice; a fully digital one has 20 digits and no code ("").

    Paper and older electronic invoices have a code of 10 or 12 digits and a number of 8.
    """
    clean_code, clean_number = _plain(code), _plain(number)
    if not clean_number:
        raise ValueError(_("填写发票号码"))
    if re.fullmatch("[0-9]{20}", clean_number):
        if clean_code:
            raise ValueError(_("20 位号码的数电发票没有发票代码，发票代码留空"))
        return "", clean_number
    if not re.fullmatch("[0-9]{8}", clean_number):
        raise ValueError(_("发票号码是 20 位数字（数电发票）或 8 位数字，对照发票核对"))
    if not re.fullmatch("[0-9]{10}|[0-9]{12}", clean_code):
        raise ValueError(_("8 位号码的发票还要填发票代码，10 位或 12 位数字"))
    return clean_code, clean_number


def mask_mobile(number: str) -> str:
    """138****0000."""
    return _middle(number, 3, 4)


def mask_resident_id(number: str) -> str:
    """3***************1X: the first and the last two characters."""
    return _middle(number, 1, 2)


def mask_account(number: str) -> str:
    """The last four digits."""
    return _middle(number, 0, 4)


def mask_name(name: str) -> str:
    """A person's name: the first character."""
    return _middle(name, 1, 0)


def mask_org(name: str) -> str:
    """An organization's name: the first two characters and the last four."""
    return _middle(name, 2, 4)


def _middle(text: str, head: int, tail: int) -> str:
    """The text with stars between head and tail; one too short to hide a quarter keeps its first."""
    hidden = len(text) - head - tail
    if hidden * 4 < max(4, len(text)):
        head, tail = min(head, 1, len(text) - 1) if text else 0, 0
        hidden = len(text) - head
    return text[:head] + "*" * hidden + text[len(text) - tail :]


def _plain(text: str) -> str:
    return _FILLER.sub("", unicodedata.normalize("NFKC", text))

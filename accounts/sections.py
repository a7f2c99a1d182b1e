"""What real-name verification asks, section by section, for each kind of organization.

One list serves the forms, the completeness test, the reviewer's facts and the targets of a return.
Answers are kept as people typed them, so that a draft survives its mistakes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.lib.identifiers import clean_bank_account, clean_mobile, clean_resident_id
from innovation_voucher.lib.money import format_yuan, parse_yuan
from innovation_voucher.lib.workdays import shanghai_today

Words = Any
Kind = Literal["text", "area", "money", "day", "choice", "secret", "file"]
_DATE_SIGNS = str.maketrans("年月./", "----", "日 ")


def _as_typed(text: str) -> str:
    return text


def clean_day(text: str) -> str:
    """A past day as 2020-05-06; also takes 2020年5月6日 and 2020/5/6. Raises ValueError."""
    parts = text.translate(_DATE_SIGNS).split("-")
    padded = "-".join(part.zfill(2) for part in parts)
    try:
        day = parse_date(padded)
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("日期写成 2020-05-06 这样"))
    if day > shanghai_today():
        raise ValueError(_("成立日期不能晚于今天"))
    if day < date(1900, 1, 1):
        raise ValueError(_("成立日期不能早于 1900 年，核对年份"))
    return day.isoformat()


def clean_staff(text: str) -> str:
    """A number of people, whole and above 0. Raises ValueError."""
    number = text.replace(",", "").replace("人", "").strip()
    if not number.isdecimal() or not 0 < int(number) < 10_000_000:
        raise ValueError(_("从业人数只写整数，至少 1 人"))
    return str(int(number))


def _clean_money(text: str) -> str:
    return format_yuan(parse_yuan(text))


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing to answer. `clean` gives the canonical text or raises ValueError with the sentence.

    A secret stands encrypted in the column of the same name; a file is an attachment of this key.
    """

    key: str
    label: Words
    ask: Words
    kind: Kind = "text"
    hint: Words = ""
    clean: Callable[[str], str] = _as_typed
    choices: tuple[tuple[str, Words], ...] = ()
    required: bool = True
    longest: int = 100
    autocomplete: str = "off"

    def problem(self, text: str) -> str:
        """What is wrong with an answer; empty when it will do."""
        if not text:
            return str(self.ask) if self.required else ""
        if "\0" in text:
            return _("%(label)s里有不能保存的字符，删去后重新填写") % {"label": self.label}
        if len(text) > self.longest:
            return _("%(label)s最多 %(n)d 字") % {"label": self.label, "n": self.longest}
        if self.choices and text not in dict(self.choices):
            return str(self.ask)
        try:
            self.clean(text)
        except ValueError as error:
            return str(error)
        return ""

    def canonical(self, text: str) -> str:
        """The cleaned answer; what was typed when that is wrong, but for NUL, which no database keeps."""
        plain = text.replace("\0", "").strip()
        return plain if not plain or self.problem(plain) else self.clean(plain)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A page of the form."""

    key: str
    title: Words
    hint: Words
    questions: tuple[Question, ...]

    @property
    def files(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.kind == "file")


CLASSES = (
    ("any", gettext_lazy("一般企业或创业者")),
    ("listed_sme", gettext_lazy("科技型中小企业")),
    ("high_tech", gettext_lazy("高新技术企业")),
    ("incubated", gettext_lazy("在孵企业")),
    ("talent", gettext_lazy("人才企业")),
)

_NAME = Question(
    key="name", label=gettext_lazy("单位名称"), ask=gettext_lazy("填写单位名称"), hint=gettext_lazy("与营业执照一致")
)
_ADDRESS = Question(
    key="address",
    label=gettext_lazy("地址"),
    ask=gettext_lazy("填写地址"),
    longest=200,
    autocomplete="street-address",
)
_UNIT = Section(
    key="unit",
    title=gettext_lazy("单位信息"),
    hint=gettext_lazy("单位名称、地址、性质、成立日期、营业执照"),
    questions=(
        _NAME,
        _ADDRESS,
        Question(
            key="nature",
            label=gettext_lazy("单位性质"),
            ask=gettext_lazy("填写单位性质"),
            hint=gettext_lazy("与营业执照的“类型”一致，例如有限责任公司"),
            longest=50,
        ),
        Question(
            key="founded_on",
            label=gettext_lazy("成立日期"),
            ask=gettext_lazy("填写成立日期"),
            kind="day",
            hint=gettext_lazy("例如 2020-05-06"),
            clean=clean_day,
        ),
        Question(key="licence", label=gettext_lazy("营业执照"), ask=gettext_lazy("上传营业执照"), kind="file"),
    ),
)
_PERSON = Section(
    key="unit",
    title=gettext_lazy("个人信息"),
    hint=gettext_lazy("姓名、身份证号、身份证正反两面"),
    questions=(
        Question(
            key="name", label=gettext_lazy("姓名"), ask=gettext_lazy("填写姓名"), hint=gettext_lazy("与身份证一致")
        ),
        Question(
            key="resident_id",
            label=gettext_lazy("身份证号"),
            ask=gettext_lazy("填写身份证号，共 18 位"),
            kind="secret",
            clean=clean_resident_id,
        ),
        _ADDRESS,
        Question(
            key="id_front",
            label=gettext_lazy("身份证人像面"),
            ask=gettext_lazy("上传身份证人像面"),
            kind="file",
        ),
        Question(
            key="id_back",
            label=gettext_lazy("身份证国徽面"),
            ask=gettext_lazy("上传身份证国徽面"),
            kind="file",
        ),
    ),
)
_PEOPLE = Section(
    key="people",
    title=gettext_lazy("法定代表人与经办人"),
    hint=gettext_lazy("经办人接收短信通知"),
    questions=(
        Question(
            key="legal_person",
            label=gettext_lazy("法定代表人姓名"),
            ask=gettext_lazy("填写法定代表人姓名"),
            longest=50,
        ),
        Question(
            key="handler",
            label=gettext_lazy("经办人姓名"),
            ask=gettext_lazy("填写经办人姓名"),
            longest=50,
            autocomplete="name",
        ),
        Question(
            key="handler_phone",
            label=gettext_lazy("经办人手机号"),
            ask=gettext_lazy("填写手机号，共 11 位数字"),
            clean=clean_mobile,
            autocomplete="tel",
        ),
    ),
)
_CLASS = Section(
    key="class",
    title=gettext_lazy("资格类型"),
    hint=gettext_lazy("按贵单位现有的资格选择"),
    questions=(
        Question(
            key="class",
            label=gettext_lazy("资格类型"),
            ask=gettext_lazy("选择资格类型"),
            kind="choice",
            choices=CLASSES,
        ),
        Question(
            key="class_number",
            label=gettext_lazy("入库编号或证书编号"),
            ask="",
            required=False,
            hint=gettext_lazy("一般企业或创业者不用填"),
            longest=50,
        ),
    ),
)
_FINANCE = Section(
    key="finance",
    title=gettext_lazy("经营与财务"),
    hint=gettext_lazy("上年度营业收入、研发投入、从业人数"),
    questions=(
        Question(
            key="revenue",
            label=gettext_lazy("上年度营业收入"),
            ask=gettext_lazy("填写上年度营业收入，单位为元"),
            kind="money",
            clean=_clean_money,
        ),
        Question(
            key="rd_spend",
            label=gettext_lazy("上年度研发投入"),
            ask=gettext_lazy("填写上年度研发投入，单位为元；没有写 0"),
            kind="money",
            clean=_clean_money,
        ),
        Question(key="staff", label=gettext_lazy("从业人数"), ask=gettext_lazy("填写从业人数"), clean=clean_staff),
    ),
)
_ACCOUNT = Section(
    key="account",
    title=gettext_lazy("收款账户"),
    hint=gettext_lazy("只用于接收补助资金"),
    questions=(
        Question(
            key="holder",
            label=gettext_lazy("户名"),
            ask=gettext_lazy("填写户名"),
            hint=gettext_lazy("须与单位名称或本人姓名一致"),
        ),
        Question(
            key="bank",
            label=gettext_lazy("开户银行"),
            ask=gettext_lazy("填写开户银行，写到支行"),
            hint=gettext_lazy("写到支行"),
        ),
        Question(
            key="account_number",
            label=gettext_lazy("银行账号"),
            ask=gettext_lazy("填写银行账号"),
            kind="secret",
            clean=clean_bank_account,
        ),
    ),
)

SECTIONS: dict[str, tuple[Section, ...]] = {
    "enterprise": (_UNIT, _PEOPLE, _CLASS, _FINANCE, _ACCOUNT),
    "entrepreneur": (_PERSON, _CLASS, _ACCOUNT),
    "carrier": (_UNIT, _PEOPLE, _ACCOUNT),
}


def problems(section: Section, values: Mapping[str, str], files: Mapping[str, Any]) -> dict[str, str]:
    """What each question of a section still lacks; empty when the section is complete."""
    found = {}
    for question in section.questions:
        answer = "x" if question.kind == "file" and question.key in files else values.get(question.key, "")
        if words := question.problem(answer):
            found[question.key] = words
    return found


def questions_of(kind: str) -> dict[str, Question]:
    """Every question for a kind of organization by its key, in the order of the form."""
    return {question.key: question for section in SECTIONS[kind] for question in section.questions}

"""Who lives in the demo world. All names, numbers and codes are invented; check digits are right."""

from dataclasses import dataclass

from stdnum.cn import ric, uscc

PASSWORD = "Demo-portal-2026"


@dataclass(frozen=True)
class OfficeRow:
    """An office with its people. `rights` are granted on its own region."""

    name: str
    kind: str
    region: str
    rights: tuple[str, ...]
    people: tuple[tuple[str, str], ...]


BUREAU = (
    "review_verification",
    "review_claim",
    "review_use",
    "review_recognition",
    "review_redemption",
    "terminate_voucher",
    "view_cases",
    "set_rules",
    "publish_notices",
)

OFFICES = (
    OfficeRow("滨江区科技局", "bureau", "330108", BUREAU, (("wang-bj", "王审核"), ("li-bj", "李审核"))),
    OfficeRow("西湖区科技局", "bureau", "330106", BUREAU, (("zhao-xh", "赵审核"),)),
    OfficeRow("余杭区科技局", "bureau", "330110", BUREAU, (("sun-yh", "孙审核"), ("yan-yh", "严答复"))),
    OfficeRow("德清县科技局", "bureau", "330521", BUREAU, (("he-dq", "何审核"),)),
    OfficeRow(
        "省科技厅创新券办公室",
        "province",
        "330000",
        (
            "settle",
            "countersign",
            "manage_programmes",
            "manage_lists",
            "view_cases",
            "publish_notices",
            "review_recognition",
        ),
        (("qian-zd", "钱制单"), ("zhou-fh", "周复核")),
    ),
    OfficeRow("省科技厅审计处", "province", "330000", ("audit", "view_cases"), (("wu-sj", "吴审计"),)),
    OfficeRow(
        "浙里检测评价中心",
        "agency",
        "330000",
        ("review_use", "review_redemption", "view_cases"),
        (("feng-jg", "冯专员"),),
    ),
    OfficeRow(
        "衡信会计师事务所（示例）",
        "third_party",
        "330000",
        ("open_redemptions",),
        (("zhao-hx", "赵发起"), ("qin-hx", "秦核对")),
    ),
)


@dataclass(frozen=True)
class FirmRow:
    """An enterprise, entrepreneur or carrier with its owner. `story` names how far it has walked."""

    key: str
    kind: str
    name: str
    region: str
    owner: str
    story: str
    address: str = ""


FIRMS = (
    FirmRow("chengguang", "enterprise", "澄光传感科技有限公司", "330108", "周岚", "busy", "江汉路 1785 号 3 幢"),
    FirmRow("hegu", "enterprise", "禾谷智能装备有限公司", "330108", "陈禾", "rival", "长河路 590 号"),
    FirmRow("qingyu", "enterprise", "青屿软件有限公司", "330106", "林屿", "quota", "文一西路 998 号"),
    FirmRow("yunqi", "enterprise", "云栖储能技术有限公司", "330110", "沈云", "verified", "仓兴街 397 号"),
    FirmRow("ninglan", "enterprise", "宁澜精密制造有限公司", "330521", "何澜", "returned", "科源路 11 号"),
    FirmRow("beian", "enterprise", "北岸新材料有限公司", "330108", "许岸", "submitted", "滨康路 669 号"),
    FirmRow("lanshi", "enterprise", "澜石生物技术有限公司", "330108", "石澜", "draft", "浦沿路 88 号"),
    FirmRow("qiming", "enterprise", "启明电控有限公司", "330108", "方启", "rejected", "聚工路 19 号"),
    FirmRow("xinchuang", "enterprise", "新创未来科技有限公司", "330106", "郑新", "new", "天目山路 226 号"),
    FirmRow("moxi", "enterprise", "莫溪仪器有限公司", "330521", "钟溪", "reviewed", "曲园南路 200 号"),
    FirmRow("luzhou", "enterprise", "芦洲环境技术有限公司", "330521", "俞洲", "reviewed", "云岫北路 88 号"),
    FirmRow("fuxi", "enterprise", "阜溪电子有限公司", "330521", "姚阜", "reviewed", "长虹东街 926 号"),
    FirmRow("wukang", "enterprise", "武岗新材料有限公司", "330521", "章岗", "reviewed", "志远北路 636 号"),
    FirmRow("dongheng", "entrepreneur", "董衡", "330521", "董衡", "reviewed", "中兴北路 119 号"),
    FirmRow("maker", "entrepreneur", "顾小满", "330106", "顾小满", "entrepreneur", "古翠路 76 号"),
)


@dataclass(frozen=True)
class ItemRow:
    """A service of a category (code). `price` in yuan, None = 面议."""

    title: str
    category: str
    price: str | None
    unit: str
    days: int
    text: str


@dataclass(frozen=True)
class ExpertRow:
    """Somebody of the register: sign-in, name, number, unit and title."""

    username: str
    name: str
    number: str
    unit: str
    title: str


@dataclass(frozen=True)
class CarrierRow:
    """A carrier with where it is recognized, its services and instruments."""

    key: str
    name: str
    region: str
    owner: str
    recognized: tuple[str, ...]
    qualifications: str
    summary: str
    services: tuple[ItemRow, ...]
    instruments: tuple[tuple[str, str, str, str], ...] = ()


def credit_code(number: int, region: str) -> str:
    """A unified social credit code of nobody, with a right check digit."""
    body = f"91{region}MAD{number:06d}"
    return body + uscc.calc_check_digit(body)


def resident_id(number: int) -> str:
    """An ID number of nobody, with a right check digit."""
    body = f"33010619920229{number % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def phone(number: int) -> str:
    """A mobile number in E.164 from a block that is not given out."""
    return f"+861990000{number:04d}"

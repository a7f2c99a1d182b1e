"""Lists that the staff of the per-order scheme keep: certified firms, and laboratories recognized by three regions."""

from io import BytesIO

from accounts import services as accounts
from accounts.listing import Row, Sheet
from carriers import services as carriers
from carriers.models import MutualList
from carriers.mutual_sheet import HEADS, read_sheet
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.spreadsheets import xlsx

from .tj_cast import CERTIFIED, CITY
from .world import World

_MEMBERS = ("110000", CITY, "130000")
#: Laboratories that are nobody's account here; place, laboratory, legal entity, services.
_OTHERS = (
    ("北京市", "先进制造系统开放实验室（示例）", "京航制造研究院（示例）", "数控加工、精密测量"),
    ("北京市", "辅助生殖技术开放实验室（示例）", "京北医学研究所（示例）", "细胞与遗传检测"),
    ("天津市", "内燃机燃烧开放实验室（示例）", "津门大学（示例）", "发动机台架试验、燃烧分析"),
    ("天津市", "系统生物工程开放实验室（示例）", "津门大学（示例）", "发酵工艺、成分分析"),
    ("河北省", "交通应急保障技术开放实验室（示例）", "冀中交通大学（示例）", "应急装备试验"),
)


def keep_lists(world: World) -> None:
    """This year's certified firms, and the mutual list with one carrier of the world on it."""
    by = world.officers["jing-tj"]
    region = Region.objects.get(code=CITY)
    certified = accounts.open_list(
        region=region, class_key="certified_list", year=calendar.today().year, name="科技型中小企业名单", by=by
    )
    firms = [world.firms[key] for key in CERTIFIED]
    rows = tuple(Row(firm.credit_code or "", firm.name, f"KZ-{firm.pk:05d}") for firm in firms)
    accounts.import_list(certified, Sheet(rows, ()), mode="add", by=by, source="科技型中小企业名单.xlsx")
    _mutual(world, region)


def _mutual(world: World, region: Region) -> None:
    listing = MutualList.objects.create(name="京津冀互认开放实验室名单", region=region)
    listing.members.set(Region.objects.filter(code__in=_MEMBERS))
    lab = world.carriers["luqiao"]
    firm = lab.organization
    own = ("河北省", lab.name, firm.name, firm.credit_code, "卜某某", "0311-0000 0000", "道路材料性能试验")
    others = [(place, name, entity, "", "李某", "", services) for place, name, entity, services in _OTHERS]
    sheet = read_sheet(BytesIO(xlsx(list(HEADS.values()), [own, *others])), "互认名单.xlsx")
    carriers.import_mutual(listing, sheet, mode="add", by=world.officers["jing-tj"], source="互认名单.xlsx")

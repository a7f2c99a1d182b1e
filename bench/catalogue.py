"""A catalogue of any size to search in: carriers in twenty cities, services with invented titles."""

from random import Random

from django.db import connection

from carriers.models import Carrier, Service
from carriers.search import search_text
from carriers.tests.factories import make_carrier, make_service
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast

from .rows import copies, run

#: Twenty cities, in each of them a county with its share of the carriers.
COUNTIES = tuple(f"{province}{city:02d}02" for province in ("33", "32") for city in range(1, 11))
#: Different titles; every one stands on many rows.
TITLES = 5_000
#: Title on so many rows, whatever the size.
RARE, RARE_ROWS = "珑珂样机老化试验", 15
SCARCE = "石墨烯材料导热测试"
_THINGS = """
人工智能 量子 软件 软件 软件 金属 陶瓷 涂层 电池 电机 轴承 齿轮 传感 芯片 封装 光纤 激光 镜头 雷达 天线
土壤 水质 空气 噪声 振动 盐雾 湿热 疫苗 细胞 蛋白 基因 药物 农残 茶叶 水稻 饲料 纺织 染料 皮革 橡胶
塑料 薄膜 玻璃 水泥 钢筋 桥梁 隧道 阀门 水泵 管道 压缩 制冷 照明 电缆 开关 充电 车身 轮胎 船体 无人机
"""
_ACTS = ("检测", "测试", "分析", "校准", "设计", "评估", "试验")


def titles() -> list[str]:
    """Always the same: some words on every seventh title, some on a few of a hundred, one on two of all."""
    chance, things = Random(1), _THINGS.split()
    found = [f"{chance.choice(things)}{chance.choice(things)}{chance.choice(_ACTS)}" for _n in range(TITLES)]
    found[7::2_500] = [SCARCE] * len(found[7::2_500])
    return found


def _spread(step: int, city: int, west: int, width: int) -> str:
    """One coordinate: even carriers within a degree of a city, the odd ones over the country."""
    even = f"{city} + n::bigint * {step} %% 9973 / 9973.0"
    odd = f"{west} + n::bigint * {step} %% 9949 * {width} / 9949.0"
    return f"CASE WHEN n %% 2 = 0 THEN {even} ELSE {odd} END"


class Catalogue:
    """The rows of one database; `grow` makes it larger."""

    def __init__(self, carriers: int) -> None:
        regions = [cast.make_region(code) for code in COUNTIES]
        self.cities = list(Region.objects.filter(pk__in=[region.parent_id for region in regions]).order_by("code"))
        self.carriers, self.services = carriers, 0
        first = make_carrier(shown=True, region=regions[0], longitude=105.0, latitude=35.0)
        self.service = make_service(first, RARE)
        self._titles()
        self._carriers(first, [region.pk for region in regions])

    def _titles(self) -> None:
        run("CREATE TABLE bench_title (key integer PRIMARY KEY, title text, words text)")
        rows = [(n, title, search_text(title)) for n, title in enumerate([*titles(), RARE])]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO bench_title VALUES (%s, %s, %s)", rows)

    def _carriers(self, first: Carrier, regions: list[int]) -> None:
        """Spread evenly over the counties and unevenly over the map: half of them stand around one city."""
        copies(first.organization, self.carriers, name="'M' || n", kind="'entrepreneur'", credit_code="NULL")
        county = f"(ARRAY{regions})[1 + n %% {len(regions)}]"
        copies(
            first,
            self.carriers,
            number="'M' || n",
            name="'M' || n",
            organization_id="(SELECT id FROM accounts_organization WHERE name = 'M1') + n - 1",
            region_id=county,
            region_path=f"(SELECT path FROM casework_region r WHERE r.id = {county})",
            longitude=_spread(7_919, 120, 80, 50),
            latitude=_spread(10_007, 30, 20, 30),
        )
        self.start = Carrier.objects.get(number="M1").pk

    def grow(self, size: int) -> None:
        """So many services altogether; the rare title keeps to its few rows."""
        number = f"n %% {TITLES}"
        if not self.services:
            number = f"CASE WHEN n %% {size // RARE_ROWS} = 0 THEN {TITLES} ELSE {number} END"
        # Neighbours in the order of the titles must not be neighbours on the map.
        carrier = f"{self.start} + n::bigint * 7919 %% {self.carriers}"
        copies(
            self.service,
            size,
            first=self.services + 1,
            number="'S' || n",
            title=f"(SELECT title FROM bench_title b WHERE b.key = {number})",
            search_text=f"(SELECT words FROM bench_title b WHERE b.key = {number})",
            carrier_id=carrier,
            region_path=f"(SELECT region_path FROM carriers_carrier c WHERE c.id = {carrier})",
            rank="400 + n::bigint * 104729 %% 293",
        )
        self.services = size
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        assert Service.objects.filter(title=RARE).count() == RARE_ROWS + 1

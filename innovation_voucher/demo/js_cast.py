"""The order scheme's part of the demo world: offices of two cities, one firm of each class, a carrier. Invented."""

from .people import BUREAU, CarrierRow, FirmRow, ItemRow, OfficeRow

PROVINCE, SOUTH, NORTH = "320000", "320412", "320312"

OFFICES = (
    OfficeRow("武进区科技局", "bureau", SOUTH, BUREAU, (("tang-wj", "唐审核"),)),
    OfficeRow("铜山区科技局", "bureau", NORTH, BUREAU, (("peng-ts", "彭审核"),)),
    OfficeRow(
        "省科技资源统筹服务中心（示例）",
        "centre",
        PROVINCE,
        ("review_redemption", "view_cases"),
        (("gao-tc", "高统筹"), ("lu-tc", "陆统筹")),
    ),
    OfficeRow(
        "江苏省科技厅创新券办公室",
        "province",
        PROVINCE,
        (
            "settle",
            "countersign",
            "manage_programmes",
            "manage_lists",
            "view_cases",
            "publish_notices",
            "review_recognition",
        ),
        (("bai-js", "白制单"), ("dai-js", "戴复核")),
    ),
)

#: One firm of each class that may claim; the first stands in this year's list, yuanxing did until lately.
FIRMS = (
    FirmRow("changhong", "enterprise", "昌弘微流控技术有限公司", SOUTH, "韩昌", "eligible", "长扬路 9 号"),
    FirmRow("pengcheng", "enterprise", "彭澄重工科技有限公司", NORTH, "彭澄", "eligible", "北京北路 18 号"),
    FirmRow("fuhe", "enterprise", "孵禾生物科技有限公司", SOUTH, "禾芸", "eligible", "常武中路 18 号"),
    FirmRow("yuanxing", "enterprise", "远星传动技术有限公司", SOUTH, "袁星", "eligible", "夏城南路 8 号"),
    FirmRow("caizhi", "enterprise", "才至光电有限公司", NORTH, "才志远", "eligible", "珠江东路 11 号"),
    FirmRow("zhongyuan", "enterprise", "钟原精工科技有限公司", SOUTH, "钟原", "eligible", "常武南路 588 号"),
    FirmRow("hefeng", "enterprise", "禾峰检测仪器有限公司", NORTH, "何峰", "eligible", "漓江路 6 号"),
    FirmRow("lianhu", "enterprise", "涟湖软件技术有限公司", SOUTH, "连湖", "eligible", "锦华路 258 号"),
)

CARRIERS = (
    CarrierRow(
        "jiangnan",
        "江南检验检测中心（示例）",
        SOUTH,
        "姜南",
        (PROVINCE,),
        "CMA、CNAS 认可实验室",
        "医疗器械、材料与环境检测，向全省企业开放。",
        (
            ItemRow("生物相容性试验", "010101", "15000", "样品", 55, "按医疗器械生物学评价要求试验，出具检测报告。"),
            ItemRow("结构件力学性能检测", "010102", "8112", "批", 12, "拉伸、弯曲、冲击与硬度，出具检测报告。"),
            ItemRow("水质常规检测", "010201", "100", "样品", 5, "常规项目，出具检测报告。"),
        ),
    ),
)

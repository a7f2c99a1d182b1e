"""Who of the demo world asks for vouchers order by order, and a laboratory beyond the border. Invented."""

from .people import BUREAU, CarrierRow, ExpertRow, FirmRow, ItemRow, OfficeRow

CITY, HOME, OTHER, ABROAD = "120000", "120104", "120103", "130102"

OFFICES = (
    OfficeRow("南开区科技局", "bureau", HOME, BUREAU, (("kong-nk", "孔审核"), ("xia-nk", "夏审核"))),
    OfficeRow("河西区科技局", "bureau", OTHER, BUREAU, (("bo-hx", "柏审核"),)),
    OfficeRow("长安区科技局", "bureau", ABROAD, BUREAU, (("guo-ca", "郭审核"),)),
    OfficeRow(
        "海河科技服务中心（示例）",
        "agency",
        CITY,
        ("review_use", "review_redemption", "view_cases"),
        (("cao-hh", "曹复审"), ("min-hh", "闵组织")),
    ),
    OfficeRow(
        "天津市科技局创新券办公室",
        "province",
        CITY,
        (
            "settle",
            "countersign",
            "manage_programmes",
            "manage_lists",
            "view_cases",
            "publish_notices",
            "review_recognition",
        ),
        (("jing-tj", "景制单"), ("hou-tj", "侯复核")),
    ),
)

FIRMS = (
    FirmRow("jinhe", "enterprise", "津河传感科技有限公司", HOME, "何津", "eligible", "复康路 94 号"),
    FirmRow("haiyun", "enterprise", "海云新材料有限公司", OTHER, "云海", "eligible", "解放南路 325 号"),
    FirmRow("shuishang", "enterprise", "水上智能装备有限公司", HOME, "水清", "eligible", "水上公园北道 38 号"),
    FirmRow("wangding", "enterprise", "王顶软件有限公司", HOME, "丁旺", "eligible", "宾水西道 11 号"),
)
#: Who stands on this year's list of certified firms; the last one does not.
CERTIFIED = tuple(row.key for row in FIRMS[:-1])

CARRIERS = (
    CarrierRow(
        "haihe",
        "海河分析测试院（示例）",
        OTHER,
        "贾测",
        (CITY,),
        "CMA、CNAS 认可实验室",
        "材料成分、动力机械与环境可靠性检测，向全市企业开放。",
        (
            ItemRow("气相色谱成分检测", "010101", "100", "项", 5, "气相色谱与质谱联用，出具检测报告。"),
            ItemRow("发动机台架试验", "010201", "9099", "次", 20, "性能与耐久试验，出具试验报告。"),
            ItemRow("传感器标定与漂移试验", "010102", "24000", "批", 15, "高低温下的标定与漂移，提供原始数据。"),
        ),
    ),
    CarrierRow(
        "luqiao",
        "路桥材料开放实验室（示例）",
        ABROAD,
        "卜路",
        (ABROAD,),
        "省级重点实验室，互认名单内",
        "道路与铁道工程材料性能试验，京津冀互认的开放实验室。",
        (ItemRow("道路材料性能试验", "010102", "20000", "组", 15, "高温稳定性与低温抗裂，出具试验报告。"),),
    ),
)

EXPERTS = (
    ExpertRow("e-ni", "倪评审", "E-1201", "津门大学（示例）", "教授"),
    ExpertRow("e-pan", "潘评审", "E-1202", "海津材料研究所（示例）", "研究员"),
    ExpertRow("e-qu", "曲评审", "E-1203", "滨城计量院（示例）", "高级工程师"),
)

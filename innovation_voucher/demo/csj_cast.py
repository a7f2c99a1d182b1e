"""Who of the demo world lives in the regions that share a scheme. Invented, as everybody."""

from .people import BUREAU, CarrierRow, ExpertRow, FirmRow, ItemRow, OfficeRow

_CENTRE = ("review_redemption", "view_cases")

OFFICES = (
    OfficeRow("吴江区科技局", "bureau", "320509", BUREAU, (("gu-wj", "顾审核"), ("lu-wj", "陆审核"))),
    OfficeRow("嘉善县科技局", "bureau", "330421", BUREAU, (("jin-js", "金审核"),)),
    OfficeRow("相城区科技局", "bureau", "320507", BUREAU, (("pan-xc", "潘审核"),)),
    OfficeRow("马鞍山市科技局", "bureau", "340500", BUREAU, (("tao-mas", "陶审核"),)),
    OfficeRow("青浦区科委", "bureau", "310118", BUREAU, (("hua-qp", "华审核"),)),
    OfficeRow("吴江区科技创新券评审中心", "centre", "320509", _CENTRE, (("shi-wj", "史组织"),)),
    OfficeRow("嘉善县科技创新券评审中心", "centre", "330421", _CENTRE, (("bao-js", "包组织"),)),
    OfficeRow("相城区科技创新券评审中心", "centre", "320507", _CENTRE, (("xu-xc", "徐组织"),)),
    OfficeRow("马鞍山市科技创新券评审中心", "centre", "340500", _CENTRE, (("yu-mas", "俞组织"),)),
    OfficeRow("青浦区科技创新券评审中心", "centre", "310118", _CENTRE, (("zhuang-qp", "庄组织"),)),
    OfficeRow(
        "长三角创新券联合办公室",
        "province",
        "310000",
        ("manage_programmes", "manage_lists", "review_claim", "settle", "countersign", "view_cases", "publish_notices"),
        (("shen-lh", "沈制单"), ("meng-lh", "孟复核")),
    ),
    OfficeRow(
        "吴江区科创资金结算中心",
        "province",
        "320509",
        ("settle", "countersign", "view_cases", "publish_notices"),
        (("ke-wj", "柯制单"), ("tu-wj", "涂复核")),
    ),
    OfficeRow(
        "皖江科技创新券管理办公室",
        "province",
        "340000",
        ("manage_lists", "view_cases"),
        (("fang-wj", "方管理"),),
    ),
)

FIRMS = (
    FirmRow("taihu", "enterprise", "太浦智造科技有限公司", "320509", "吴湖", "eligible", "云梨路 1688 号"),
    FirmRow("songling", "enterprise", "松陵精密仪器有限公司", "320509", "盛陵", "eligible", "江兴东路 1188 号"),
    FirmRow("zhenze", "enterprise", "震泽光纤材料有限公司", "320509", "钱泽", "eligible", "镇南路 66 号"),
    FirmRow("pingwang", "enterprise", "平望新能源有限公司", "320509", "倪望", "eligible", "通运路 9 号"),
    FirmRow("xitang", "enterprise", "西塘电子元件有限公司", "330421", "柯塘", "eligible", "南苑路 315 号"),
    FirmRow("weitang", "enterprise", "魏溪软件有限公司", "330421", "陶溪", "eligible", "归谷五路 27 号"),
    FirmRow("yangcheng", "enterprise", "阳澄传动科技有限公司", "320507", "蒋澄", "eligible", "高铁新城青龙港路 58 号"),
    FirmRow("weitangqiao", "enterprise", "渭桥生物科技有限公司", "320507", "邹桥", "eligible", "澄阳路 116 号"),
    FirmRow("huashan", "enterprise", "花雨机电有限公司", "340503", "陈雨", "eligible", "湖西北路 808 号"),
    FirmRow("dangtu", "enterprise", "姑溪轨道部件有限公司", "340521", "汪溪", "eligible", "提署东路 39 号"),
    FirmRow("zhujiajiao", "enterprise", "漕港环境科技有限公司", "310118", "朱港", "eligible", "漕平路 168 号"),
    FirmRow("xujing", "enterprise", "徐泾医疗器械有限公司", "310118", "管泾", "eligible", "诸陆西路 2468 号"),
)

CARRIERS = (
    CarrierRow(
        "puzhong",
        "浦中检测技术有限公司",
        "310118",
        "陆浦",
        ("310118", "320509", "330421", "320507", "340500"),
        "CMA、CNAS 认可实验室",
        "面向一体化示范区企业的第三方检测机构，汽车电子、材料和环境可靠性检测。",
        (
            ItemRow("汽车电子检测服务", "010301", "6000", "项", 10, "电磁兼容与环境可靠性检测，出具认可报告。"),
            ItemRow("生物种质分析", "010101", "3000", "样", 7, "成分与活性分析，提供原始数据。"),
            ItemRow("风洞试验", "010201", None, "次", 15, "低速风洞，按模型规模报价。"),
        ),
    ),
    CarrierRow(
        "fenhu",
        "汾湖知识产权服务有限公司",
        "320509",
        "汾一",
        ("320509", "330421"),
        "专利代理机构",
        "知识产权评估、检索与导航。",
        (ItemRow("知识产权专利价值评估", "030101", "8000", "件", 10, "收益法与市场法评估，出具报告。"),),
    ),
)

EXPERTS = (
    ExpertRow("e-ren", "任评审", "W-0101", "太浦装备研究院", "研究员"),
    ExpertRow("e-yuan", "袁评审", "W-0102", "运河理工大学", "教授"),
    ExpertRow("e-ge", "葛评审", "W-0103", "平波计量测试所", "高级工程师"),
)

"""Who of the demo world is shown to the public before being paid, and who scores them. Invented."""

from .people import ExpertRow, FirmRow

COUNTY = "330110"

FIRMS = (
    FirmRow("cangqian", "enterprise", "仓前微纳电子有限公司", COUNTY, "仓浩", "verified", "文一西路 1818 号"),
    FirmRow("liangzhu", "enterprise", "良诸复合材料有限公司", COUNTY, "诸良", "verified", "莫干山路 2988 号"),
    FirmRow("pingyao", "enterprise", "瓶耀激光技术有限公司", COUNTY, "耀平", "verified", "凤都路 66 号"),
)


EXPERTS = (
    ExpertRow("e-gu", "顾评审", "E-0201", "云帆理工大学", "教授"),
    ExpertRow("e-shi", "施评审", "E-0202", "江澜材料研究院", "研究员"),
    ExpertRow("e-tan", "谭评审", "E-0203", "北岸计量测试研究所", "高级工程师"),
    ExpertRow("e-wei", "韦评审", "E-0204", "明远电子技术学院", "副教授"),
    ExpertRow("e-zhan", "詹评审", "E-0205", "青禾可靠性中心", "高级工程师"),
    ExpertRow("e-dou", "窦评审", "E-0206", "东海分析测试中心", "高级工程师"),
)

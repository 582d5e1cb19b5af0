"""What the demo's people reported: sentences, and the scenes of their photos (bot/demo/paint)."""

# not for people: invented reports of the demo
from typing import NamedTuple

from storage.kinds.hardship import Cause, Guarantee, HardshipCategory, Urgency
from storage.kinds.visit import Purpose


class Story(NamedTuple):
    """A visit or photo report: purposes, words and what its photos may show ("road" broken, "road+" mended)."""

    words: str
    scenes: tuple[str, ...]
    purposes: tuple[Purpose, ...] = (Purpose.LOOK,)


class Case(NamedTuple):
    """A hardship case."""

    category: HardshipCategory
    causes: tuple[Cause, ...]
    guarantees: tuple[Guarantee, ...]
    urgency: Urgency
    words: str
    wishes: str | None
    people: int
    scenes: tuple[str, ...] = ()


class Mending(NamedTuple):
    """A rectification: the problem, what was done, the scene before and after."""

    problem: str
    done: str
    scene: str


VISITS = (
    Story("老两口身体硬朗，粮食够吃，取暖用煤已经送到。", ("house+", "courtyard+")),
    Story("宣讲了今年医保缴费政策，当场帮着在手机上缴清。", ("house+",), (Purpose.POLICY, Purpose.MEDICAL)),
    Story(
        "儿子在外打工，老人独居，水缸、米面都看过，够用一个月。",
        ("kitchen+", "courtyard+"),
        (Purpose.LOOK, Purpose.CARE),
    ),
    Story(
        "正房屋顶东侧漏雨，先用苫布盖住了，已请村里排修缮。",
        ("roof", "room"),
        (Purpose.HOUSING, Purpose.SAFETY),
    ),
    Story("上周补的屋顶不漏了，新瓦已铺好，屋里墙面也干了。", ("roof+", "room+"), (Purpose.HOUSING,)),
    Story("检查取暖炉和烟道，装了一氧化碳报警器，教会了怎么看。", ("kitchen+",), (Purpose.SAFETY,)),
    Story("高血压药按时吃，下周陪去镇卫生院复查，慢病卡已办好。", ("house+",), (Purpose.MEDICAL,)),
    Story("孩子上初二，校服和餐费补助都已到账，成绩中上。", ("house+", "courtyard+"), (Purpose.SCHOOLING,)),
    Story("想就近打工，推荐到镇里的蔬菜合作社，周一去面试。", ("field+",), (Purpose.WORK,)),
    Story("大棚里的西红柿坐果不错，联系了收购点，价格谈到两块四。", ("field+",), (Purpose.INDUSTRY,)),
    Story("玉米已收完晾晒，帮着联系粮站，明天上门收。", ("courtyard+", "house+"), (Purpose.INDUSTRY,)),
    Story("与东邻因滴水檐闹意见，坐下来谈开了，约好开春一起修。", ("house",), (Purpose.DISPUTE,)),
    Story("收入和支出逐项核过，没有返贫风险。", ("house+",), (Purpose.MONITOR,)),
    Story(
        "住院花费较大，自付部分超过一万，列入本月重点关注。", ("house",), (Purpose.MONITOR, Purpose.MEDICAL)
    ),
    Story("送去棉被和米面油，老人精神不错，说想孙子。", ("house+", "room+"), (Purpose.CARE,)),
    Story("自来水上午没有水，是巷口阀门坏了，已报维修。", ("kitchen",), (Purpose.LOOK, Purpose.SAFETY)),
    Story("残疾证快到期，约好下周三帮着去换证。", ("house+",), (Purpose.POLICY, Purpose.CARE)),
    Story("西屋墙有裂缝，贴了纸条观察，暂不住人。", ("house", "room"), (Purpose.HOUSING, Purpose.SAFETY)),
    Story("小麦出苗整齐，讲了冬前浇水和防冻。", ("field+",), (Purpose.INDUSTRY, Purpose.POLICY)),
    Story("院里杂物多，帮着归整了柴草，说好保持。", ("courtyard", "courtyard+"), (Purpose.LOOK,)),
    Story("女儿考上职业学院，帮着申请了助学贷款。", ("house+",), (Purpose.SCHOOLING, Purpose.POLICY)),
    Story("公益岗位工资按月到账，活儿干得认真。", ("road+",), (Purpose.WORK,)),
)
PHOTOS = (
    Story("村口主路坑洼，雨后积水，骑车不好走。", ("road",)),
    Story("主路已修补平整，路灯也亮了。", ("road+",)),
    Story("村东排水沟里有垃圾，要清。", ("ditch",)),
    Story("排水沟清淤完成，水流通畅。", ("ditch+",)),
    Story("冬小麦长势。", ("field+",)),
    Story("大棚区今天开始覆膜。", ("field",)),
    Story("入户路上看到的院落，收拾得很干净。", ("courtyard+", "house+")),
)
CASES = (
    Case(HardshipCategory.LOW_INCOME, (Cause.ILLNESS,), (Guarantee.MEDICAL,), Urgency.SOON,
         "户主十月查出冠心病，放了支架，自付两万多，收入断了。", "想申请医疗救助。", 3, ("house",)),
    Case(HardshipCategory.LEFT_ELDER, (Cause.LABOUR,), (Guarantee.HOUSING,), Urgency.URGENT,
         "老人独居，昨夜下雨正房顶塌了一角，床铺淋湿，今晚不能住。", "今晚先有地方住，再修房顶。", 1, ("roof", "room")),
    Case(HardshipCategory.DISABLED, (Cause.DISABILITY, Cause.LABOUR), (), Urgency.NORMAL,
         "户主腿部残疾加重，地种不了，想把地流转出去。", "帮着联系流转。", 2, ("house+",)),
    Case(HardshipCategory.OTHER, (Cause.ACCIDENT,), (Guarantee.MEDICAL,), Urgency.SOON,
         "在工地摔伤住院，家里主要劳力，工期内没有收入。", None, 4),
    Case(HardshipCategory.LEFT_CHILD, (Cause.SCHOOLING,), (Guarantee.SCHOOLING,), Urgency.SOON,
         "孩子两周没去上学，奶奶管不住，已经上门谈过一次。", "请学校和我们一起再上门。", 2),
    Case(HardshipCategory.OTHER, (Cause.DISASTER,), (Guarantee.WATER,), Urgency.NORMAL,
         "院里水管冻裂，到邻居家挑水吃。", "修水管。", 3, ("kitchen",)),
)  # fmt: skip
URGENT = CASES[1]
MENDINGS = (
    Mending("村口主路多处坑洼积水，影响出行。", "坑洼处已铺平压实，积水排净，路口设了警示牌。", "road"),
    Mending("村东排水沟堆有垃圾，沟底淤塞。", "组织清运四车垃圾，清淤一百二十米，专人看护。", "ditch"),
    Mending("独居老人正房屋顶漏雨，未及时修缮。", "更换瓦面六平方米，做了防水，雨后回看不漏。", "roof"),
    Mending("户内墙面渗水发霉，取暖季前要处理。", "屋顶修好后墙面已刮白，通风三天，老人已搬回。", "room"),
    Mending("入户检查发现院内杂物堵塞消防通道。", "杂物已清走，通道留足一米五，贴了提示。", "courtyard"),
    Mending("部分农户自来水时有时无。", "更换巷口阀门两个，逐户试水，全部正常。", "kitchen"),
)
HOUSE = Story("东屋山墙外倾，裂缝能伸进手指，老人说舍不得搬，今晚还打算住。", ("house", "room"))
AT_THE_DAUGHTERS = "已送到本村女儿家，被褥一起带过去了"
REPORTED_UP = {"whom": "镇政府", "measure": "人已劝离，拉了警戒线"}
APPRAISED = {"level": "d", "appraiser": "区住建委"}
NEW_HOME = "村里周转房两间，已通水电"
WISHED = "申请临时救助；住院费用请核对报销"
GIVEN = "临时救助 3000 元，已打到一卡通"
CANNOT = "不符合政策条件"
RETURNED = "照片看不出路口那一段，请补拍一张。"
STRUCK = "到现场看过，属实。"
VERIFIED = "入户看过，情况属实，和邻居、村干部也核对过。"
DISCUSSED = "村里评议通过，无不同意见。"
FOLLOWED = "情况稳定，措施都在落实。"
TOPICS = ("工作交流", "周报")
COUNTY_GROUP, TOWN_GROUP = "武清区驻村管理组", "河西务镇驻村工作"

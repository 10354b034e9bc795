"""The many ways to write one thing: names, times, and the order of members."""
import facts
from instants import DAY, HOUR, MINUTE, SECOND, civil_from_days, show_instant

# canonical name -> the name that other pages print
VARIANTS = {
    "通用卡证鉴伪": "通用卡证鉴别", "组织机构代码证识别": "组织机构代码识别",
    "港澳台来往内地通行证识别": "港澳台来往内地通行证识别类",
    "护照识别（港澳台地区及境外护照）": "护照（港澳台及境外护照）",
    "有效身份证件识别（鉴伪版）": "有效身份证件识别（鉴别版）",
    "文档抽取（多模态Pro版）": "文档抽取（Pro版）",
}

_FULL_WIDTH = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ()/", "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ（）／")


class Spelling:
    def __init__(self, rng):
        self.rng = rng

    def name(self, name, may_be_variant=False):
        """The name, or one that matches it: other widths, spaces, the print of another page."""
        rng = self.rng
        pick = rng.random()
        if pick < 0.75:
            return name
        if may_be_variant and name in VARIANTS and rng.random() < 0.5:
            return VARIANTS[name]
        if pick < 0.8:
            return facts.fold(name)
        if pick < 0.85:
            return name.translate(_FULL_WIDTH)
        at = rng.randrange(len(name) + 1)
        return name[:at] + rng.choice([" ", "  ", "\u3000", "\u00a0"]) + name[at:]

    def time(self, instant):
        """The instant in the policy's zone, or at times in another, with or without a fraction."""
        rng = self.rng
        pick = rng.random()
        if pick < 0.8:
            return show_instant(instant)
        if pick < 0.9:
            return self.in_zone(instant, 0, rng.choice(["Z", "+00:00", "-00:00"]))
        return self.in_zone(instant, *rng.choice([
            (9 * HOUR, "+09:00"), (-5 * HOUR, "-05:00"), (5 * HOUR + 30 * MINUTE, "+05:30"),
            (-(11 * HOUR + 30 * MINUTE), "-11:30"), (14 * HOUR, "+14:00")]))

    @staticmethod
    def in_zone(instant, offset, suffix):
        instant += offset - 8 * HOUR
        seconds, fraction = divmod(instant % DAY, SECOND)
        return "%04d-%02d-%02dT%02d:%02d:%02d%s%s" % (
            *civil_from_days(instant // DAY), seconds // 3600, seconds // 60 % 60, seconds % 60,
            ".%09d" % fraction if fraction else "", suffix)

    def shuffled(self, value):
        """The same JSON value with its members in another order."""
        if isinstance(value, dict):
            keys = list(value)
            self.rng.shuffle(keys)
            return {key: self.shuffled(value[key]) for key in keys}
        if isinstance(value, list):
            return [self.shuffled(member) for member in value]
        return value

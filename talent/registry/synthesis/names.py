"""Invented names. Latin ones are built from syllables; Chinese ones begin with characters
that are no common surname, so that no real person is meant."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from talent.registry.synthesis.chance import one_of


def words(text: str) -> list[str]:
    return text.split()


GIVEN_STARTS = words("""
    Al Bre Cor Da Eli Fen Ga Hel Ini Jor Ka Lo Mi No Ori Pe Qua Ro Sa Te Ul Va Wil Xe Yo Ze
""")
GIVEN_ENDS = words("ra nis len dor va mon ta rik sha vel nor bia lo min gar tis")
FAMILY_STARTS = words("""
    Abren Bolt Cask Dorv Elm Ferr Grav Holm Ister Jund Keld Lorn Marsk Nevr Oster Pell Quill
    Rast Sorn Tarv Umbr Velk Wend Yarrow Zell
""")
FAMILY_ENDS = words("""
    ane berg dal ek ford gaard hurst ing jar kin land moor ness quist rud sen
""")
FAMILY_HAN = {
    "岚": "Lan", "霁": "Ji", "澈": "Che", "黛": "Dai", "朔": "Shuo", "珩": "Heng",
    "渊": "Yuan", "翎": "Ling", "烨": "Ye", "澜": "Lan", "砚": "Yan", "霏": "Fei",
    "芷": "Zhi", "蘅": "Heng", "筠": "Jun", "汐": "Xi",
}  # fmt: skip
GIVEN_HAN = {
    "星": "xing", "舟": "zhou", "云": "yun", "川": "chuan", "晨": "chen", "望": "wang",
    "青": "qing", "禾": "he", "远": "yuan", "知": "zhi", "行": "xing", "秋": "qiu",
    "声": "sheng", "白": "bai", "野": "ye", "石": "shi", "明": "ming", "若": "ruo",
    "鸣": "ming", "庭": "ting", "书": "shu", "雨": "yu", "南": "nan", "清": "qing",
}  # fmt: skip
HAN_FAMILIES, HAN_GIVEN = list(FAMILY_HAN), list(GIVEN_HAN)

COMPANY_STARTS = words("""
    Aur Bryn Cala Dex Ember Fjor Glim Hale Ixa Jove Kite Lumen Mira Nim Orb Pyra Quor Rill
    Sable Tern Umbra Verd Wisp Xylo Zeph
""")
COMPANY_ENDS = words("ion ora ix ant ell is ova ium eon ard us ene")
HAN_COMPANIES = words("云川 星舟 青禾 远行 知秋 白石 南雨 鸣野 清庭 望晨")
SCHOOLS = words("Ostvale Marrowby Teln Quillhaven Brask Fennmoor")


@dataclass(frozen=True, slots=True)
class Name:
    latin: str
    han: str = ""
    others: str = ""


def person_name(chance: Random) -> Name:
    """One in four has a Chinese name; some are known by another spelling too."""
    if chance.random() < 0.25:
        family = one_of(chance, HAN_FAMILIES)
        given = [one_of(chance, HAN_GIVEN), one_of(chance, HAN_GIVEN)]
        spelt = "".join(GIVEN_HAN[character] for character in given).capitalize()
        latin = f"{spelt} {FAMILY_HAN[family]}"
        reverse = f"{FAMILY_HAN[family]} {spelt}"
        others = reverse if chance.random() < 0.3 else ""
        return Name(latin, family + "".join(given), others)
    given_name = one_of(chance, GIVEN_STARTS) + one_of(chance, GIVEN_ENDS)
    family_name = one_of(chance, FAMILY_STARTS) + one_of(chance, FAMILY_ENDS)
    others = f"{given_name[0]}. {family_name}" if chance.random() < 0.08 else ""
    return Name(f"{given_name} {family_name}", "", others)


def slug_of(text: str) -> str:
    return text.lower().replace(" ", "-").replace(".", "")

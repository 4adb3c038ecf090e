"""What English headline words mean to the reader: the sections of words/english.txt."""

from __future__ import annotations

from functools import lru_cache

from talent.intake.reader.names import sections, word_set


def forms(verb: str) -> frozenset[str]:
    """A verb with its regular forms: hire, hires, hired, hiring."""
    stem = verb.removesuffix("e")
    ending = "es" if verb.endswith(("ch", "sh", "ss", "x")) else "s"
    return frozenset({verb, verb + ending, stem + "ed", stem + "ing"})


def meaning(section: str) -> frozenset[str]:
    words: set[str] = set()
    for word in sections("english.txt")[section]:
        if word.startswith("~"):
            words |= forms(word[1:])
        else:
            words.add(word.replace("_", " "))
    return frozenset(words)


# -- Verbs: what each means is said in the file ----------------------------------------

HIRE, TAKING_AWAY, ACQUIRE = meaning("hire"), meaning("taking_away"), meaning("acquire")
RAID, BOLSTER, SUCCEED = meaning("raid"), meaning("bolster"), meaning("succeed")
JOIN, JOIN_TO, NOW_DOING = meaning("join"), meaning("join_to"), meaning("now_doing")
CROSSING, FOUND, FOLLOW = meaning("crossing"), meaning("found"), meaning("follow")
LEAVE, LEAVE_NOUN = meaning("leave"), meaning("leave_noun")
FIRE, LOSE = meaning("fire"), meaning("lose")
LEAVE_PAIRS = frozenset(tuple(pair.split()) for pair in meaning("leave_pairs"))

# -- Small words -----------------------------------------------------------------------

FROM, AT, BE, EX, WHO = (
    meaning("from"), meaning("at"), meaning("be"), meaning("ex"), meaning("who"),
)  # fmt: skip
PRONOUNS, SAYING, LISTING = meaning("pronouns"), meaning("saying"), meaning("listing")
STOPS, SETTING, NUMBERS = meaning("stops"), meaning("setting"), meaning("numbers")

# -- Whether it happened ---------------------------------------------------------------

NOT, PERHAPS, LIKELY = meaning("not"), meaning("perhaps"), meaning("likely")
QUESTIONS, DENIED_LATER, LEGAL = (
    meaning("questions"), meaning("denied_later"), meaning("legal"),
)  # fmt: skip

# -- People, things and companies ------------------------------------------------------

ROLES, THINGS, PRODUCTS = meaning("roles"), meaning("things"), meaning("products")
FAMOUS, PARTICLES = meaning("famous"), meaning("particles")
LAB_WORDS, ORG_ENDINGS = meaning("lab_words"), meaning("org_endings")
STRONG_ENDINGS = meaning("strong_endings")
NO_NAME_BEFORE_ENDING = meaning("no_name_before_ending")
ADJECTIVAL = meaning("adjectival")

# Whose work a product is: enough for where somebody left, never for where they came from.
MAKERS = {
    "siri": "Apple", "iphone": "Apple", "chatgpt": "OpenAI", "sora": "OpenAI",
    "codex": "OpenAI", "grok": "xAI", "alexa": "Amazon", "copilot": "Microsoft",
    "llama": "Meta", "gemini": "Google", "googler": "Google", "googlers": "Google",
    "xoogler": "Google", "claude": "Anthropic",
}  # fmt: skip
# "Bezos's AI lab": whose young company has no name in the headline.
LABS_OF = {
    "bezos": "Project Prometheus", "murati": "Thinking Machines Lab", "musk": "xAI",
    "sutskever": "Safe Superintelligence",
}  # fmt: skip
# People who stand for their company when they hire.
OWNERS = {
    "zuckerberg": "Meta", "mark zuckerberg": "Meta", "zuck": "Meta",
    "扎克伯格": "Meta", "小扎": "Meta", "马克·扎克伯格": "Meta",
    "nadella": "Microsoft", "satya nadella": "Microsoft", "pichai": "Google",
    "sundar pichai": "Google", "tim cook": "Apple", "altman": "OpenAI",
    "sam altman": "OpenAI", "奥特曼": "OpenAI", "jensen huang": "Nvidia",
    "黄仁勋": "英伟达", "雷军": "小米",
}  # fmt: skip


ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly")


@lru_cache(maxsize=8192)
def is_common(low: str) -> bool:
    """Whether a word is everyday English, so that a capital says nothing about it."""
    if "-" in low:
        return all(is_common(part) for part in low.split("-") if part)
    common = word_set("common_english.txt")
    if low in common or len(low) == 1:
        return True
    if low.endswith(("ies", "ied")) and low[:-3] + "y" in common:
        return True
    return any(
        stem != low and len(stem) > 2 and (is_common(stem) or stem + "e" in common)
        for stem in map(low.removesuffix, ENDINGS)
    )


def is_given_name(low: str) -> bool:
    return low in word_set("given_names.txt")

"""Sluglines of the wires (`FRANCE-DIPLOMACY-AI-SUMMIT`) to the places that a story is about and its topics."""

from __future__ import annotations

from functools import lru_cache

# What stands for a place in the leading run, beside the names of countries: bodies, regions, cities, usual short forms.
_PLACES = """
AFGHAN AFRICA AMERICAS ANTARCTICA ARCTIC ASEAN ASIA BALKANS BEIJING BRITAIN BURMA CARIBBEAN CONGO CZECH DRCONGO DRC EU EUROPE
EUROZONE G20 G7 GAZA GCC GREENLAND GULF HK HONG-KONG HOLY-SEE IMF IVORY-COAST KOREA KOSOVO LATAM LATIN-AMERICA MACAU
MIDEAST MIDDLE-EAST NATO NETHERLANDS NKOREA N.KOREA NORTH-KOREA NORTHERN-IRELAND OECD OPEC PALESTINIANS PALESTINIAN PALESTINE
RUSSIA SAFRICA S.AFRICA SAUDI SCANDINAVIA SCOTLAND SKOREA S.KOREA SOUTH-KOREA SYRIA TAIWAN TIBET TURKEY UAE UK UN US USA VATICAN
WALES WEST-BANK WHO WTO XINJIANG
""".split()  # fmt: skip
_TOPICS = """
AI-SUMMIT AIR-POLLUTION AIR-TRAVEL ARTIFICIAL-INTELLIGENCE ARMS-CONTROL CENTRAL-BANK CIVIL-WAR CLIMATE-CHANGE CLIMATE-SUMMIT
CLIMATE-TALKS COVID-19 DATA-CENTRE DATA-PROTECTION ELECTRIC-CARS EXPORT-CONTROLS FREE-TRADE G20-SUMMIT G7-SUMMIT HEALTH-CARE
HUMAN-RIGHTS INTEREST-RATES NATIONAL-SECURITY NUCLEAR-POWER PEACE-TALKS POWER-CUTS PRESS-FREEDOM PUBLIC-HEALTH
RENEWABLE-ENERGY SEA-LEVEL SOCIAL-MEDIA SPACE-STATION SUBMARINE-CABLES SUPPLY-CHAIN TRADE-TALKS TRADE-WAR WORLD-CUP
""".split()  # fmt: skip


def parse_slugline(slugline: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the places (the leading run, main country first) and the topics of `slugline`, as it spells them.

    Splits at hyphens and slashes, keeping the order; names of several words stay together where they are known.
    Follows the practice of the AFP, AP and dpa desks; case is never changed (`US` is not "us").
    """
    tokens = [token.strip() for token in slugline.replace("/", "-").split("-") if token.strip()]
    gazetteer = _places()
    places: list[str] = []
    at = 0
    while at < len(tokens):
        length = _longest(tokens, at, gazetteer)
        if not length:
            break
        places.append("-".join(tokens[at : at + length]))
        at += length
    topics: list[str] = []
    while at < len(tokens):
        length = _longest(tokens, at, _COMPOUNDS) or 1
        topics.append("-".join(tokens[at : at + length]))
        at += length
    return tuple(dict.fromkeys(places)), tuple(dict.fromkeys(topics))


def _longest(tokens: list[str], at: int, gazetteer: frozenset[str]) -> int:
    """Return how many tokens from `at` make the longest name in `gazetteer`; 0 for none."""
    for length in range(min(4, len(tokens) - at), 0, -1):
        if "-".join(tokens[at : at + length]).upper() in gazetteer:
            return length
    return 0


_COMPOUNDS = frozenset(_TOPICS)


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    from babel import Locale  # CLDR's country names; slow to import and needed only where sluglines are

    names = Locale("en").territories
    countries = {str(name).upper().replace(" ", "-").replace("’", "'") for code, name in names.items() if len(code) == 2}
    return frozenset(countries | set(_PLACES))

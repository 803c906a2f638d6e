"""The country and language codes that outlet files and feeds may use."""

from __future__ import annotations

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
    BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
    IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
    MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
    PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
    YT ZA ZM ZW XX
    """.split()  # noqa: SIM905 - 250 quoted strings would hide the list
)
"""ISO 3166-1 alpha-2, and XX (user-assigned there) for an outlet that belongs to no one country."""

LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee
    el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io
    is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn
    mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se
    sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo
    wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905
)
"""ISO 639-1."""

_SOLD_TO_ALL = frozenset("ac ag ai am cc co fm gg io la me nu sh to tv vc ws".split())  # noqa: SIM905
"""Country domains that are registered everywhere for their letters."""

_WITHDRAWN = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro"}


def language_code(tag: str | None) -> str | None:
    """The ISO 639-1 code of a language tag such as `ar-SA`, `pt_BR` or `IW` (RFC 5646, 2.2.1), or None."""
    if not tag:
        return None
    primary = tag.strip().replace("_", "-").partition("-")[0].lower()
    primary = _WITHDRAWN.get(primary, primary)
    return primary if primary in LANGUAGES else None


def country_of_host(host: str) -> str:
    """The country of a host name by its top-level domain, or XX where that names none or is sold to all.

    Under a second level such as .com.co the country's own outlets register.
    """
    labels = host.partition(":")[0].lower().split(".")
    top = {"uk": "GB"}.get(labels[-1], labels[-1].upper())
    general = labels[-1] in _SOLD_TO_ALL and not (len(labels) > 2 and labels[-2] in ("com", "org", "net"))
    return "XX" if general or top not in COUNTRIES else top

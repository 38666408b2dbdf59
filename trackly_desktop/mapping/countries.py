"""Countries by name or code, in the languages that files are written in.

The names are those of `phonenumbers`, in English, Spanish, French, German, Portuguese and some others; what people write
beside them is added here.
"""

from __future__ import annotations

from functools import cache

from trackly_desktop.mapping.column_aliases import normalize_header

_LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "nl", "pl", "cs", "sv", "da", "no", "ru", "ja", "zh")

_ALSO = {
    "usa": "US", "u s a": "US", "u s": "US", "united states of america": "US", "the united states": "US",
    "america": "US", "eeuu": "US", "ee uu": "US", "e u a": "US", "eua": "US", "etats unis d amerique": "US",
    "estados unidos de america": "US", "vereinigte staaten von amerika": "US", "uk": "GB", "u k": "GB",
    "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "angleterre": "GB", "inglaterra": "GB", "grossbritannien": "GB", "holland": "NL", "the netherlands": "NL",
    "south korea": "KR", "korea": "KR", "russia": "RU", "czech republic": "CZ", "czechia": "CZ", "tschechien": "CZ",
    "ivory coast": "CI", "uae": "AE", "u a e": "AE", "emirates": "AE", "hong kong": "HK", "taiwan": "TW",
    "macedonia": "MK", "vietnam": "VN", "turkiye": "TR", "brasil": "BR", "deutschland": "DE", "espana": "ES",
    "republic of ireland": "IE", "eire": "IE", "中国": "CN", "日本": "JP",
}  # fmt: skip

# ISO 3166-1 alpha-3, in the order of alpha-2.
_THREE = (
    "ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD BEBEL "
    "BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD "
    "CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK "
    "DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD "
    "GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GTGTM GUGUM GWGNB GYGUY HKHKG HNHND HRHRV HTHTI "
    "HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR "
    "KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR "
    "MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI "
    "MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF "
    "PGPNG PHPHL PKPAK PLPOL PMSPM PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC "
    "SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA "
    "TDTCD TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA USUSA UYURY UZUZB "
    "VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKX YEYEM YTMYT ZAZAF ZMZMB ZWZWE"
)


def find_region(text: str, *, dial_codes: bool = False) -> str:
    """The ISO 3166 code of the country that is meant; empty where none is. `dial_codes`: 44 and +44 are the United Kingdom."""
    digits = text.strip().removeprefix("+").removeprefix("00")
    if dial_codes and digits.isdigit() and len(digits) <= 3:
        import phonenumbers

        region = phonenumbers.region_code_for_country_code(int(digits))
        return "" if region in ("ZZ", "001") else region
    return _by_name().get(normalize_header(text), "")


@cache
def _by_name() -> dict[str, str]:
    from phonenumbers.geodata.locale import LOCALE_DATA

    names: dict[str, str] = {}
    for region, said in LOCALE_DATA.items():
        for language in _LANGUAGES:
            name = said.get(language, "")
            if name.startswith("*"):  # the same as in another language
                name = said.get(name[1:], "")
            if name and not name.startswith("*"):
                names.setdefault(normalize_header(name), region)
    for code in _THREE.split():
        names[code[2:].lower()] = code[:2]
        names[code[:2].lower()] = code[:2]
    return names | _ALSO

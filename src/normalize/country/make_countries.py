"""Makes countries.tsv: the names of countries, each with its ISO 3166-1 alpha-2 code.

A line has three cells: the code; a folded name, by which a text that is a country is read; and what stands for the country
beside a phone number, one behind the other with a semicolon between: the alpha-3 code in capitals, or the words of a name.
Where only a label has the name, the second cell is empty.

    pip install babel==2.17.0
    python make_countries.py

The names come from the Unicode CLDR as Babel ships it (licence: Unicode-3.0, see
https://www.unicode.org/license.txt): English, Portuguese, Spanish, German, French and Italian, short and
variant forms, and the names that a country's official languages have for it; also its alpha-2 and alpha-3
codes. A name that two countries share is left out. Names are folded as `fold_name` of the library folds them:
compatibility forms taken apart, marks dropped, lower case, letters and digits only.
"""

import pathlib
import sys
import unicodedata

import babel
from babel.core import get_global
from babel.languages import get_official_languages

LANGUAGES = ["en", "pt", "pt_PT", "es", "es_MX", "de", "fr", "it"]

# What people write and CLDR does not list.
ALIASES = {
    "AE": ["UAE", "Emirates", "EAU"],
    "BO": ["Bolivia Plurinational State of", "Estado Plurinacional de Bolivia"],
    "CD": ["DR Congo", "DRC", "Democratic Republic of the Congo", "Congo Kinshasa"],
    "CG": ["Republic of the Congo", "Congo Brazzaville"],
    "CH": ["Confoederatio Helvetica"],
    "CN": ["PRC", "People's Republic of China"],
    "CV": ["Cape Verde"],
    "CZ": ["Czech Republic", "Republica Checa", "Tschechische Republik"],
    "DE": ["BRD", "Bundesrepublik Deutschland", "Federal Republic of Germany"],
    "DO": ["Republica Dominicana", "Dominican Rep"],
    "GB": ["UK", "U.K.", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland",
           "Inglaterra", "Escocia", "Reino Unido", "Gran Bretana", "Gra-Bretanha", "Grossbritannien",
           "England UK", "United Kingdom of Great Britain and Northern Ireland"],
    "IR": ["Iran Islamic Republic of"],
    "KR": ["Korea", "South Korea", "Republic of Korea", "Korea Republic of"],
    "KP": ["North Korea"],
    "LA": ["Lao PDR"],
    "MD": ["Moldova Republic of", "Republic of Moldova"],
    "MK": ["Macedonia"],
    "MM": ["Burma"],
    "MX": ["Estados Unidos Mexicanos", "Mexiko", "Mejico"],
    "NL": ["Holland", "The Netherlands", "Holanda"],
    "PS": ["Palestine State of"],
    "RU": ["Russian Federation"],
    "SY": ["Syrian Arab Republic"],
    "SZ": ["Swaziland"],
    "TR": ["Turkey", "Turkiye"],
    "TW": ["Taiwan Province of China"],
    "TZ": ["Tanzania United Republic of"],
    "US": ["USA", "U.S.A.", "U.S.", "United States of America", "The United States", "America", "EUA", "EEUU",
           "EE. UU.", "Estados Unidos", "Estados Unidos da America", "Estados Unidos de America",
           "Estados Unidos de Norteamerica", "Vereinigte Staaten von Amerika", "Etats-Unis d'Amerique"],
    "VA": ["Holy See", "Vatican"],
    "VE": ["Venezuela Bolivarian Republic of"],
    "VN": ["Viet Nam"],
}

# The names that stand beside phone numbers often, in the words of a folded label.
LABELS = {
    "AE": ["uae"],
    "AR": ["argentina"],
    "AT": ["austria", "osterreich"],
    "AU": ["australia"],
    "BE": ["belgium", "belgique", "belgie", "belgien"],
    "BO": ["bolivia"],
    "BR": ["brazil", "brasil", "bresil", "brasile", "brasilien"],
    "CA": ["canada", "kanada"],
    "CH": ["switzerland", "schweiz", "suisse", "svizzera"],
    "CL": ["chile"],
    "CN": ["china"],
    "CO": ["colombia"],
    "CR": ["costa rica"],
    "CZ": ["czechia", "czech republic", "cesko"],
    "DE": ["germany", "deutschland", "alemania", "alemanha", "allemagne", "germania"],
    "DK": ["denmark", "danmark"],
    "DO": ["dominican republic"],
    "EC": ["ecuador", "equador"],
    "EG": ["egypt"],
    "ES": ["spain", "espana", "espanha", "espagne", "spagna", "spanien"],
    "FI": ["finland", "suomi"],
    "FR": ["france", "francia", "franca", "frankreich"],
    "GB": ["uk", "united kingdom", "great britain", "britain", "england", "scotland", "wales", "reino unido",
           "inglaterra", "grande bretagne"],
    "GR": ["greece"],
    "HK": ["hong kong"],
    "HU": ["hungary"],
    "ID": ["indonesia"],
    "IE": ["ireland"],
    "IL": ["israel"],
    "IN": ["india"],
    "IT": ["italy", "italia", "italie", "italien"],
    "JP": ["japan", "日本"],
    "KE": ["kenya"],
    "KR": ["korea", "south korea", "한국"],
    "MA": ["morocco", "maroc"],
    "MX": ["mexico", "mexique", "mexiko"],
    "MY": ["malaysia"],
    "NG": ["nigeria"],
    "NL": ["netherlands", "the netherlands", "holland", "nederland"],
    "NO": ["norway", "norge"],
    "NZ": ["new zealand"],
    "PE": ["peru"],
    "PH": ["philippines"],
    "PK": ["pakistan"],
    "PL": ["poland", "polska"],
    "PT": ["portugal"],
    "PY": ["paraguay"],
    "RO": ["romania"],
    "RU": ["russia", "россия"],
    "SA": ["saudi arabia"],
    "SE": ["sweden", "sverige"],
    "SG": ["singapore"],
    "TH": ["thailand"],
    "TR": ["turkey", "turkiye", "turkei"],
    "TW": ["taiwan"],
    "UA": ["ukraine", "украіна"],
    "US": ["usa", "united states", "united states of america", "america", "estados unidos", "eua", "eeuu",
           "etats unis", "vereinigte staaten"],
    "UY": ["uruguay"],
    "VE": ["venezuela"],
    "VN": ["vietnam"],
    "ZA": ["south africa"],
}

# Three letters that name no country beside a number: words of labels (COM, DOM, AND), codes that ISO withdrew, and codes of
# places without a numbering plan.
NO_LABELS = set("and com dom ata atf bur bvt ddr fxx hmd ira oma pcn sgs tmp umi ymd zar".split())

# Letters that have no decomposition, and how people write them without their stroke.
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def fold(name):
    """The name in lower case, without marks, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", name).lower().translate(LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalnum())


def territories():
    """Every ISO 3166-1 alpha-2 code, and XK for Kosovo."""
    names = babel.Locale.parse("en").territories
    left_out = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
    return sorted(code for code in names if len(code) == 2 and code.isalpha() and code not in left_out)


def main():
    """Writes the table beside this file."""
    codes = territories()
    found = {}
    locales = [babel.Locale.parse(language) for language in LANGUAGES]
    for code in codes:
        own = []
        for language in get_official_languages(code, regional=True, de_facto=True):
            try:
                own.append(babel.Locale.parse(language, sep="_"))
            except (babel.UnknownLocaleError, ValueError):
                continue
        for locale in locales + own:
            for key in (code, f"{code}-alt-short", f"{code}-alt-variant"):
                if name := locale.territories.get(key):
                    found.setdefault(fold(name), set()).add(code)
        for name in ALIASES.get(code, []):
            found.setdefault(fold(name), set()).add(code)
    fixed = {code.lower(): code for code in codes}
    labels = {}
    for alias, targets in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(targets) == 1 and targets[0] in codes:
            fixed.setdefault(alias.lower(), targets[0])
            if alias.lower() not in NO_LABELS:
                labels.setdefault((targets[0], alias.lower()), []).append(alias)
    rows = {name: next(iter(of)) for name, of in found.items() if len(of) == 1 and name}
    rows.update(fixed)
    for code, names in LABELS.items():
        for name in names:
            folded = fold(name)
            labels.setdefault((code, folded if rows.get(folded) == code else ""), []).append(name)
    lines = {(code, name) for name, code in rows.items()} | set(labels)
    out = pathlib.Path(__file__).with_name("countries.tsv")
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for code, name in sorted(lines):
            file.write(f"{code}\t{name}\t{';'.join(labels.get((code, name), []))}\n")
    shared = sorted(name for name, of in found.items() if len(of) > 1)
    print(f"{len(rows)} names of {len(codes)} countries; shared by two and left out: {shared}", file=sys.stderr)


if __name__ == "__main__":
    main()

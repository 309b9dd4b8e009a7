#!/usr/bin/env python3
"""Writes phone_keys.tsv: phone numbers in many spellings, and the key that each should give.

The numbers are the example numbers of libphonenumber's metadata (Apache-2.0), one for every region and type.
What they mean is libphonenumber's answer, through its Python port; whether that answer makes a key is decided
here by the documented rules, without the library's Rust code:

    pip install phonenumbers==9.0.42
    python3 tests/golden/make_phone_keys.py > tests/golden/phone_keys.tsv

A line is: form, what was written (a JSON string), region or nothing, key or "-" for none.
"""

import json
import sys

import phonenumbers
from phonenumbers import CountryCodeSource, NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

PINNED = "9.0.42"

# The published fillers; those whose digits are all the same come on top.
FILLERS = set(
    """0123456789 01234567890 012345678 01234567 1112223333 1122334455 1231231234 1234567 12345678 123456789
    1234567890 12345678900 123123123 2345678900 2345678901 23456789 5551234567 5555551212 5555551234 7654321
    87654321 987654321 9876543210 09876543210""".split()
)


def is_filler(digits):
    return digits in FILLERS or len(set(digits)) == 1


def e164(number):
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def parse(text, region):
    try:
        return phonenumbers.parse(text, region, keep_raw_input=True)
    except NumberParseException:
        return None


def other_valid(text, number):
    other = parse(text, None)
    return other is not None and phonenumbers.is_valid_number(other) and e164(other) != e164(number)


def is_possible(number):
    return phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE


def key(text, region):
    """The key of a number from which nothing is left to cut."""
    number = parse(text, region)
    if number is None:
        return "-"
    national = phonenumbers.national_significant_number(number)
    main = text.split(number.extension)[0] if number.extension else text
    digits = phonenumbers.normalize_digits_only(main)
    has_plus = number.country_code_source == CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN
    if is_filler(national) or (not has_plus and is_filler(digits)):
        return "-"
    if len(e164(number)) > 16:
        return "-"
    valid = phonenumbers.is_valid_number(number)
    if has_plus:
        again = parse(e164(number), None)
        if not is_possible(number) or not (valid or (again and e164(again) == e164(number))):
            return "-"
    elif not valid:
        return "-"
    elif digits.startswith("00"):
        if other_valid("+" + digits[2:], number):
            return "-"
    elif number.country_code_source == CountryCodeSource.FROM_DEFAULT_COUNTRY:
        if digits.startswith(str(number.country_code)) and other_valid("+" + digits, number):
            return "-"
    extension = phonenumbers.normalize_digits_only(number.extension or "")
    return e164(number) + (";ext=" + extension if extension else "")


def international_key(digits):
    """The key of digits that are international by where they stand."""
    number = parse("+" + digits, None)
    if number is None or is_filler(digits) or is_filler(phonenumbers.national_significant_number(number)):
        return "-"
    return "+" + digits if e164(number) == "+" + digits and is_possible(number) else "-"


def digits_from(zero):
    return str.maketrans({str(digit): chr(zero + digit) for digit in range(10)})


def spellings(number, region):
    """(form, what is written, region, what is left after the documented cuts or None for a link)"""
    plus = e164(number)
    bare = plus[1:]
    intl = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    code, _, rest = intl.partition(" ")
    home = region if region != "001" else ""
    yield "e164", plus, "", plus
    yield "international", intl, "", intl
    if home:
        national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        yield "national", national, home, national
    others = [
        ("e164 in another region", plus, "US", plus),
        ("e164 in another region", plus, "RU", plus),
        ("rfc3966", phonenumbers.format_number(number, PhoneNumberFormat.RFC3966), "", None),
        ("dots", intl.replace(" ", ".").replace("-", "."), "", None),
        ("slash", code + "/" + rest.replace(" ", "").replace("-", ""), "", None),
        ("no-break space", intl.replace(" ", "\u00a0"), "", None),
        ("no-break hyphen", intl.replace(" ", "\u2011").replace("-", "\u2011"), "", None),
        ("full width", intl.translate(digits_from(0xFF10)).replace("+", "\uff0b"), "", None),
        ("arabic-indic", intl.translate(digits_from(0x660)), "", None),
        ("persian", plus.translate(digits_from(0x6F0)), "", None),
        ("devanagari", intl.translate(digits_from(0x966)), "", None),
        ("brackets", code + " (" + rest.replace(" ", ") ", 1) if " " in rest else code + " (" + rest + ")", "", None),
        ("trunk in brackets", code + " (0) " + rest, "", None),
        ("ext.", intl + " ext. 123", "", None),
        ("extension", intl + ", extension 0123", "", None),
        ("x", plus + "x7", "", None),
        (";ext=", "tel:" + plus + ";ext=4567", "", None),
        ("#", intl + " #55", "", None),
        ("cyrillic ext", intl + " \u0434\u043e\u0431. 100", "", None),
        ("anexo", intl + " anexo 12", "", None),
        ("extension in arabic", intl + " ext " + "77".translate(digits_from(0x660)), "", None),
        ("bidi marks", "\u202a" + intl + "\u202c", "", intl),
        ("zero width", "\ufeff" + plus + "\u200b", "", plus),
        ("spaces", "  " + intl + "\t", "", intl),
        ("spreadsheet quote", "'" + plus, "", plus),
        ("spreadsheet float", plus + ".0", "", plus),
        ("spreadsheet float of digits", bare + ".0", home, bare),
        ("label behind", intl + " (WhatsApp)", "", intl),
        ("label behind", intl + " - work", "", intl),
        ("label behind", plus + "cel", "", plus),
        ("label in front", "Tel.: " + intl, "", intl),
        ("label in front", "whatsapp:" + plus, "", plus),
        ("00", "00" + bare, home, "00" + bare),
        ("00 without region", "00" + bare, "", "00" + bare),
        ("011", "011 " + intl[1:], "US", None),
        ("00 elsewhere", "00 " + intl[1:], "BR", None),
        ("one digit more", plus + "7", "", None),
        ("one digit less", plus[:-1], "", None),
        ("digits", bare, home, bare),
        ("digits without region", bare, "", bare),
        ("vanity", plus[:-4] + "CALL", "", ""),
        ("letter inside", plus[:-2] + "a" + plus[-2:], "", ""),
        ("two numbers", plus + " " + plus, "", None),
        ("control character", plus[:4] + "\u0000" + plus[4:], "", ""),
    ]
    for form, raw, where, cut in others:
        yield form, raw, where, raw if cut is None else cut
    if home:
        dialled = phonenumbers.normalize_digits_only(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))
        yield "national one digit more", dialled + "7", home, dialled + "7"
        yield "national one digit less", dialled[:-1], home, dialled[:-1]
    yield "link", "https://wa.me/" + bare, home, None


def examples():
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        seen = set()
        for kind in PhoneNumberType.values():
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None and e164(number) not in seen:
                seen.add(e164(number))
                yield number, region
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        yield phonenumbers.example_number_for_non_geo_entity(code), "001"


def expected(raw, region, cut):
    if cut is None:
        return international_key(raw.rsplit("/", 1)[1])
    return key(cut, region or None) if cut else "-"


def main():
    if phonenumbers.__version__ != PINNED:
        sys.exit(f"phonenumbers {PINNED} is needed, not {phonenumbers.__version__}")
    print(f"# phonenumbers {PINNED}; the same metadata as rlibphonenumber 2.2.15; made by make_phone_keys.py")
    turn = 0
    for number, region in examples():
        cases = list(spellings(number, region))
        basic = 3 if region != "001" else 2
        for case in cases[:basic]:
            print_case(*case)
        # Each further spelling takes its turn, since all of all would be too much to read.
        further = cases[basic:]
        for _ in range(6):
            print_case(*further[turn % len(further)])
            turn += 1


def print_case(form, raw, region, cut):
    print(form, json.dumps(raw), region, expected(raw, region, cut), sep="\t")


main()

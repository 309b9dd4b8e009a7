#!/usr/bin/env python3
"""Makes the seeds of all fuzz targets: fuzz/seeds/TARGET/NAME. Findings, `finding-..`, are kept beside them by hand."""
import json
import pathlib
import random

HERE = pathlib.Path(__file__).parent


def write(target, name, content):
    folder = HERE / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def texts(target, all_of_them):
    for number, text in enumerate(all_of_them):
        write(target, f"{number:02}", text)


def choices(target, sizes, most=255):
    numbers = random.Random(target)
    for number, size in enumerate(sizes):
        write(target, f"{number:02}", bytes(numbers.randrange(most + 1) for _ in range(size)))


PHONES = [
    "BR\n(11) 98765-4321", "BR\n011 8765-4321", "US\n(202) 555-0101 x7", "\n+1 202 555 0101;ext=12", "GB\n020 7946 0958",
    "MX\n+52 1 55 1234 5678", "AR\n011 15-2345-6789", "\n+54 9 11 2345-6789", "IT\n06 6981 2345", "RU\n8 (800) 555-35-35",
    "CI\n01 23 45 67 89", "DE\n+49 (0) 30 901820", "US\n011 44 20 7946 0958", "\ntel:+1-202-555-0101;phone-context=example.com",
    "US\n\uff0b\uff11 \uff12\uff10\uff12 \uff15\uff15\uff15 \uff10\uff11\uff10\uff11", "EG\n\u0660\u0661\u0660 \u0661\u0662\u0663\u0664 \u0665\u0666\u0667\u0668",
    "US\n1-800-FLOWERS", "US\n202 555 0101 (home)", "US\n2025550101.0", "BR\n5511987654321@s.whatsapp.net", "US\n1234567890",
    "US\n+1202555010", "US\n\u202a+1 202 555 0101\u202c", "US\n2.02555E+09", "US\n202-555-0101 / 202-555-0102",
    "GB\n020 7946 0958 Ada Lovelace", "US\n+00 44 20 7946 0958", "BR\n55 0 15 11 98765-4321", "FR\n12 rue de Rivoli 75001",
    "US\n202-555-0101,,12", "ES\n814.30.71.43", "GB\n00000207946095800000", "US\n800 555 (TEST)",
]
texts("phone", PHONES)
texts("phone_by_tables", PHONES)
texts("email", [
    "ada@example.com", " Ada.Lovelace+list@Example.COM ", "a.d.a@gmail.com", "ada@googlemail.com", "info@example.com",
    "\"ada lovelace\"@example.com", "Ada <ada@example.com>", "ada@b\u00fccher.example", "ada@xn--bcher-kva.example",
    "ada@a..b", "ada@xn--a", "ada\uff20example.com", "\u212aim@example.com", "\u0130@example.com", "stra\u00dfe@stra\u00dfe.example",
    "a\u200b@example.com", "ada@example.com\u0000", "ada@[192.0.2.1]", "ada@example.com, bob@example.com", "mailto:ada@example.com",
    "ada@exa\u00admple.com", "e\u0301@example.com", "ada@example\u3002com", "a" * 64 + "@" + "b" * 63 + ".example", "none@none.com", "n/a",
])
CONTACTS = [
    {"id": "1", "first_name": "Ada", "last_name": None, "emails": ["ada@example.com", None, 1], "phones": ["+1 202 555 0101"]},
    {"id": "2", "country": "BR", "phones": ["(11) 98765-4321", "+55 11 8765-4321"], "tags": ["vip", "x"], "blocked": True,
     "provenance": {"first_name": {"source": "manual", "changed_at": 0, "verified": True}}},
    {"id": "3", "channels": [{"kind": "whatsapp", "account": "wa-1", "identity": "12025550101@s.whatsapp.net", "connected_at": 5,
                              "url": "https://example.com/1", "more": [1, {}]}], "custom": {"plan": "pro", "visits": 1.50, "opt_in": "yes"}},
    {"id": "4", "created_at": 1700000000000, "updated_at": "2024-01-01T00:00:00+02:00", "notes": {"a": [1, [2, [3]]]}, "custom": {}},
    {"id": "1", "first_name": "Augusta", "emails": ["ada@example.com", "ada@example.org"], "tags": ["new"], "custom": None},
]
LINES = [json.dumps(contact) for contact in CONTACTS]
texts("contact_json", LINES + [
    '{"id":"5","custom":{"n":12345678901234567890123,"m":-0.0,"o":1e400},"emails":"one@example.com","phones":null}',
    '{"id":"\\ud83d\\ude00","first_name":"\\u0000","a.b":[{"c":[]}],"provenance":{"emails":{"source":"channel:email"}}}',
])
POLICIES = ["", '{"survivor":"oldest","default":"newest"}',
            '{"fields":{"first_name":"longest","tags":"survivor","custom.visits":"sum","custom.plan":{"join":"; "}},"flags":false}',
            '{"survivor":"most_complete","fields":{"last_name":"must_agree","country":{"sources":["manual","channel"]}}}']
for number, policy in enumerate(POLICIES):
    rest = LINES[number:] + LINES[:number]
    write("merge_undo", f"{number:02}", "\n".join([policy, *rest[:2]]))
    write("merge_undo", f"{number:02}-edited", "\n".join([policy, *LINES]))
texts("import_files", [
    'id,name,email,phone,notes\r\n1,Ana,ana@example.com;b@example.com,+12025550101,"a ""b""\nc"\r\n2,"Bob",,,x\r\n',
    "Nome;E-mail 1 - Value;Telefone;bloqueado\nAna;ana@example.com;(11) 98765-4321;sim\n;;;\n", "email\tphone\na@example.com\t1\n\"open\t\n",
    "\ufeffemail\r\ra@example.com\r", "\n".join(LINES), "[" + ",\n".join(LINES) + "]", '{"id":"1","emails":["a@example.com"]}\n{"id":\n\nnull\n[1]\n',
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=\r\nller;J\r\nitem1.TEL;TYPE=\"voice,work\":tel:+1-202-555-0101;ext=1\r\nEMAIL;PREF=1:a@exam\r\n ple.com\r\nEND:VCARD\r\n",
    "BEGIN:VCARD\nVERSION:4.0\nKIND:individual\nUID:urn:x\nFN:Ada\\, L\nBDAY:18151210\nTEL;VALUE=uri:tel:+12025550101\nCATEGORIES:a,b\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\n",
])
write("import_files", "utf16", "\ufeffid,email\r\n1,a@example.com\r\n".encode("utf-16-le"))
write("import_files", "latin1", "id,nome,email\n1,Jo\xe3o,a@example.com\n".encode("latin-1"))
for target in ["operations", "index_operations", "bulk_and_index"]:
    choices(target, [16, 40, 80, 160, 320])
choices("patch_mutation", [1, 5, 9, 13, 21])
GOLDEN = HERE.parent.parent / "tests" / "golden"
write("patch_json", "golden", (GOLDEN / "patch-1.json").read_text().strip())
golden = bytes.fromhex((GOLDEN / "patch-1.hex").read_text().strip())
write("patch_bytes", "golden", golden)
write("patch_bytes", "body", golden[4:-16])
write("patch_bytes", "small", bytes([1]) + b"m" + bytes([0, 0, 1]) + b"7" + bytes(6) + bytes([1, 1]) + b"8" + bytes(4))
INDEX = {
    "version": 3, "key_rules": "1, phone metadata 9.0.42",
    "normalizer": {"region": None, "reads_country": False, "as_written": False, "no_variants": False, "plus_tags": False,
                   "gmail_dots": False, "ignored": ["hub@example.com"], "identifiers": []},
    "rules": {"max_holders": 25, "max_members": 50, "min_strength": "variant"},
    "keys": [{"kind": "email", "scope": "", "value": "ada@example.com"}, {"kind": "phone", "scope": "", "value": "+12025550101"}],
    "contacts": [
        {"id": 1, "blocked": False, "keys": [{"key": 0, "derivation": "direct", "field": "emails", "position": 0, "verified": False}]},
        {"id": 2, "blocked": True, "keys": [{"key": 0, "derivation": "direct", "field": "emails", "position": 0, "verified": False},
                                            {"key": 1, "derivation": "direct", "field": "phones", "position": 0, "verified": False}]}],
    "apart": [{"contacts": [0, 1], "known": [["000efb3e6374e6f43848cc8b5f4e7a32"], None]}],
    "merged_away": [[3, 1]],
    "pairs": [
        {"ids": [1, 2], "marks": [{"known": ["000efb3e6374e6f43848cc8b5f4e7a32"], "carrier": "m"}]},
        {"ids": [2, 3], "marks": [{"known": None, "carrier": None}]},
    ],
}
write("index_form", "00", json.dumps(INDEX))

//! Words in the names of fields that say of which address or date they are parts.

/// Words for the parts that make an address of whatever else there is.
pub(super) const STREETS_AND_CITIES: [&str; 47] = [
    "addr",
    "address",
    "addressline",
    "adres",
    "adresse",
    "anschrift",
    "calle",
    "cap",
    "cep",
    "cidade",
    "citta",
    "city",
    "ciudad",
    "comune",
    "cp",
    "direccion",
    "endereco",
    "indirizzo",
    "localidad",
    "localidade",
    "locality",
    "logradouro",
    "municipio",
    "ort",
    "plaats",
    "plz",
    "postal",
    "postalcode",
    "postcode",
    "postleitzahl",
    "rua",
    "rue",
    "stad",
    "stadt",
    "str",
    "straat",
    "strasse",
    "street",
    "streetaddress",
    "suburb",
    "town",
    "via",
    "ville",
    "wohnort",
    "woonplaats",
    "zip",
    "zipcode",
];

/// Words for parts that may be something else where there is no street and no city.
pub(super) const OTHER_PLACES: [&str; 20] = [
    "bairro",
    "barrio",
    "bundesland",
    "complemento",
    "county",
    "departamento",
    "district",
    "estado",
    "hausnummer",
    "house",
    "housenumber",
    "neighborhood",
    "neighbourhood",
    "numero",
    "province",
    "provincia",
    "region",
    "regiao",
    "state",
    "uf",
];

/// Words for streets.
pub(super) const STREETS: [&str; 19] = [
    "addr",
    "address",
    "addressline",
    "adres",
    "adresse",
    "anschrift",
    "calle",
    "direccion",
    "endereco",
    "indirizzo",
    "logradouro",
    "rua",
    "rue",
    "str",
    "straat",
    "strasse",
    "street",
    "streetaddress",
    "via",
];

/// Words for streets and postcodes that mean other things too, beside the words of [`TECHNICAL`].
pub(super) const AMBIGUOUS: [&str; 12] =
    ["addr", "address", "adres", "adresse", "cap", "cp", "direccion", "endereco", "indirizzo", "via", "zip", "zipcode"];

/// Words beside which they are no part of an address: `ip_address`, `zip_file`.
pub(super) const TECHNICAL: [&str; 36] = [
    "archive",
    "bitcoin",
    "blockchain",
    "btc",
    "bucket",
    "contract",
    "correo",
    "crypto",
    "domain",
    "email",
    "emails",
    "eth",
    "ethereum",
    "file",
    "files",
    "homepage",
    "host",
    "imap",
    "ip",
    "ipv4",
    "ipv6",
    "ipv",
    "link",
    "mac",
    "mail",
    "mails",
    "market",
    "network",
    "server",
    "site",
    "smtp",
    "uri",
    "url",
    "wallet",
    "web",
    "website",
];

/// Words of [`STREETS_AND_CITIES`] that alone make no address: `referred_via`, `market_cap`.
pub(super) const DOUBTFUL_PLACES: [&str; 3] = ["cap", "cp", "via"];

/// Words of [`OTHER_PLACES`] that mean other things without a street or city: the state of an order, the number of a
/// customer.
pub(super) const DOUBTFUL_OTHERS: [&str; 2] = ["estado", "numero"];

/// Words beside which a `numero` is that of somebody or something, not of a house.
pub(super) const NUMBERED: [&str; 26] = [
    "cartao",
    "client",
    "cliente",
    "clienti",
    "conta",
    "contacto",
    "contato",
    "contatto",
    "conto",
    "contrato",
    "contratto",
    "cuenta",
    "documento",
    "factura",
    "fattura",
    "fatura",
    "identidad",
    "ordine",
    "orden",
    "pedido",
    "serie",
    "socio",
    "tarjeta",
    "telefone",
    "telefono",
    "usuario",
];

pub(super) const COUNTRIES: [&str; 8] =
    ["country", "countrycode", "land", "nazione", "paese", "pais", "pays", "paises"];

/// Words beside them that change nothing; some only beside `address`.
pub(super) const BESIDE_PLACES: [&str; 20] = [
    "1st",
    "and",
    "box",
    "code",
    "codice",
    "codigo",
    "da",
    "de",
    "del",
    "do",
    "extended",
    "formatted",
    "full",
    "line",
    "name",
    "no",
    "number",
    "of",
    "po",
    "the",
];
pub(super) const BESIDE_ADDRESS: [&str; 2] = ["label", "type"];

/// Words whose number says which line of the street it is.
pub(super) const LINES: [&str; 12] = [
    "addr",
    "address",
    "addressline",
    "adresse",
    "direccion",
    "endereco",
    "indirizzo",
    "line",
    "rua",
    "strasse",
    "street",
    "streetaddress",
];

pub(super) const YEARS: [&str; 6] = ["annee", "anno", "ano", "geburtsjahr", "jahr", "year"];
pub(super) const MONTHS: [&str; 6] = ["geburtsmonat", "mes", "mese", "mois", "monat", "month"];
pub(super) const DAYS: [&str; 6] = ["day", "dia", "geburtstag", "giorno", "jour", "tag"];
pub(super) const DATES: [&str; 8] = ["birthdate", "birthday", "data", "date", "datum", "dob", "fecha", "geburtsdatum"];
pub(super) const BESIDE_DATES: [&str; 6] = ["da", "de", "del", "di", "do", "of"];
pub(super) const BIRTHS: [&str; 14] = [
    "birth",
    "birthdate",
    "birthday",
    "born",
    "dob",
    "geburt",
    "geburts",
    "geburtsdatum",
    "geburtsjahr",
    "geburtsmonat",
    "geburtstag",
    "naissance",
    "nacimiento",
    "nascimento",
];

//! The words for the owner of a phone or an email, folded as by `fold_words`: in lower case and without accents.

/// Words for fax machines, pagers and modems.
#[rustfmt::skip]
pub(crate) const UNREACHABLE: &[&str] = &[
    // Roots that may begin other words, such as `faxnummer`, are in `UNREACHABLE_ROOTS`.
    "facsimile", "pager", "pagers", "beeper", "beepers", "bip", "biper", "bipeur", "pieper", "semafoon", "semafono",
    "buscapersonas", "localizador", "cercapersone", "radiomessagerie", "teleavertisseur", "personsoger", "personsoker",
    "personsokare", "hakulaite", "szemelyhivo", "penyeranta", "cagri", "modem", "bbs", "telex",
    "пеиджер", "пеиджера", "φαξ", "τηλεομοιοτυπια", "βομβητης", "פקס", "ביפר", "איתורית", "فاكس", "الفاكس",
];

/// The beginnings of words for fax machines.
pub(crate) const UNREACHABLE_ROOTS: &[&str] = &["fax", "telefax", "faks", "telefaks", "telecop", "факс", "телефакс"];

/// Words that may precede `fax` without a space.
#[rustfmt::skip]
pub(crate) const FAX_HEADS: &[&str] = &[
    "buro", "business", "company", "dienst", "e", "firmen", "geschafts", "haupt", "home", "main", "office", "other",
    "phone", "privat", "private", "tel", "telefon", "telephone", "work", "zentral",
];

/// Words for a company, a department or another person.
#[rustfmt::skip]
pub(crate) const SHARED: &[&str] = &[
    // English
    "company", "companys", "firm", "firms", "organization", "organizations", "organisation", "employer", "employers",
    "headquarters", "headquarter", "hq", "main", "mainline", "switchboard", "reception", "receptionist", "frontdesk",
    "pbx", "pabx", "billing", "billto", "invoice", "invoices", "invoicing", "accounting", "bookkeeping", "shipping",
    "shipto", "delivery", "dispatch", "warehouse", "assistant", "assistants", "asst", "secretary", "secretarys",
    "secretariat", "helpdesk", "hotline", "callcenter", "callcentre", "department", "dept", "emergency", "spouse",
    "spouses", "supervisor", "supervisors", "manager", "managers", "guardian", "referrer",
    // Portuguese, Spanish
    "empresa", "empresas", "companhia", "organizacao", "recepcao", "cobranca", "faturamento", "fatura", "financeiro",
    "entrega", "envio", "envios", "remessa", "assistente", "secretaria", "secretario", "matriz", "sede", "compania",
    "organizacion", "sociedad", "facturacion", "factura", "asistente", "ayudante", "recepcion", "centralita",
    "conmutador",
    // French, Italian
    "societe", "entreprise", "compagnie", "employeur", "facturation", "livraison", "expedition", "assistante",
    "secretaire", "standardiste", "accueil", "siege", "azienda", "societa", "ditta", "impresa", "organizzazione",
    "fatturazione", "fattura", "spedizione", "consegna", "segretaria", "segretario", "segreteria", "centralino",
    // German, Dutch
    "firma", "firmen", "unternehmen", "unternehmens", "betrieb", "betriebs", "gesellschaft", "zentrale", "zentral",
    "telefonzentrale", "sammelnummer", "vermittlung", "empfang", "rezeption", "hauptnummer", "hauptrufnummer",
    "haupttelefon", "haupttelefonnummer", "hauptanschluss", "rechnung", "rechnungs", "abrechnung", "abrechnungs",
    "buchhaltung", "buchhaltungs", "lieferung", "liefer", "versand", "assistent", "assistenten", "assistentin",
    "assistenz", "sekretar", "sekretarin", "sekretariat", "sekretariats", "vorzimmer", "notfall", "bedrijf", "bedrijfs",
    "organisatie", "hoofdnummer", "hoofdtelefoon", "centrale", "receptie", "facturatie", "factuur", "facturen",
    "verzending", "verzend", "levering", "bezorging", "secretaresse", "secretariaat",
    // Polish, Czech, Hungarian, Romanian
    "firmy", "firmowy", "organizacja", "organizacji", "centrala", "recepcja", "rozliczeniowy", "faktura", "faktury",
    "wysylka", "wysylki", "dostawa", "dostawy", "asystent", "asystenta", "asystentki", "sekretarka", "glowny",
    "spolecnost", "spolecnosti", "organizace", "ustredna", "recepce", "fakturace", "fakturacni", "dodaci", "asistent",
    "asistenta", "asistentky", "hlavni", "ceg", "vallalat", "szervezet", "kozpont", "recepcio", "szamlazas",
    "szamlazasi", "szallitas", "szallitasi", "asszisztens", "titkar", "titkarno", "titkarsag", "companie", "companiei",
    "firmei", "organizatie", "organizatiei", "facturare", "livrare", "expediere", "secretara",
    // Swedish, Danish, Norwegian, Finnish
    "foretag", "foretags", "foretaget", "foretagets", "vaxel", "fakturering", "leverans", "assistentens",
    "sekreterare", "huvudnummer", "firmaets", "virksomhed", "virksomhedens", "organisasjon", "bedrift", "bedriftens",
    "hovednummer", "omstilling", "sentralbord", "sekretaer", "yritys", "yrityksen", "organisaatio", "vaihde",
    "vastaanotto", "laskutus", "toimitus", "avustaja", "avustajan", "sihteeri", "sihteerin",
    // Turkish, Indonesian
    "sirket", "sirketin", "kurum", "santral", "resepsiyon", "faturalama", "teslimat", "kargo", "nakliye", "asistan",
    "asistanin", "yardimci", "yardimcinin", "sekreter", "perusahaan", "asisten",
    "sekretaris", "penagihan", "pengiriman", "resepsionis",
    // Russian, Ukrainian, Greek
    "компания", "компании", "организация", "организации", "фирма", "фирмы", "предприятие", "предприятия", "главныи",
    "приемная", "приемнои", "коммутатор", "секретарь", "секретаря", "ассистент", "ассистента", "помощник",
    "помощника", "бухгалтерия", "бухгалтерии", "доставка", "доставки", "компанія", "компаніі", "організація",
    "організаціі", "фірма", "фірми", "секретар", "помічник", "помічника", "приимальня", "бухгалтерія", "εταιρεια",
    "εταιρειας", "επιχειρηση", "επιχειρησης", "οργανισμος", "οργανισμου", "βοηθος", "βοηθου", "γραμματεας",
    "γραμματεια", "τιμολογηση", "τιμολογησης", "αποστολη", "αποστολης",
    // Hebrew, Arabic
    "חברה", "החברה", "ארגון", "עוזר", "עוזרת", "מזכירה", "מזכירות", "חיוב", "משלוח", "מרכזיה", "شركة", "الشركة",
    "المؤسسة", "مساعد", "المساعد", "سكرتير", "السكرتير", "الفواتير", "الشحن",
];

/// Phrases for a company, a department or another person.
#[rustfmt::skip]
pub(crate) const SHARED_PHRASES: &[&str] = &[
    "bill to", "ship to", "front desk", "head office", "help desk", "call center", "call centre", "customer service",
    "siege social", "accounts payable", "accounts receivable", "cong ty", "tro ly", "thu ky",
];

/// Texts for fax machines and pagers in scripts without spaces. They count anywhere in a label.
#[rustfmt::skip]
pub(crate) const UNREACHABLE_INSIDE: &[&str] = &[
    "传真", "傳真", "ファックス", "ファクス", "ファクシミリ", "팩스", "팩시밀리", "ポケットベル", "ポケベル", "寻呼",
    "尋呼", "传呼", "傳呼", "呼叫器", "호출기", "삐삐", "โทรสาร", "แฟกซ์", "เพจเจอร์",
];

/// Texts for a company, a department or another person in scripts without spaces.
#[rustfmt::skip]
pub(crate) const SHARED_INSIDE: &[&str] = &[
    "代表", "秘書", "秘书", "助理", "アシスタント", "비서", "대표", "总机", "總機", "公司", "单位主要", "單位主要",
    "前台", "账单", "帳單", "开票", "发票", "發票", "收货", "收貨", "送货", "送貨", "配送", "請求先", "請求書",
    "送付先", "届け先", "청구", "배송", "บริษัท", "ผู้ช่วย", "เลขา",
];

/// Words for fields that hold phones.
#[rustfmt::skip]
pub(crate) const PHONES: &[&str] = &[
    "phone", "phones", "telephone", "telephones", "tel", "tels", "telno", "phonenumber", "phonenumbers", "phoneno",
    "mobile", "mobil", "mob", "cell", "cellphone", "cellular", "celular", "gsm", "telefon", "telefonu", "telefonnummer",
    "telefono", "telefonos", "telefone", "telefones", "telefoon", "telefoonnummer", "fone", "rufnummer", "puhelin",
    "телефон", "телефона", "тел", "τηλεφωνο", "טלפון", "هاتف", "الهاتف",
];

/// Words for fields that hold email addresses.
#[rustfmt::skip]
pub(crate) const EMAILS: &[&str] = &[
    "email", "emails", "mail", "mails", "emailaddress", "mailaddress", "mailadresse", "emailadresse", "correo",
    "correos", "courriel", "courriels", "epost", "eposta", "sahkoposti", "почта", "почты",
];

/// Texts for fields that hold phones, in scripts without spaces.
pub(crate) const PHONES_INSIDE: &[&str] = &["電話", "电话", "전화", "携帯", "手机", "手機", "โทร"];
/// Texts for fields that hold email addresses, in scripts without spaces.
pub(crate) const EMAILS_INSIDE: &[&str] = &["メール", "邮件", "邮箱", "郵件", "이메일", "전자메일", "อีเมล"];

/// Words that may stand beside a word for phones or emails and do not change its meaning.
#[rustfmt::skip]
pub(crate) const BESIDE: &[&str] = &[
    "number", "numbers", "no", "nr", "num", "numero", "nummer", "e", "electronico", "address", "adresse", "work",
    "home", "office", "business", "primary", "secondary", "other", "contact", "customer", "line", "direct", "value",
    "s", "of", "the", "to", "de", "da", "do", "del", "della", "des", "du", "di", "la", "le", "el", "der", "die", "van",
    "principal", "geschaftlich", "privat", "trabajo", "trabalho", "comercial", "bureau", "ufficio", "cihazi",
];

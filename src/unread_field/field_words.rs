//! The words in names of fields that decide whether bare digits can be phone numbers.

// Each list is one text of folded words, separated by single spaces.

/// Words for phones in addition to `word_table::PHONES`, and words for the owners of phones.
pub(crate) const PHONES: &str = "sms mms ph phn fon fono tlf tfno cel handy handynummer telnr mobilnr mobilnummer natel movil moviles \
moviel telemovel portable fixe fijo fixo fisso landline festnetz festnetznummer durchwahl rufnr rufnummer hotline whatsapp wa viber \
signal msisdn dial pbx pabx switchboard reception receptionist frontdesk main mainline zentrale telefonzentrale empfang hauptnummer \
hauptrufnummer sammelnummer centralita conmutador centralino centrale centrala santral ustredna vaxel vaihde vezetekes komorka \
komorkowy stacjonarny cep mobiel vast gsmnr tel1 tel2 \
мобильныи сотовыи \
коммутатор моб смс";

/// The beginnings and the endings of words for phones: `phonecheck`, `mobiltelefon`.
pub(crate) const PHONE_BEGINNINGS: [&str; 7] = ["phone", "mobil", "telefo", "teleph", "handy", "celular", "whatsapp"];
pub(crate) const PHONE_ENDINGS: [&str; 5] = ["phone", "phones", "telefon", "telefone", "fone"];

/// Words that make a number beside them a phone number: `Home number`.
pub(crate) const WHOSE: &str = "contact kontakt contacto contato contatto main home office work private business direct other alternate \
alternative second secondary primary emergency privat buro mobile";

/// Words for a number of any kind.
pub(crate) const NUMBERS: &str = "no nr num number numbers numero numer nummer nummern nro n";

/// Words for values in digits that are no phones, whatever words stand beside them.
pub(crate) const MEASURES: &str = "id ids uid uuid guid key date dates datum fecha data time times timestamp epoch created updated \
modified day month year birth birthday birthdate born dob geburtstag geburtsdatum nascimento nacimiento naissance amount price preis \
prix precio preco prezzo cost total sum revenue umsatz betrag balance saldo points punkte score count counts anzahl qty quantity menge \
zip zipcode postal postcode postalcode plz postleitzahl cap code codes codigo codice kod kode iban bic swift vat tax ssn cpf cnpj nif \
nie dni rut rfc curp siret siren ein pesel nip regon inn ogrn kpp snils bsn kvk ean gtin upc isbn sku barcode imei imsi iccid mac ip \
lat latitude lon lng longitude geo hash token serial version size bytes width height duration percent rate currency budget salary \
income age rank type status length limit дата индекс цена \
сумма код инн";

/// The endings of such words.
pub(crate) const MEASURE_ENDINGS: [&str; 8] = ["id", "date", "datum", "preis", "betrag", "code", "zahl", "jahr"];

/// Words for numbered things. Their numbers are no phones unless a word for phones stands beside them.
pub(crate) const NUMBERED: &str = "order orders bestellung auftrag pedido pedidos orden commande ordine bestelling zamowienie invoice \
invoices rechnung factura fatura facture fattura faktura account accounts acct konto cuenta conta conto compte customer customers \
client cliente clienti kunde kunden kd member mitglied membership employee mitarbeiter personal matricule matricula ticket tickets case \
deal record row transaction payment tracking shipment parcel policy contract vertrag contrato contrat card karte tarjeta cartao carte \
passport license licence registration company document doc documento batch lot item product produkt article artikel reference ref \
value values external loyalty cpr personnummer reg house haus flat unit serie vin fleet \
заказ номер договор";

/// Texts for numbered things in scripts without spaces.
pub(crate) const NUMBERED_INSIDE: [&str; 10] =
    ["订单", "訂單", "编号", "編號", "注文", "番号", "日期", "日付", "邮编", "주문"];

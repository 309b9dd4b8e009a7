//! Words in the names of fields that say of which address or date they are parts.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word in the name of a field can mean; most words mean nothing here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordKinds(u32);

impl WordKinds {
    /// Streets and whole addresses.
    pub(crate) const STREET: Self = Self(1 << 0);
    /// Cities, and the postcodes that make an address of whatever else there is.
    pub(crate) const CITY: Self = Self(1 << 1);
    /// Parts that may be something else where there is no street and no city.
    pub(crate) const OTHER_PLACE: Self = Self(1 << 2);
    /// Countries.
    pub(crate) const COUNTRY: Self = Self(1 << 3);
    /// Where a place is on the earth; two of them are a place.
    pub(crate) const COORDINATE: Self = Self(1 << 4);
    /// Streets and postcodes that mean other things too, beside technical words.
    pub(crate) const AMBIGUOUS: Self = Self(1 << 5);
    /// Words beside which they are no part of an address: `ip_address`, `zip_file`.
    pub(crate) const TECHNICAL: Self = Self(1 << 6);
    /// Streets and postcodes that alone make no address: `referred_via`, `market_cap`.
    pub(crate) const DOUBTFUL_PLACE: Self = Self(1 << 7);
    /// Other parts that mean other things without a street or city: the state of an order, the number of a customer.
    pub(crate) const DOUBTFUL_OTHER: Self = Self(1 << 8);
    /// What is the number of a house beside a street only.
    pub(crate) const HOUSE_NUMBER: Self = Self(1 << 9);
    /// Words beside which such a number is that of somebody or something.
    pub(crate) const NUMBERED: Self = Self(1 << 10);
    /// Words beside parts of an address that change nothing.
    pub(crate) const BESIDE_PLACE: Self = Self(1 << 11);
    /// The same beside the word for an address.
    pub(crate) const BESIDE_ADDRESS: Self = Self(1 << 12);
    /// The same beside coordinates.
    pub(crate) const BESIDE_COORDINATE: Self = Self(1 << 13);
    /// Words whose number says which line of the street it is.
    pub(crate) const LINE: Self = Self(1 << 14);
    /// Years.
    pub(crate) const YEAR: Self = Self(1 << 15);
    /// Months.
    pub(crate) const MONTH: Self = Self(1 << 16);
    /// Days.
    pub(crate) const DAY: Self = Self(1 << 17);
    /// Dates.
    pub(crate) const DATE: Self = Self(1 << 18);
    /// Words beside parts of a date that change nothing.
    pub(crate) const BESIDE_DATE: Self = Self(1 << 19);
    /// Words for a birth.
    pub(crate) const BIRTH: Self = Self(1 << 20);

    /// What a folded word can mean.
    pub(crate) fn of(word: &str) -> Self {
        KINDS.get(word).copied().unwrap_or_default()
    }

    /// Returns true if a word can mean one of `kinds`.
    pub(crate) fn is(self, kinds: Self) -> bool {
        self.0 & kinds.0 != 0
    }

    /// Either of two.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The longest word of the lists that is in ASCII.
pub(crate) const MAX_ASCII_BYTES: usize = 20;

static KINDS: LazyLock<HashMap<&str, WordKinds>> = LazyLock::new(|| {
    let mut kinds: HashMap<&str, WordKinds> = HashMap::new();
    for (kind, words) in LISTS {
        for word in words.split(' ') {
            let known = kinds.entry(word).or_default();
            *known = known.or(kind);
        }
    }
    kinds
});

/// The words of each kind, folded, one space between two.
const LISTS: [(WordKinds, &str); 21] = [
    (
        WordKinds::STREET,
        "addr address addressline adres adresa adresi adreso adress adresse alamat anschrift avenida avenue cadde caddesi \
calle calles direccion domicilio endereco gade gata gate gateadresse gatuadress indirizzo jalan katu katuosoite \
lahiosoite logradouro morada osoite piazza rua rue sokak str straat straatnaam strada strasse street streetaddress \
streetname ulica ulice utca vej via voie διευθυνση \
οδος адрес адреса \
вулиця улица כתובת \
רחוב العنوان عنوان \
ที่อยู่ 住址 住所 地址 \
番地 街道 街道地址 도로명주소 \
주소",
    ),
    (
        WordKinds::CITY,
        "cap cep cidade citta city cityname ciudad comuna comune cp gemeente kaupunki kota localidad localidade localitate \
localitatea locality mesto miasto miejscowosc municipio obec oras ort plaats plz poblacion postal postalcode \
postcode postitoimipaikka postleitzahl postort poststed sehir stad stadt suburb telepules town varos ville wohnort \
woonplaats zip zipcity zipcode πολη город \
місто עיר المدينة \
مدينة เมือง 城市 市 \
市区町村 도시 시",
    ),
    (
        WordKinds::OTHER_PLACE,
        "addition apartament apartamento apartman apartment apt asentamiento bairro barrio bina block borough bundesland \
colonia comarca complemento concelho county daire delegacion departamento district distrito domu entidad estado \
etage exterior flat floor freguesia fylke gatunummer gmina haus hausnr hausnummer hazszam hnr house housenr \
housenumber huis huisnr huisnummer husnr husnummer il ilce interior iranyitoszam judet kat kodu kommune lan lokal \
maakunta mahalle megye mieszkania mieszkanie neighborhood neighbourhood numar numero okres piso pocztowy postinumero \
postnr postnummer powiat prefecture province provincia psc puerta quartier regiao region semt sido stadtteil state \
suite toevoeging uf voivodeship wojewodztwo νομος \
будинок дом индекс \
кв квартира корпус \
краи обл область \
раион регион \
республика індекс \
המיקוד מיקוד الرمز \
محافظة จังหวัด 区 \
区县 县 省 省份 邮政编码 邮编 \
郵便番号 郵遞區號 都道府県 도 \
우편번호",
    ),
    (
        WordKinds::COUNTRY,
        "country countrycode kraj land nazione negara orszag paese pais paises pays tara ulke zeme \
χωρα краіна страна \
ארץ מדינה البلد 国 \
国家 國家 국가",
    ),
    (
        WordKinds::COORDINATE,
        "breitengrad coordinate coordinates dlugosc laengengrad langengrad lat latitud latitude latitudine lng lon longitud \
longitude longitudine szerokosc долгота \
широта",
    ),
    (
        WordKinds::AMBIGUOUS,
        "addr address adres adresa adresi adress adresse cap cp direccion endereco indirizzo via zip zipcode \
адрес адреса",
    ),
    (
        WordKinds::TECHNICAL,
        "archive bitcoin blockchain btc bucket contract correo courriel crypto domain elektroniczny email emails epost eposta \
eth ethereum file files homepage host imap ip ipv ipv4 ipv6 link mac mail mails market messagerie network poczta \
server site smtp uri url wallet web website почта почты \
электронная \
электроннои",
    ),
    (WordKinds::DOUBTFUL_PLACE, "cap cp via"),
    (WordKinds::DOUBTFUL_OTHER, "estado numero"),
    (WordKinds::HOUSE_NUMBER, "numero"),
    (
        WordKinds::NUMBERED,
        "cartao client cliente clienti conta contacto contato contatto conto contrato contratto cuenta documento factura \
fattura fatura identidad orden ordine pedido serie socio tarjeta telefone telefono usuario",
    ),
    (
        WordKinds::BESIDE_PLACE,
        "1st adi and box cislo code codice codigo codul da de del do extended formatted full kod line name no nr number numer \
of po posta the zamieszkania номер \
почтовыи поштовии",
    ),
    (WordKinds::BESIDE_ADDRESS, "label type"),
    (WordKinds::BESIDE_COORDINATE, "geo gps location point position"),
    (
        WordKinds::LINE,
        "addr address addressline adres adresa adress adresse direccion endereco indirizzo line rua strasse street \
streetaddress ulica адрес",
    ),
    (
        WordKinds::YEAR,
        "annee anneedenaissance anno annodinascita ano anodenacimiento anodenascimento birthyear fodselsar geboortejaar \
geburtsjahr jaar jahr rok vuosi year yearofbirth yili год року",
    ),
    (
        WordKinds::MONTH,
        "ayi birthmonth geboortemaand geburtsmonat kuukausi maand manad maned mes mesdenacimiento mesdenascimento mese \
mesedinascita mesic miesiac mois moisdenaissance monat month monthofbirth месяц \
місяць",
    ),
    (
        WordKinds::DAY,
        "day dayofbirth den dia diadenacimiento diadenascimento dzien geboortedag geburtstag giorno gunu jour jourdenaissance \
paiva tag день",
    ),
    (
        WordKinds::DATE,
        "aniversario anniversaire bday birthdate birthday compleanno cumpleanos data datadenascimento datadinascita \
datanascimento date datedenaissance datenaissance dateofbirth dato datum dob fecha fechadenacimiento fechanacimiento \
fodelsedatum fodselsdato geboortedatum geburtsdatum narozeniny szuletesnap tarihi urodziny verjaardag \
дата",
    ),
    (WordKinds::BESIDE_DATE, "da de del di do of"),
    (
        WordKinds::BIRTH,
        "aniversario anneedenaissance anniversaire annodinascita anodenacimiento anodenascimento bday birth birthdate \
birthday birthmonth birthyear born compleanno cumpleanos datadenascimento datadinascita datanascimento \
datedenaissance datenaissance dateofbirth dayofbirth diadenacimiento diadenascimento dob dogum fechadenacimiento \
fechanacimiento fodelse fodelsedatum fodsels fodselsar fodselsdato geboorte geboortedag geboortedatum geboortejaar \
geboortemaand geburt geburts geburtsdatum geburtsjahr geburtsmonat geburtstag jourdenaissance mesdenacimiento \
mesdenascimento mesedinascita moisdenaissance monthofbirth nacimiento naissance narozeni narozeniny nascimento \
nascita nasterii syntyma syntymaaika szuletesi szuletesnap urodzenia urodziny verjaardag yearofbirth \
народження \
рождения",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::fold;

    #[test]
    fn words_are_folded_and_short_enough() {
        for word in LISTS.iter().flat_map(|(_, words)| words.split(' ')) {
            assert_eq!(fold(word), word);
            assert!(!word.is_ascii() || word.len() <= MAX_ASCII_BYTES, "{word}");
        }
    }
}

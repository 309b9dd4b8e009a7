//! The meaning of column headers, as programs and people write them.
//!
//! Most meanings have a list of folded names. Phones, emails and countries come in too many combinations
//! for lists (`Business Phone 2`, `E-mail 1 - Value`, `Telefone celular 2`). Their headers are read word by word, and every word
//! must be one that does not change the meaning. `Phone Type` and `Email Opt-out` have other words, so they are neither phones
//! nor emails. The library reads roles: `Home Fax` and `Company Main Phone` become custom fields.

use std::collections::BTreeSet;

use onefold::Field;
use onefold::contact::fold_name;
use onefold::field_names::role::ValueRole;

use crate::mapping::target::MappingTarget;

// Each list is a text of words separated by one space.

/// Names of the id, the best one first: a table with both `id` and `identifier` has its ids in `id`.
const IDS: &str = "id contactid recordid recordidcontact kontaktid iddocontato iddelcontacto iddecontacto uuid uid \
contactidentifier identifier";

const NAMES: [(&str, MappingTarget); 13] = [
    (
        "firstname givenname forename primeironome primernombre nombredepila vorname prenom",
        MappingTarget::Field(Field::FirstName),
    ),
    (
        "lastname familyname surname sobrenome ultimonome apellido apellidos nachname familienname \
nomdefamille cognome",
        MappingTarget::Field(Field::LastName),
    ),
    (
        "name fullname displayname contactname customername nome nomecompleto nomedocontato nombre \
nombrecompleto nombreyapellidos nombredelcontacto vollstandigername anzeigename",
        MappingTarget::Field(Field::DisplayName),
    ),
    (
        "language languages lang locale preferredlanguage idioma lingua linguagem sprache langue",
        MappingTarget::Field(Field::Language),
    ),
    (
        "tags tag contacttags label labels contactlabels category categories groups groupmembership \
etiquetas etiqueta marcadores categorias grupos schlagworte schlagworter kategorien gruppen",
        MappingTarget::Field(Field::Tags),
    ),
    (
        "assignee assignedto assignedagent owner contactowner responsavel atribuidoa asignadoa \
propietario propietariodelcontacto proprietariodocontato zugewiesenan zustandig",
        MappingTarget::Field(Field::Assignee),
    ),
    ("status conversationstatus", MappingTarget::Field(Field::ConversationStatus)),
    ("avatar avatarurl profilepic profilepicture", MappingTarget::Field(Field::Avatar)),
    (
        "created createdat createdon createdate createddate creationdate datecreated createdtime criadoem \
datadecriacao creadoel fechadecreacion erstelltam erstellt",
        MappingTarget::Field(Field::CreatedAt),
    ),
    (
        "updated updatedat updatedon updateddate lastupdated lastupdatedat modified modifiedat \
modifieddate datemodified lastmodified lastmodifiedat lastmodifieddate atualizadoem \
datadeatualizacao ultimaatualizacao actualizadoel fechadeactualizacion ultimamodificacion \
fechadeultimamodificacion geandertam aktualisiertam",
        MappingTarget::Field(Field::UpdatedAt),
    ),
    ("blocked isblocked bloqueado bloqueada blockiert gesperrt", MappingTarget::Blocked),
    ("contactnumber contactno numerodecontato numerodecontacto callback waid", MappingTarget::Field(Field::Phone)),
    ("custom customfields customattributes", MappingTarget::CustomFields),
];

const CHANNELS: [(&str, MappingTarget); 6] = [
    ("channel", MappingTarget::ChannelKind),
    ("channeltype", MappingTarget::ChannelKind),
    ("canal", MappingTarget::ChannelKind),
    ("channelid", MappingTarget::ChannelIdentity),
    ("channelidentity", MappingTarget::ChannelIdentity),
    ("channelaccount", MappingTarget::ChannelAccount),
];

const EMAIL_WORDS: &str = "email emails mail mails correo correos correio emailaddress emailaddresses epost emailadresse \
mailadresse secondaryemail primaryemail workemail homeemail";

const PHONE_WORDS: &str = "phone phones telephone telephones tel telno phonenumber phonenumbers phoneno mobile mobiles \
mobilephone mobilenumber mobileno cell cellphone cellular cellnumber whatsapp handy handynummer \
mobil mobiltelefon mobilnummer telefon telefonnummer rufnummer festnetz festnetznummer telefone \
telefones telemovel celular celulares fone telefono telefonos movil moviles tlf tfno homephone \
workphone businessphone secondaryphone primaryphone portable";

const COUNTRY_WORDS: &str = "country countrycode pais land pays";

/// Words that do not change the meaning of an email or a phone header.
const PLAIN_WORDS: &str = "number numbers no nr num numero nummer value values address addresses adresse endereco direccion \
home work business office personal private primary main secondary second third first other \
alternate alternative additional company contact customer client lead person user preferred \
direct land line landline car radio tty tdd fixed e electronic electronico eletronico de do da \
del la el casa trabajo trabalho comercial residencial pessoal particular principal secundario \
secundaria alternativo outro otro fijo fixo oficina empresa contato contacto cliente privat \
geschaftlich arbeit zentrale billing shipping mailing full";

/// Words after `no` in headers of opt-outs.
const ASKED_FOR: &str = "email emails e mail mails phone phones mobile mobiles whatsapp call calls sms";

/// Words that do not change the meaning of a country header.
const PLACE_WORDS: &str = "code region regiao iso name address business home other work company contact customer primary \
mailing billing shipping of de do del residence residencia endereco direccion nome nombre";

/// Returns the meaning of each column of a table, or `None` if its header is unknown.
pub(crate) fn guess(headers: &[String]) -> Vec<Option<MappingTarget>> {
    let mut targets: Vec<_> = headers.iter().map(|header| guess_one(header)).collect();
    let folded: Vec<_> = headers.iter().map(|header| fold_name(header)).collect();
    // The best of several id headers is the id; the others are custom fields.
    let rank = |index: usize| IDS.split(' ').position(|id| folded.get(index).is_some_and(|name| name == id));
    let ids = (0..headers.len()).filter(|index| targets.get(*index) == Some(&Some(MappingTarget::Id)));
    let best = ids.min_by_key(|index| rank(*index));
    for (index, target) in targets.iter_mut().enumerate() {
        if *target == Some(MappingTarget::Id) && Some(index) != best {
            *target = None;
        }
    }
    // In these languages the word for "name" means the first name if there is a column for the last name.
    let holds = |field: Field| targets.contains(&Some(MappingTarget::Field(field)));
    if holds(Field::LastName) && !holds(Field::FirstName) {
        for (target, name) in targets.iter_mut().zip(&folded) {
            if matches!(&**name, "nome" | "nombre") {
                *target = Some(MappingTarget::Field(Field::FirstName));
            }
        }
    }
    targets
}

/// Returns the meaning of one header or JSON name on its own.
pub(crate) fn guess_one(header: &str) -> Option<MappingTarget> {
    if let Some(target) = MappingTarget::from_name(header) {
        return Some(target);
    }
    let folded = fold_name(header);
    if lists(IDS, &folded) {
        return Some(MappingTarget::Id);
    }
    if let Some((_, target)) = CHANNELS.iter().find(|(name, _)| *name == folded) {
        return Some(target.clone());
    }
    if let Some((_, target)) = NAMES.iter().find(|(names, _)| lists(names, &folded)) {
        return Some(target.clone());
    }
    [split_at_case(header), header.to_owned()].iter().find_map(|header| by_words(header))
}

/// Returns true if the values of this target can identify a contact.
pub(crate) fn identifies(target: &MappingTarget) -> bool {
    matches!(target, MappingTarget::Field(Field::Phone | Field::Email | Field::Channels))
}

/// Returns true if a header is for numbers of WhatsApp accounts, which begin with their country code.
pub(crate) fn is_whatsapp(header: &str) -> bool {
    let folded = fold_name(header);
    folded.contains("whatsapp") || folded == "waid"
}

/// Words of a header that say only which list its values belong to, and their position.
const COUNTING_WORDS: &str = "email emails mail mails e correo correos correio emailaddress emailaddresses epost emailadresse \
mailadresse primaryemail secondaryemail electronic electronico eletronico phone phones telephone telephones tel telno \
phonenumber phonenumbers phoneno primaryphone secondaryphone telefon telefonnummer rufnummer fone telefone telefones \
telefono telefonos tlf tfno number numbers no nr num numero nummer value values address addresses adresse endereco \
direccion primary main secondary second third first other alternate alternative additional principal secundario \
secundaria alternativo outro otro preferred contact contato contacto de do da del la el";

/// Returns the words of a header that describe its values, in no order: `home` of `Home Phone 2`, and none of `E-mail 2 - Value`.
/// Headers with the same words belong to one list. O(n).
pub(crate) fn qualifiers(header: &str) -> BTreeSet<String> {
    let words = split_at_case(header);
    let words = words.split(|c: char| !c.is_alphanumeric()).map(fold_name);
    let words = words.map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
    words.filter(|word| !word.is_empty() && !lists(COUNTING_WORDS, word)).collect()
}

/// Words for the label of a value.
const LABEL_WORDS: [&str; 8] = ["type", "label", "typ", "tipo", "etiqueta", "kind", "rel", "category"];

/// Words between a label word and the value word.
const OF_WORDS: [&str; 6] = ["", "of", "de", "do", "del", "di"];

/// Returns the label column of the column `value`: `Phone 1 - Type` for `Phone 1 - Value`.
pub(crate) fn label_of(value: usize, headers: &[String]) -> Option<usize> {
    let base = label_base(headers.get(value)?);
    headers.iter().position(|header| is_label_of(header, &base))
}

/// Returns the text that the header of a label begins or ends with: `phone1` for `Phone 1 - Value`.
pub(crate) fn label_base(header: &str) -> String {
    let folded = fold_name(header);
    let base = ["value", "number", "address"].iter().find_map(|word| folded.strip_suffix(word)).unwrap_or(&folded);
    base.to_owned()
}

/// Returns true if a header may be that of a label of any value. O(n).
pub(crate) fn may_be_label(header: &str) -> bool {
    let folded = fold_name(header);
    LABEL_WORDS.iter().any(|word| folded.starts_with(word) || folded.ends_with(word))
}

/// Returns true if a header is that of the label of values with this [`label_base`]: `phone_type` or `Tipo de phone`. O(n).
pub(crate) fn is_label_of(header: &str, base: &str) -> bool {
    let folded = fold_name(header);
    let is_before =
        |word: &str| OF_WORDS.iter().any(|of| word.strip_suffix(of).is_some_and(|word| LABEL_WORDS.contains(&word)));
    !base.is_empty()
        && (folded.strip_prefix(base).is_some_and(|word| LABEL_WORDS.contains(&word))
            || folded.strip_suffix(base).is_some_and(is_before))
}

fn by_words(header: &str) -> Option<MappingTarget> {
    let words: Vec<_> = header.split(|c: char| !c.is_alphanumeric()).map(fold_name).collect();
    let words: Vec<_> = words
        .iter()
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter(|word| !word.is_empty())
        .collect();
    // `No email` is an opt-out; `No. email` is a number.
    let asks_for_none = words.first() == Some(&"no")
        && !header.trim_start().get(2..).is_some_and(|rest| rest.starts_with('.'))
        && words.get(1).is_some_and(|word| lists(ASKED_FOR, word));
    if asks_for_none {
        return None;
    }
    let reads = |core: &str, beside: &[&str]| {
        words.iter().any(|word| lists(core, word))
            && words.iter().all(|word| lists(core, word) || beside.iter().any(|list| lists(list, word)))
    };
    let is_own = || ValueRole::of_label(header) == ValueRole::Personal;
    if reads(EMAIL_WORDS, &[PLAIN_WORDS, PHONE_WORDS]) {
        return is_own().then_some(MappingTarget::Field(Field::Email));
    }
    if reads(PHONE_WORDS, &[PLAIN_WORDS]) {
        return is_own().then_some(MappingTarget::Field(Field::Phone));
    }
    reads(COUNTRY_WORDS, &[PLACE_WORDS]).then_some(MappingTarget::Field(Field::Country))
}

/// Returns true if `word` is one of the words of `list`.
fn lists(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

/// Splits camel case: `mobilePhone` becomes `mobile Phone`.
fn split_at_case(header: &str) -> String {
    let mut words = String::with_capacity(header.len() + 4);
    let mut after_lower = false;
    for letter in header.chars() {
        if after_lower && letter.is_uppercase() {
            words.push(' ');
        }
        after_lower = letter.is_lowercase();
        words.push(letter);
    }
    words
}

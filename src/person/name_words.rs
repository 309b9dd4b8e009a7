//! Words in names that are not names themselves: titles, suffixes, particles, and words that connect the names of two
//! people.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The gender that a title states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Gender {
    Man,
    Woman,
}

/// A suffix that distinguishes people with the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Suffix {
    /// A known suffix, in the first of its spellings.
    Known(&'static str),
    /// The folded text of a field for suffixes.
    Written(String),
}

// Each list is a text of folded words, separated by single spaces.

const TITLES_OF_MEN: &str = "mr mister herr herrn hr monsieur sr senhor senor signor sig sir dhr meneer \
господин гн";
const TITLES_OF_WOMEN: &str = "mrs ms miss frau mme mlle madame sra srta senhora senora senorita signora sigra lady mevr \
mw mevrouw madam fru bayan dra profa госпожа гжа";
const TITLES: &str = "dr prof professor doctor mx rev ing dipl mag eng";

/// Degrees and similar words, which do not identify a person.
const CREDENTIALS: &str = "phd md dds dvm mba msc bsc ma ba esq cpa rn jd llm bcom";

/// The spellings of each suffix.
const SUFFIXES: [&str; 13] = [
    "jr jun junior jnr",
    "sr sen senior snr",
    "ii 2nd",
    "iii 3rd",
    "iv 4th",
    "filho",
    "filha",
    "neto netto",
    "neta",
    "sobrinho",
    "hijo",
    "fils",
    "pere",
];

const PARTICLES: &str =
    "de da do dos das del della di du des la le van von der den ter ten zu zum zur af av bin ibn al el";

/// Words that connect two names. `u`, with or without a dot, is the German `und`.
const CONJUNCTIONS: &str = "und u and n & + / e et y en og och i ve \u{438} \u{3ba}\u{3b1}\u{3b9} \u{548c} \u{3068}";

/// Conjunctions that occur in family names, too: Ortega y Gasset, Costa e Silva, Puig i Cadafalch.
const IN_FAMILY_NAMES: &str = "e y i";

/// Conjunctions that are also names or initials. They connect only in lower case, in a name that has upper case
/// elsewhere.
const CONJUNCTIONS_IN_LOWER_CASE: &str = "a es ja un ir si va dan da oraz with mit or oder ou plus sowie samt for fur pour para via avec con com \
та або или";

/// Words for a relation to another person: `Mother of Anna`, `Anna's husband`, `Anna (mum)`.
const RELATIONS: &str = "mother mothers mum mums mom moms mommy mummy mama mamas father fathers dad dads daddy papa papas parents \
wife wifes husband husbands spouse daughter daughters brother brothers sister sisters siblings grandma grandmother granny grandpa \
grandfather aunt auntie uncle nanny babysitter caregiver mutter mutti vater papi eltern ehemann ehefrau gattin gatte tochter bruder \
schwester oma opa tante onkel maman papa parents epouse epoux conjoint fille frere soeur grandmere madre padre mami papi esposa \
esposo marido mujer hija hermano hermana abuela abuelo filha irmao mamma babbo moglie marito figlia figlio \
fratello sorella nonna nonno genitori moeder vader ouders echtgenoot echtgenote dochter broer zus matka mamy ojciec zona maz corka \
siostra syn manzelka manzel annesi babasi kocasi karisi kardesi мама мамы папа папы мать отец муж жена дочь брат сестра бабушка \
дедушка тетя дядя мамо тато дружина чоловік";

/// Words for a relation only together with a word for `of` or an owner's name, because some are names.
const RELATIONS_OF: &str = "mari mae pai pais irma tata avo son man mann frau child kid kids baby boy girl friend boyfriend girlfriend partner boss assistant secretary \
neighbour neighbor colleague carer guardian client work office phone mobile home kind sohn freund freundin chef nachbar nachbarin \
assistent assistentin femme fils ami amie hijo amigo amiga filho namorado namorada amico amica сын друг подруга";

/// Words for `of` between a relation and a name.
const OF: &str = "of von vom der de da do du des di del della van od от";

/// Words for a household.
const HOUSEHOLDS: &str = "familie family familia famille famiglia fam eheleute ehepaar household casal couple";

/// Titles and degrees that are also names: Jack Ma, Kok Eng, Sig Muster.
const NAMES_TOO: &str = "ma ba mba md jd rn eng mag ing sig";
/// Degrees among them that are written in capitals.
const IN_CAPITALS: &str = "ma ba mba md jd rn";

/// The least number of letters that a short form of a name leaves out. Jan is not short for Jana.
const MIN_CUT_OFF: usize = 3;

/// Endings of three or more letters that turn one name into another: Max and Maxine, Juan and Juanita, Anton and
/// Antonino, Jan and Jantje, Karl and Karlheinz, Hoff and Hoffmann.
const ENDINGS: &str = "ana ane anna anne iana iane ianna ianne tiana tiane tina tine ina ine ino inho inha inia ini \
nna nne nno nina nine nino ita ito ite itta itto ica ice cia cio ella elle ello elia elie ellen iela iella ielle \
niela nielle eta etta ette etto ietta iette tta tte tto letta lette lita lito lla lle llo lina line lino lyn lyne \
lynn otta otte nette netta fina fine fino phina phine ssa sse isa ise iska ika ike ora nora dora andra andrea \
andrina antha erta erika erike erica ida ide ilda ilde inda linda lind ona one onia onie iono ano iano ien ienne \
enne enna ene ena eno ela ele elo ola ole olo ula ule ulo illa ille illo ucha ucho ija iya eia eya ria rio rie nia \
nie nio sia lia lie lio tia tie tio dia mia via vio uza iza izio izia esa ese eza essa esse isse issa issia isha tje \
etje jte neke ieke ientje eke owa ova eva owna ovna ovic ovich evich lena lisa rosa maria marie bella belle abella \
abelle beth peter heinz jorg jurgen dieter georg josef angel angela angelo pablo mann man son sson sen ssen imiliana \
imiliane frau sky ski ska skaya skaia skyi skij owski owska enko ienko chenko chuk aite iene yte ute ова ева ина овна евна \
ична ович евич ский ская скии скои цкий цкая цкии енко анко ченко чук ина яна ана ина лина енька ечка очка ушка юшка ька";

/// The words of all lists. Most words of names are in none.
static LISTED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lists = [
        TITLES_OF_MEN,
        TITLES_OF_WOMEN,
        TITLES,
        CREDENTIALS,
        PARTICLES,
        CONJUNCTIONS,
        IN_FAMILY_NAMES,
        CONJUNCTIONS_IN_LOWER_CASE,
        RELATIONS,
        RELATIONS_OF,
        OF,
        HOUSEHOLDS,
        NAMES_TOO,
        IN_CAPITALS,
        ENDINGS,
    ];
    lists.into_iter().chain(SUFFIXES).flat_map(|list| list.split(' ')).collect()
});

/// Returns true if a word is in one of the lists of this file.
fn lists(list: &str, word: &str) -> bool {
    LISTED.contains(word) && list.split(' ').any(|listed| listed == word)
}

/// Returns the gender of a title, `Some(None)` for a title without one, or `None` for a word that is no title.
pub(crate) fn title(word: &str) -> Option<Option<Gender>> {
    match word {
        _ if lists(TITLES_OF_MEN, word) => Some(Some(Gender::Man)),
        _ if lists(TITLES_OF_WOMEN, word) => Some(Some(Gender::Woman)),
        _ => lists(TITLES, word).then_some(None),
    }
}

/// Returns the suffix that a word stands for, if any.
pub(crate) fn suffix(word: &str) -> Option<Suffix> {
    if !LISTED.contains(word) {
        return None;
    }
    let spellings = SUFFIXES.iter().find(|spellings| lists(spellings, word))?;
    spellings.split(' ').next().map(Suffix::Known)
}

pub(crate) fn is_credential(word: &str) -> bool {
    lists(CREDENTIALS, word)
}

pub(crate) fn is_particle(word: &str) -> bool {
    lists(PARTICLES, word)
}

pub(crate) fn is_conjunction(word: &str) -> bool {
    lists(CONJUNCTIONS, word)
}

/// Returns true if a word in lower case connects two names.
pub(crate) fn is_conjunction_in_lower_case(word: &str) -> bool {
    lists(CONJUNCTIONS_IN_LOWER_CASE, word)
}

/// Returns true if a word is a relation to another person.
pub(crate) fn is_relation(word: &str) -> bool {
    lists(RELATIONS, word)
}

/// Returns true if a word is a relation when a word for `of` or an owner's name is beside it.
pub(crate) fn is_relation_of(word: &str) -> bool {
    is_relation(word) || lists(RELATIONS_OF, word)
}

/// Returns true if a word is one for `of` between a relation and a name.
pub(crate) fn is_of(word: &str) -> bool {
    lists(OF, word)
}

/// Returns true if a conjunction occurs in family names, too.
pub(crate) fn is_in_family_names(word: &str) -> bool {
    lists(IN_FAMILY_NAMES, word)
}

pub(crate) fn is_household(word: &str) -> bool {
    lists(HOUSEHOLDS, word)
}

/// Returns true if a title or a degree is also a name.
pub(crate) fn is_name_too(word: &str) -> bool {
    lists(NAMES_TOO, word)
}

/// Returns true if a degree is written in capitals.
pub(crate) fn is_in_capitals(word: &str) -> bool {
    lists(IN_CAPITALS, word)
}

/// Returns true if a name can be short for one that continues with `rest`.
pub(crate) fn may_cut_off(rest: &str) -> bool {
    rest.chars().count() >= MIN_CUT_OFF && !lists(ENDINGS, rest)
}

/// Returns true if two given names or two family names agree: one is missing, or they agree word by word.
pub(crate) fn parts_agree(a: &[String], b: &[String]) -> bool {
    a.is_empty() || b.is_empty() || (a.len() == b.len() && a.iter().zip(b).all(|(a, b)| words_agree(a, b)))
}

/// Returns true if two family names agree: one is missing, or the words are equal or one the initial of the other.
/// Family names have no other short form: Petrov is not short for Petrovsky.
pub(crate) fn families_agree(a: &[String], b: &[String]) -> bool {
    let is_same_or_initial = |(a, b): (&String, &String)| {
        let is_initial = |word: &str| word.chars().count() == 1;
        a == b || ((is_initial(a) || is_initial(b)) && words_agree(a, b))
    };
    a.is_empty() || b.is_empty() || (a.len() == b.len() && a.iter().zip(b).all(is_same_or_initial))
}

/// Returns true if two words are equal, or one is the initial of the other or short for it.
fn words_agree(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let Some(rest) = long.strip_prefix(short) else { return false };
    // In scripts without case one letter is a word, not an initial.
    let has_case = |letter: char| letter.to_uppercase().next() != Some(letter);
    let is_short = || match short.chars().count() {
        0 => false,
        1 => true,
        _ => may_cut_off(rest),
    };
    rest.is_empty() || (long.chars().all(has_case) && is_short())
}

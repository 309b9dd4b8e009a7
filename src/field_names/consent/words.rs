//! The words in the names of consents and objections.

// Each list has folded words, separated by single spaces, or phrases in the main spellings of `SPELLINGS`.

/// Main spellings, each with the words of the same meaning.
pub(crate) const SPELLINGS: [(&str, &str); 31] = [
    ("in", "into"),
    ("opt", "opted opts opting"),
    (
        "unsubscribed",
        "unsubscribe unsubscribes unsubscription unsub unsubbed abgemeldet abbestellt desabonne desinscrit \
desinscription desinscrito descadastrado descadastro desuscrito disiscritto uitgeschreven afgemeld \
отписан отписался",
    ),
    ("subscribed", "subscribe subscribes abonniert suscrito"),
    ("subscriber", "subscribers subscription subscriptions"),
    (
        "consent",
        "consents consented consenting einwilligung werbeeinwilligung consentement consentimiento \
consentimento consenso toestemming zgoda согласие",
    ),
    (
        "accepts",
        "accept accepted accepting acceptance acepta acepto aceita aceito aceite accepte accetta accetto \
akzeptiert accepteert",
    ),
    ("agrees", "agree agreed"),
    ("allow", "allowed allows"),
    ("permission", "permissions permit permits permitted"),
    ("wants", "want"),
    ("gdpr", "dsgvo rgpd lgpd"),
    ("newsletter", "newsletters"),
    ("blacklisted", "blacklist blocklisted blocklist denylisted denylist"),
    ("suppressed", "suppress suppression"),
    (
        "withdrawn",
        "withdrew withdraw withdrawal withdrawals revoked revoke revokes revocation denied declined decline declines refused refuse \
refuses refusal rejected removed cancelled canceled cancellation retire retrait retirado retirada retiro revocado revogado revoca \
revocata revocato widerrufen widerruf entzogen ingetrokken intrekking wycofana wycofano",
    ),
    ("not", "non never without nicht nao"),
    ("email", "emails mailings mailing correo correos courriel courriels"),
    ("call", "calls calling phonecall phonecalls"),
    ("phone", "phones telephone telephones telefon telefone telefono"),
    ("text", "texts texting"),
    ("message", "messages messaging"),
    ("fax", "faxes"),
    (
        "marketing",
        "publicidad publicidade publicite pubblicita werbung reclame advertising advertisement \
advertisements promotion promotions promotional promo promos",
    ),
    ("offers", "offer"),
    ("communication", "communications"),
    ("share", "sharing"),
    ("sell", "selling"),
    ("track", "tracking"),
    ("contact", "contacting contacted contacts"),
    ("disturb", "disturbing"),
];

/// Phrases that make an objection, whatever other words the name has.
pub(crate) const OBJECTIONS: [&str; 21] = [
    "opt out",
    "unsubscribed",
    "werbesperre",
    "werbewiderspruch",
    "not anrufen",
    "not kontaktieren",
    "keine marketing",
    "keine email",
    "keine anrufe",
    "ne pas appeler",
    "ne pas contacter",
    "ne pas demarcher",
    "no llamar",
    "no contactar",
    "no molestar",
    "not ligar",
    "not contatar",
    "not perturbe",
    "not contattare",
    "not chiamare",
    "niet bellen",
];

/// Actions that a contact may ask not to be taken. With `do not`, they make an objection.
pub(crate) const ACTIONS: &str = "call contact disturb email mail phone sms text fax post sell share track market \
marketing send solicit message whatsapp trade process allow bulk bulkemail postalmail";

/// Words that make an objection if all other words of the name are [`SUBJECTS`] or the like.
pub(crate) const OBJECTIONS_ALONE: [&str; 15] = [
    "dnc",
    "dnd",
    "dncl",
    "spam",
    "suppressed",
    "blacklisted",
    "no email",
    "no mail",
    "no phone",
    "no call",
    "no text",
    "no sms",
    "no fax",
    "no marketing",
    "no whatsapp",
];

/// Words that deny a consent, anywhere in its name.
pub(crate) const DENIALS: &str = "withdrawn kein keine ohne sin sans sem senza geen zonder bez";

/// Phrases that make a consent, whatever other words the name has.
pub(crate) const CONSENTS: [&str; 2] = ["opt in", "consent"];

/// Phrases that make a consent if all other words of the name are [`SUBJECTS`] or the like.
pub(crate) const CONSENTS_ALONE: [&str; 4] = ["subscribed", "newsletter", "gdpr", "marketing status"];

/// Words that make a consent if all other words of the name are [`SUBJECTS`] or the like, and one is in [`CONTACTING`].
pub(crate) const CONSENT_VERBS: [&str; 7] = ["accepts", "agrees", "allow", "permission", "wants", "can", "subscriber"];

/// The ways and purposes of contacting that a contact may agree to.
pub(crate) const CONTACTING: &str =
    "email sms text call phone whatsapp marketing newsletter offers communication message fax";

/// The subjects of consents and objections.
pub(crate) const SUBJECTS: &str = "email sms text call phone whatsapp marketing newsletter offers communication message \
fax contact mail post postal direct bulk mobile telegram viber messenger facebook instagram push notification \
notifications web mms voice line rcs all any every everything global list lists double single explicit \
complaint complaints reported marked report data policy processing terms profiling tracking track share sell third \
party parties partner partners updates news info information product products event events receive receiving receber recibir recevoir ricevere erhalten \
send sending be mailchimp hubspot brevo klaviyo";

/// Words that do not affect the subject of a consent or an objection.
pub(crate) const BESIDE: &str = "has have is was been of to from the a an our us we i my for via with and or as by hs mc pf \
flag checkbox status state customer customers user users lead leads person people client clients member members their status yes \
der die das von zu fur de da do del di du le la les il lo que em en aux des per van voor";

/// Words for other facts about a consent or an objection: its reason, place and form.
pub(crate) const FACTS: &str = "reason reasons why cause link links url uri href ip source sources method page token key hash \
note notes comment comments campaign campaigns form version language locale template rate score count total type \
category details description history log logs owner who code expires expiry expiration until updated changed \
modified last confirm confirmation popup button headline grund motivo motif quelle fonte country countries channel channels id ids \
keyword keywords required address addresses expired number numbers";

/// Words for a time. The time of an objection makes the objection, but the time of a consent does not say whether the
/// consent is given.
pub(crate) const TIMES: &str = "at on date dates time times timestamp datetime day datum fecha data zeit when since tstamp \
ts";

/// Values that give a consent.
pub(crate) const GRANTS: &str = "allow granted given accepts agrees confirmed active permission";

/// Values that refuse a consent.
pub(crate) const REFUSALS: &str =
    "withdrawn objected abgelehnt refuse rechazado denegado recusado rifiutato geweigerd out cleaned";

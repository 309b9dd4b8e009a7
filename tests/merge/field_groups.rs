//! The parts of an address, and those of a date, come from one contact.

use onefold::merge::Why;
use onefold::{Contact, Field, FieldRule, Merge, MergePolicy, MergeRequest, Normalizer, Value};
use proptest::prelude::*;

fn other(name: &str) -> Field {
    Field::Other(name.into())
}

fn contact(id: u32, fields: &[(&str, &str)]) -> Contact<u32> {
    fields.iter().fold(Contact::new(id), |contact, (name, text)| contact.with(Field::from_name(name), *text))
}

fn merged(policy: &MergePolicy, contacts: &[Contact<u32>]) -> Merge<u32> {
    policy.merge(contacts, &MergeRequest::new("m"), &Normalizer::new()).expect("a merge")
}

fn texts<'a>(contact: &'a Contact<u32>, names: &[&str]) -> Vec<&'a str> {
    let text = |name: &&str| contact.get(&Field::from_name(name)).and_then(Value::as_text).unwrap_or_default();
    names.iter().map(text).collect()
}

const ADDRESS: [&str; 4] = ["Mailing Street", "Mailing City", "Mailing Postal Code", "country"];

fn leeds_and_berlin() -> [Contact<u32>; 2] {
    [
        contact(1, &[("Mailing City", "Leeds"), ("country", "GB"), ("Birth Year", "1980"), ("Company", "Acme")]),
        contact(
            2,
            &[
                ("Mailing Street", "Unter den Linden 1"),
                ("Mailing City", "Berlin"),
                ("Mailing Postal Code", "10117"),
                ("country", "DE"),
                ("Birth Year", "1979"),
                ("Birth Month", "5"),
                ("Birth Day", "17"),
                ("Job Title", "CEO"),
            ],
        ),
    ]
}

#[test]
fn an_address_and_a_birth_date_stay_whole() {
    let merge = merged(&MergePolicy::new(), &leeds_and_berlin());
    let survivor = merge.survivor();
    assert_eq!(texts(survivor, &ADDRESS), ["", "Leeds", "", "GB"]);
    assert_eq!(texts(survivor, &["Birth Year", "Birth Month", "Birth Day"]), ["1980", "", ""]);
    // What is no part of either goes on as before.
    assert_eq!(texts(survivor, &["Company", "Job Title"]), ["Acme", "CEO"]);
    let street = merge.choices.iter().find(|choice| choice.field == other("Mailing Street")).expect("a choice");
    assert_eq!(
        (street.why, street.to_string().as_str()),
        (Why::Together, "with the other parts of the address or date")
    );
    let city = merge.choices.iter().find(|choice| choice.field == other("Mailing City")).expect("a choice");
    assert_eq!(city.to_string(), "with the other parts of the address or date, from contact 1");
    let lost: Vec<String> = merge.lost.iter().map(|lost| format!("{} {}", lost.field, lost.contact)).collect();
    for field in ["Mailing Street", "Mailing City", "Mailing Postal Code", "country", "Birth Year", "Birth Month"] {
        assert!(lost.contains(&format!("{field} 2")), "{field} is lost and said so: {lost:?}");
    }
}

#[test]
fn a_fuller_spelling_of_the_same_address_is_taken() {
    let less = contact(1, &[("city", "Berlin")]);
    let more = contact(2, &[("city", "Berlin"), ("street", "Unter den Linden 1"), ("postcode", "10117")]);
    let merge = merged(&MergePolicy::new(), &[less, more]);
    assert_eq!(texts(merge.survivor(), &["street", "city", "postcode"]), ["Unter den Linden 1", "Berlin", "10117"]);
    assert!(merge.lost.is_empty());
}

#[test]
fn the_rule_of_the_policy_chooses_whose_parts_are_taken() {
    let [first, second] = leeds_and_berlin();
    let first = first.with(Field::UpdatedAt, onefold::Time::from_millis(1));
    let second = second.with(Field::UpdatedAt, onefold::Time::from_millis(2));
    let newest = MergePolicy::builder().default_rule(FieldRule::Newest).build().expect("a rule that picks");
    let merge = merged(&newest, &[first.clone(), second.clone()]);
    assert_eq!(texts(merge.survivor(), &ADDRESS), ["Unter den Linden 1", "Berlin", "10117", "DE"]);
    let agree = MergePolicy::builder().default_rule(FieldRule::MustAgree).build().expect("a rule that picks");
    assert!(agree.merge(&[first, second], &MergeRequest::new("m"), &Normalizer::new()).is_err());
}

#[test]
fn a_rule_for_one_field_or_a_value_of_the_request_goes_before_the_group() {
    let contacts = leeds_and_berlin();
    let policy = MergePolicy::builder().field(other("Mailing Street"), FieldRule::Longest).build().expect("any rule");
    let merge = merged(&policy, &contacts);
    assert_eq!(texts(merge.survivor(), &ADDRESS), ["Unter den Linden 1", "Leeds", "", "GB"]);
    let request = MergeRequest::new("m").set(other("Mailing Postal Code"), "LS1").take(other("Mailing Street"), 2);
    let merge = MergePolicy::new().merge(&contacts, &request, &Normalizer::new()).expect("a merge");
    assert_eq!(texts(merge.survivor(), &ADDRESS), ["Unter den Linden 1", "Leeds", "LS1", "GB"]);
}

#[test]
fn where_names_of_fields_say_nothing_each_is_decided_alone() {
    let merge = merged(&MergePolicy::builder().without_flags().build().expect("a legal policy"), &leeds_and_berlin());
    assert_eq!(texts(merge.survivor(), &ADDRESS), ["Unter den Linden 1", "Leeds", "10117", "GB"]);
}

#[test]
fn the_country_goes_with_the_only_address() {
    let leeds = contact(1, &[("city", "Leeds")]);
    let berlin = contact(2, &[("city", "Berlin"), ("country", "DE")]);
    let merge = merged(&MergePolicy::new(), &[leeds.clone(), berlin.clone()]);
    assert_eq!(texts(merge.survivor(), &["city", "country"]), ["Leeds", ""]);
    // Of a contact without an address it is that of the person.
    let merge = merged(&MergePolicy::new(), &[leeds, contact(3, &[("country", "GB")]), berlin.clone()]);
    assert_eq!(texts(merge.survivor(), &["city", "country"]), ["Leeds", "GB"]);
    let merge = merged(&MergePolicy::new(), &[contact(1, &[("country", "FR")]), berlin]);
    assert_eq!(texts(merge.survivor(), &["city", "country"]), ["Berlin", "DE"]);
}

#[test]
fn what_is_no_address_replaces_no_country() {
    let brazil = contact(1, &[("country", "BR")]);
    for name in ["custom.ip_address", "custom.wallet_address", "custom.referred_via", "custom.market_cap"] {
        let merge = merged(&MergePolicy::new(), &[brazil.clone(), contact(2, &[(name, "x"), ("country", "US")])]);
        assert_eq!(texts(merge.survivor(), &["country", name]), ["BR", "x"], "{name}");
    }
    let active = contact(1, &[("estado", "activo"), ("country", "MX")]);
    let home = contact(2, &[("calle", "Calle Ejemplo 1"), ("ciudad", "Puebla"), ("provincia", "Puebla")]);
    let merge = merged(&MergePolicy::new(), &[active, home.clone()]);
    let names = ["estado", "calle", "ciudad", "country"];
    assert_eq!(texts(merge.survivor(), &names), ["activo", "Calle Ejemplo 1", "Puebla", "MX"]);
    assert!(merge.lost.is_empty());
    let merge = merged(&MergePolicy::new(), &[contact(1, &[("provincia", "Jalisco")]), home]);
    assert_eq!(texts(merge.survivor(), &["calle", "ciudad", "provincia"]), ["Calle Ejemplo 1", "Puebla", "Puebla"]);
}

#[test]
fn parts_under_custom_are_parts_too_and_undo_gives_all_back() {
    let custom = |name: &str| Field::Custom(name.into());
    let contacts = [
        Contact::new(1).with(custom("home_city"), "Leeds"),
        Contact::new(2).with(custom("home_city"), "Berlin").with(custom("home_street"), "Unter den Linden 1"),
    ];
    let merge = merged(&MergePolicy::new(), &contacts);
    assert_eq!(merge.survivor().get(&custom("home_street")), None);
    let undo = merge.patch.undo(merge.survivor(), onefold::Edits::Keep).expect("an undo");
    assert_eq!((&undo.survivor, undo.retired.as_slice()), (&contacts[0], &contacts[1..]));
}

proptest! {
    #[test]
    fn whatever_the_rule_all_parts_are_of_one_contact(
        values in prop::collection::vec(prop::collection::vec(prop::sample::select(vec!["", "a", "b"]), 3), 2..5),
        rule in prop::sample::select(vec![
            FieldRule::SurvivorFirst, FieldRule::Newest, FieldRule::Oldest, FieldRule::MostComplete,
            FieldRule::MostCommon, FieldRule::Verified,
        ]),
    ) {
        let names = ["home_street", "home_city", "home_postcode"];
        let contacts: Vec<Contact<u32>> = values.iter().zip(0..).map(|(row, id)| {
            let said: Vec<(&str, &str)> = names.into_iter().zip(row.iter().copied()).filter(|(_, text)| !text.is_empty()).collect();
            contact(id, &said)
        }).collect();
        let policy = MergePolicy::builder().default_rule(rule).build().expect("a rule that picks");
        let merge = merged(&policy, &contacts);
        let found = texts(merge.survivor(), &names);
        prop_assert!(values.contains(&found), "{:?} of {:?}", found, values);
        // Something that somebody said is there.
        prop_assert!(found.iter().any(|text| !text.is_empty()) || values.concat().iter().all(|text| text.is_empty()));
    }
}

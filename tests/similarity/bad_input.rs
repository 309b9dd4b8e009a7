//! Sets that are small, empty or all alike, damaged models, and decisions.

use onefold::contact::ContactPair;
use onefold::similarity::{
    Band, ComparedField, Decisions, Disagreement, FittedModel, Model, ModelError, SharedBy, Similarity,
};
use onefold::{Contact, Field};

fn named(id: u32, given: &str, family: &str) -> Contact<u32> {
    Contact::new(id).with(Field::FirstName, given).with(Field::LastName, family)
}

fn custom(name: &str) -> Field {
    Field::Custom(name.into())
}

#[test]
fn no_contact_and_one_contact_are_plain_answers() {
    for contacts in [vec![], vec![named(1, "Ada", "Example")], vec![Contact::new(1), Contact::new(2)]] {
        let similarity = Similarity::fit(&contacts, &Model::shipped());
        assert_eq!(similarity.suggestions(), []);
        assert_eq!((similarity.len(), similarity.is_empty()), (contacts.len(), contacts.is_empty()));
        assert_eq!(similarity.uncertain(10), []);
    }
}

#[test]
fn a_common_name_alone_makes_nobody_one_person() {
    let contacts: Vec<Contact<u32>> = (0..3_000).map(|id| named(id, "Anna", "Muster")).collect();
    let similarity = Similarity::fit(&contacts, &Model::shipped());
    assert_eq!(similarity.suggestions(), []);
    assert!(similarity.score(&1, &2).expect("both").band() < Band::Likely);
}

#[test]
fn empty_fields_say_nothing() {
    let empty = |id: u32| {
        let blank =
            Contact::new(id).with(Field::FirstName, "").with(Field::LastName, "  ").with_phone("").with_email(" ");
        blank.with(custom("birth_date"), "").with(custom("city"), "-")
    };
    let contacts = [empty(1), empty(2), named(3, "Ada", "Example")];
    let similarity = Similarity::fit(&contacts, &Model::shipped());
    assert_eq!(similarity.suggestions(), []);
    assert_eq!(similarity.why(&1, &2).expect("both").fields, []);
}

#[test]
fn strange_names_are_compared_without_harm() {
    let names = [
        "\u{1f338}\u{1f338}",
        "+1 202 555 0100",
        "\u{674e}\u{660e}",
        "\u{202e}abc",
        "a\u{335}\u{301}",
        "null",
        "\u{fffd}",
        "Example GmbH & Co. KG",
    ];
    let mut contacts: Vec<Contact<u32>> = (0..).zip(names).map(|(id, name)| named(id, name, name)).collect();
    contacts.push(named(99, &"Zalgo ".repeat(20_000), &"x".repeat(100_000)));
    let similarity = Similarity::fit(&contacts, &Model::shipped());
    assert_eq!(similarity.len(), contacts.len());
    similarity.suggestions();
}

#[test]
fn damaged_models_and_other_versions_are_named() {
    let json = Model::shipped().to_json();
    assert_eq!(Model::from_json(&json), Ok(Model::shipped()));
    let other = json.replacen("\"version\": 1", "\"version\": 2", 1);
    assert_eq!(Model::from_json(&other), Err(ModelError::OtherVersion { version: 2 }));
    assert_eq!(
        Model::from_json(&other).expect_err("another version").to_string(),
        "the model has version 2, and this release reads 1"
    );
    for damaged in [
        "",
        "{}",
        "[1]",
        &json[..json.len() / 2],
        &json.replacen("\"exact\"", "\"exakt\"", 1),
        &json.replacen("0.8", "1.5", 40),
    ] {
        assert!(matches!(Model::from_json(damaged), Err(ModelError::Damaged { .. })), "{}", damaged.len());
    }
    let fitted = Similarity::fit(&[named(1, "Ada", "Example"), named(2, "Ada", "Example")], &Model::shipped())
        .fitted()
        .to_json();
    for damaged in ["", "{\"version\":1}", &fitted[..fitted.len() - 2]] {
        assert!(matches!(FittedModel::from_json(damaged), Err(ModelError::Damaged { .. })));
    }
    assert!(!fitted.to_lowercase().contains("example\""), "a fitted model holds no values");
}

#[test]
fn debug_shows_no_value() {
    let contacts = [
        named(1, "canary", "canary").with_email("canary@example.com").with(custom("city"), "canary"),
        named(2, "canary", "canary").with_email("canary@example.com"),
    ];
    let similarity = Similarity::fit(&contacts, &Model::shipped());
    let suggestions = similarity.suggestions();
    let shown = format!(
        "{similarity:?} {suggestions:?} {:?} {:?} {:?} {:?}",
        similarity.why(&1, &2),
        similarity.comparable(&1),
        similarity.separations(&suggestions),
        similarity.fitted()
    );
    assert!(!shown.contains("canary"), "{shown}");
}

/// Returns twenty people of whom each is there twice, and others who share a phone with them.
fn twins() -> Vec<Contact<u32>> {
    let person = |id: u32, number: u32| {
        let name = ["Jonas", "Marlene", "Robert", "Katharina"][number as usize % 4];
        let family = format!("{}feld", ["Muster", "Probe", "Beispiel", "Lauten", "Wiesen"][number as usize % 5]);
        named(id, name, &family).with_phone(format!("+1 202 555 0{:03}", 100 + number))
    };
    (0..40).map(|id| person(id, id / 2)).collect()
}

#[test]
fn decisions_teach_coefficients() {
    let similarity = Similarity::fit(&twins(), &Model::shipped());
    assert_eq!(similarity.learn(&Decisions::new()), Model::shipped());
    let pair = |a: u32, b: u32| ContactPair::new(a, b);
    // Whoever has one phone is one person, says the user, and whoever has one name is not.
    let same = (0..20).map(|number| pair(number * 2, number * 2 + 1));
    let distinct = (0..15).map(|number| pair(number * 2, number * 2 + 8));
    let decisions = Decisions::from_pairs(same, distinct).expect("no contradiction");
    let model = similarity.learn(&decisions);
    assert_eq!((model.decisions(), model.calibration()), (35, None));
    assert_eq!(Model::from_json(&model.to_json()), Ok(model.clone()));
    let taught = Similarity::fit(&twins(), &model);
    assert!(taught.score(&0, &1) > taught.score(&0, &8));
}

#[test]
fn a_household_is_not_one_person_and_the_key_says_so() {
    let mut contacts = twins();
    contacts.push(named(100, "Wilhelmine", "Musterfeld").with_phone("+1 202 555 0100"));
    let similarity = Similarity::fit(&contacts, &Model::shipped());
    let suggestions = similarity.suggestions();
    let separations = similarity.separations(&suggestions);
    let phone = separations.iter().find(|separation| separation.value == "+12025550100").expect("a shared phone");
    assert_eq!((phone.field, phone.shared_by), (ComparedField::Phone, SharedBy::Household));
    assert!(phone.groups.len() > 1);
    assert_eq!(similarity.names_agree(&0, &1), Ok(()));
    assert_eq!(similarity.names_agree(&0, &100), Err(Disagreement::GivenName));
    assert_eq!(similarity.names_agree(&0, &3), Err(Disagreement::NoSharedKey));
    assert_eq!(similarity.names_agree(&0, &999), Err(Disagreement::NoSharedKey));
}

#[test]
fn a_father_is_not_his_son() {
    let mut contacts = twins();
    contacts.push(named(100, "Jonas", "Musterfeld Jr.").with_phone("+1 202 555 0100"));
    let similarity = Similarity::fit(&contacts, &Model::shipped());
    assert_eq!(similarity.names_agree(&0, &100), Err(Disagreement::Suffix));
    assert!(similarity.score(&0, &1) > similarity.score(&0, &100));
}

//! The document on policies is right: its examples are read, there is one for each rule, and what it says is
//! refused is.
#![cfg(feature = "serde")]

use std::collections::BTreeSet;

use onefold::{Field, FieldRule, MergePolicy};

const DOCUMENT: &str = include_str!("../../docs/policy.md");

fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    DOCUMENT.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().expect("the end of a block")).collect()
}

#[test]
fn every_example_is_a_policy_and_every_rule_has_one() {
    let mut policies = Vec::new();
    for block in blocks("toml") {
        policies.push(toml::from_str::<MergePolicy>(block).unwrap_or_else(|error| panic!("{block}: {error}")));
    }
    let json: MergePolicy = serde_json::from_str(blocks("json")[0]).expect("a policy");
    assert_eq!(json, policies[0]);
    let names: BTreeSet<&str> = blocks("toml").iter().flat_map(|block| block.split(['"', ' '])).collect();
    for rule in [
        FieldRule::SurvivorFirst,
        FieldRule::Survivor,
        FieldRule::Newest,
        FieldRule::Oldest,
        FieldRule::Longest,
        FieldRule::MostComplete,
        FieldRule::MostCommon,
        FieldRule::Sources(Vec::new()),
        FieldRule::Verified,
        FieldRule::Min,
        FieldRule::Max,
        FieldRule::Sum,
        FieldRule::Join(String::new()),
        FieldRule::MustAgree,
        FieldRule::Union,
        FieldRule::AllChecked,
        FieldRule::AnyChecked,
    ] {
        assert!(names.contains(rule.name()), "{} has no example", rule.name());
    }
    assert_eq!(policies[0].rule(&Field::Other("notes".into())), Some(&FieldRule::Join("\n".into())));
    for policy in policies {
        let written = toml::to_string(&policy).expect("TOML");
        assert_eq!(toml::from_str::<MergePolicy>(&written).expect("a policy"), policy);
        let written = postcard::to_stdvec(&policy).expect("bytes");
        assert_eq!(postcard::from_bytes::<MergePolicy>(&written).expect("a policy"), policy);
    }
}

#[test]
fn what_is_said_to_be_refused_is() {
    let rows = DOCUMENT.split("| policy | error |\n|---|---|\n").nth(1).expect("the table");
    let mut count = 0;
    for row in rows.lines().filter(|line| line.starts_with("| `")) {
        let (policy, error) = row.trim_matches(['|', ' ']).split_once("` | ").expect("two cells");
        let refused = toml::from_str::<MergePolicy>(policy.trim_matches('`')).expect_err(policy).to_string();
        assert!(refused.contains(error), "{policy}: {refused}");
        count += 1;
    }
    assert_eq!(count, 12);
}

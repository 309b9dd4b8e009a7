//! The operations of the workspace around contacts and merges, with the arguments that each takes.

use serde::Deserialize;

use crate::workspace::act::{Act, Actor};
use crate::workspace::protocol::Protocol;
use crate::workspace::protocol::answer::Answer;
use crate::workspace::protocol::arguments::Arguments;
use crate::workspace::protocol::refusal::Refusal;
use crate::workspace::roles::Role;

/// What carries an operation out.
type Run = fn(&mut Protocol, &Arguments<'_>, &Act, &mut Answer) -> Result<(), Refusal>;

/// An operation.
pub(super) struct Further {
    pub(super) name: &'static str,
    pub(super) required: &'static [&'static str],
    pub(super) optional: &'static [&'static str],
    pub(super) run: Run,
}

const fn further(
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    run: Run,
) -> Further {
    Further { name, required, optional, run }
}

const SELECTION: &[&str] = &["contacts", "filter", "segment", "all"];
const MERGE_OPTIONS: &[&str] = &["set", "take", "allow_apart", "allow_blocked"];

/// Every such operation; each also takes `now` and `actor`.
pub(super) const FURTHER: [Further; 53] = [
    further("act", &[], &[], Protocol::act_from_now_on),
    further(
        "settings",
        &[],
        &["region", "region_from_country", "plus_tags", "gmail_dots", "identifiers", "min_strength", "policy"],
        Protocol::settings,
    ),
    further("get", &["id"], &[], Protocol::get),
    further("details", &["id"], &[], Protocol::details),
    further("set_field", &["id", "field", "value"], &[], Protocol::set_field),
    further("suggestion", &["id"], &[], Protocol::suggestion),
    further("suggestions", &[], &["after", "most"], Protocol::suggestions),
    further("counts", &[], &[], Protocol::counts),
    further("why", &["a", "b"], &[], Protocol::why),
    further("alike", &["contact"], &[], Protocol::alike),
    further("matches_blocked", &["contact"], &[], Protocol::matches_blocked),
    further("common_keys", &[], &[], Protocol::common_keys),
    further("blocked", &[], &[], Protocol::blocked),
    further("preview_merge", &["into", "retire"], MERGE_OPTIONS, Protocol::preview_merge),
    further("merge_with", &["merge", "into", "retire"], MERGE_OPTIONS, Protocol::merge_with),
    further("history", &[], &["after", "most"], Protocol::history),
    further("events", &[], &["most", "keep"], Protocol::events),
    further("acknowledge", &["through"], &[], Protocol::acknowledge),
    further("load", &["state", "config"], &[], Protocol::load),
    further("definitions", &[], &[], Protocol::definitions),
    further("define_field", &["name", "type"], &["preview"], Protocol::define_field),
    further("remove_definition", &["name"], &["preview"], Protocol::remove_definition),
    further("order_fields", &["fields"], &[], Protocol::order_fields),
    further("tags", &[], &["find"], Protocol::tags),
    further("create_tag", &["tag"], &[], Protocol::create_tag),
    further("assign_tags", &["contacts", "tags"], &[], Protocol::assign_tags),
    further("remove_tags", &["contacts", "tags"], &[], Protocol::remove_tags),
    further("rename_tag", &["tag", "to"], &["preview"], Protocol::rename_tag),
    further("delete_tag", &["tag"], &["preview"], Protocol::delete_tag),
    further("accounts", &[], &[], Protocol::accounts),
    further("set_account", &["account", "kind"], &["title"], Protocol::set_account),
    further("remove_account", &["account"], &[], Protocol::remove_account),
    further("channels", &["id"], &[], Protocol::channels),
    further("remove_channel", &["id", "account"], &["identity"], Protocol::remove_channel),
    further("send", &["id", "account"], &[], Protocol::send),
    further("receive", &["id"], &["account", "identity"], Protocol::receive),
    further("monthly_active", &["from", "to"], &[], Protocol::monthly_active),
    further("forget_activity", &["before"], &[], Protocol::forget_activity),
    further("permissions", &[], &[], Protocol::permissions),
    further("offered", &["selected"], &[], Protocol::offered),
    further("segments", &[], &[], Protocol::segments),
    further("save_segment", &["segment", "filter"], &[], Protocol::save_segment),
    further("delete_segment", &["segment"], &[], Protocol::delete_segment),
    further("select", &[], SELECTION, Protocol::select),
    further("begin_deletion", &["confirmed"], SELECTION, Protocol::begin_deletion),
    further("continue_deletion", &["deletion", "at_most"], &[], Protocol::continue_deletion),
    further("stop_deletion", &["deletion"], &[], Protocol::stop_deletion),
    further("deletions", &[], &[], Protocol::deletions),
    further("export", &["format"], SELECTION, Protocol::export),
    further("import", &["rows"], &["existing"], Protocol::import),
    further("keys", &["id"], &[], Protocol::keys),
    further("made_of", &["id"], &[], Protocol::made_of),
    further("state", &[], &[], Protocol::state),
];

/// Who does something, as the protocol says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActorForm {
    name: Box<str>,
    role: Option<Role>,
    #[serde(default)]
    restricted: bool,
}

impl Protocol {
    /// Who does an operation, and when: as `now` and `actor` say or, where they are not given, as before.
    pub(super) fn acting(&self, given: &Arguments<'_>) -> Result<Act, Refusal> {
        let mut act = self.act.clone();
        act.at = given.read("now")?.unwrap_or(act.at);
        if let Some(ActorForm { name, role, restricted }) = given.read("actor")? {
            act.by = name;
            act.actor = role.map_or(Actor::Host, |role| Actor::User { role, is_restricted: restricted });
        }
        Ok(act)
    }

    fn act_from_now_on(&mut self, _: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        self.act = act.clone();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_an_example_of_each_operation() {
        let document = include_str!("../../../docs/protocol.md");
        for Further { name, required, optional, .. } in &FURTHER {
            assert!(document.contains(&format!("{{\"op\": \"{name}\"")), "{name} has no example");
            for argument in required.iter().chain(*optional) {
                assert!(document.contains(*argument), "{argument} of {name} is not documented");
            }
        }
    }

    #[test]
    fn no_operation_is_there_twice() {
        let mut names: Vec<&str> = FURTHER.iter().map(|further| further.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FURTHER.len());
    }
}

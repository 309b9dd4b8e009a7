//! One contact workspace, slow on purpose and obviously right: every question looks at every pair, every undo works on
//! a copy of everything. It shares no code with the library.

mod arguments;
mod merging;
pub mod sequences;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use arguments::Arguments;

/// Why an operation is refused.
pub type Code = &'static str;
pub type Record = Map<String, Value>;
type Key = (&'static str, String);

const BAD_REQUEST: Code = "BadRequest";

#[derive(Clone)]
struct Person {
    record: Record,
    made_of: BTreeSet<String>,
    head: Option<String>,
}

/// Two ids, what both shared then (`None`: whatever they share), and the merge that carried the distinct mark.
#[derive(Clone)]
struct DistinctPair(String, String, Option<BTreeSet<Key>>, Option<String>);

#[derive(Clone)]
struct Merge {
    ids: Vec<String>,
    undone: bool,
    after: Record,
    before: BTreeMap<String, (Person, bool)>,
}

#[derive(Clone)]
pub struct Model {
    max_holders: i64,
    max_members: i64,
    ignore: Vec<String>,
    live: BTreeMap<String, Person>,
    merged: BTreeMap<String, String>,
    deleted: BTreeSet<String>,
    blocked: BTreeSet<String>,
    distinct: Vec<DistinctPair>,
    merges: BTreeMap<String, Merge>,
}

fn need(condition: bool, code: Code) -> Result<(), Code> {
    if condition { Ok(()) } else { Err(code) }
}

fn pairs<T: Clone>(items: &[T]) -> Vec<(T, T)> {
    let later = |at: usize| items[at + 1..].iter().map(move |other| (items[at].clone(), other.clone()));
    (0..items.len()).flat_map(later).collect()
}

impl Model {
    pub fn new() -> Self {
        Self {
            max_holders: 25,
            max_members: 50,
            ignore: Vec::new(),
            live: BTreeMap::new(),
            merged: BTreeMap::new(),
            deleted: BTreeSet::new(),
            blocked: BTreeSet::new(),
            distinct: Vec::new(),
            merges: BTreeMap::new(),
        }
    }

    /// The answers to some lines, each with the whole state.
    pub fn run(lines: &[String]) -> Vec<Value> {
        let mut model = Self::new();
        let is_said = |line: &&String| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        lines.iter().filter(is_said).enumerate().map(|(place, line)| model.answer(place, line)).collect()
    }

    /// An answer as far as the model has a say in it: with what has no order in a fixed one, and without what refusals and
    /// notices say for people.
    pub fn comparable(mut answer: Value) -> Value {
        let members = answer.as_object_mut().expect("an object");
        for name in ["request", "why", "field", "contact", "merge", "by", "notices"] {
            members.remove(name);
        }
        for name in ["lost", "conflicts"] {
            if let Some(items) = members.get_mut(name).and_then(Value::as_array_mut) {
                items.sort_by_key(Value::to_string);
            }
        }
        answer
    }

    /// The names of merges, and whether each was undone.
    pub fn merges(&self) -> Vec<(String, bool)> {
        self.merges.iter().map(|(name, merge)| (name.clone(), merge.undone)).collect()
    }

    pub fn live_ids(&self) -> Vec<String> {
        self.live.keys().cloned().collect()
    }

    pub fn answer(&mut self, place: usize, line: &str) -> Value {
        let mut members = match serde_json::from_str(line) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        let op = members.remove("op").unwrap_or(Value::Null);
        let mut answer = json!({"i": place, "op": op});
        let said = Arguments::of(op.as_str().unwrap_or_default(), members);
        match said.and_then(|arguments| self.carry_out(op.as_str().unwrap_or_default(), &arguments)) {
            Ok(more) => {
                answer["ok"] = json!(true);
                answer.as_object_mut().expect("an object").extend(more);
            }
            Err(code) => answer["error"] = json!(code),
        }
        answer.as_object_mut().expect("an object").extend(self.state());
        answer
    }

    fn carry_out(&mut self, op: &str, arguments: &Arguments) -> Result<Record, Code> {
        let nothing = Ok(Map::new());
        match op {
            "add" => self.add(arguments)?,
            "edit" => self.edit(arguments)?,
            "delete" => self.delete(&arguments.id("id"))?,
            "block" => {
                let id = arguments.id("id");
                self.alive(&id)?;
                self.blocked.insert(id);
            }
            "unblock" => {
                let id = arguments.id("id");
                self.alive(&id)?;
                self.blocked.remove(&id);
            }
            "mark_distinct" | "clear_distinct" => {
                let (a, b) = (arguments.id("a"), arguments.id("b"));
                self.alive(&a)?;
                self.alive(&b)?;
                need(a != b, "SameContact")?;
                if op == "mark_distinct" {
                    self.mark_distinct(&a, &b, arguments.says("forever"))
                } else {
                    let all = self.all_pairs(&a, &b);
                    self.distinct.retain(|mark| !all.contains(&(mark.0.clone(), mark.1.clone())));
                }
            }
            "resolve" => return Ok(self.resolve(&arguments.id("id"))),
            "merge" => return self.merge_asked(arguments),
            "undo" => return self.undo(arguments),
            "config" => self.config(arguments),
            _ => {}
        }
        nothing
    }

    fn config(&mut self, arguments: &Arguments) {
        self.max_holders =
            arguments.get("max_holders").map_or(self.max_holders, |limit| limit.as_i64().expect("a number"));
        self.max_members =
            arguments.get("max_members").map_or(self.max_members, |limit| limit.as_i64().expect("a number"));
        if arguments.get("ignore").is_some() {
            self.ignore = arguments.list("ignore");
        }
    }

    // ---- suggestions ----

    fn keys(&self, id: &str) -> BTreeSet<Key> {
        let record = &self.live[id].record;
        let of = |kind: &'static str, field: &str| -> Vec<Key> {
            let values = record.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
            values.iter().map(|value| (kind, value.as_str().expect("text").to_owned())).collect()
        };
        let all = of("email", "emails").into_iter().chain(of("phone", "phones"));
        all.filter(|(_, value)| !value.is_empty() && !self.ignore.contains(value)).collect()
    }

    fn shared(&self, a: &str, b: &str) -> BTreeSet<Key> {
        self.keys(a).intersection(&self.keys(b)).cloned().collect()
    }

    fn active(&self) -> Vec<String> {
        self.live.keys().filter(|id| !self.blocked.contains(*id)).cloned().collect()
    }

    fn holders(&self, key: &Key) -> Vec<String> {
        self.active().into_iter().filter(|id| self.keys(id).contains(key)).collect()
    }

    fn is_usable(&self, key: &Key) -> bool {
        self.holders(key).len() as i64 <= self.max_holders
    }

    fn all_pairs(&self, a: &str, b: &str) -> BTreeSet<(String, String)> {
        let parts = |id: &str| self.live[id].made_of.clone();
        let of = |x: &String| parts(b).into_iter().map(|y| (x.min(&y).clone(), x.max(&y).clone())).collect::<Vec<_>>();
        parts(a).iter().flat_map(of).collect()
    }

    fn distinct(&self, a: &str, b: &str) -> bool {
        let all = self.all_pairs(a, b);
        let mut said =
            self.distinct.iter().filter(|DistinctPair(x, y, ..)| all.contains(&(x.clone(), y.clone()))).peekable();
        if said.peek().is_none() {
            return false;
        }
        let usable: BTreeSet<Key> = self.shared(a, b).into_iter().filter(|key| self.is_usable(key)).collect();
        said.any(|DistinctPair(_, _, seen, _)| seen.as_ref().is_none_or(|seen| usable.is_subset(seen)))
    }

    /// The groups, each with its evidence, and the keys that too many hold.
    fn suggestions(&self) -> (Vec<Value>, Vec<Value>) {
        let active = self.active();
        let keys: BTreeSet<Key> = active.iter().flat_map(|id| self.keys(id)).collect();
        let usable: Vec<(Key, Vec<String>)> =
            keys.iter().filter(|key| self.is_usable(key)).map(|key| (key.clone(), self.holders(key))).collect();
        let are_linked = |a: &String, b: &String| {
            usable.iter().any(|(_, holders)| holders.contains(a) && holders.contains(b)) && !self.distinct(a, b)
        };
        let edges: Vec<(String, String)> = pairs(&active).into_iter().filter(|(a, b)| are_linked(a, b)).collect();
        let mut groups: Vec<BTreeSet<String>> = active.iter().map(|id| BTreeSet::from([id.clone()])).collect();
        for (a, b) in &edges {
            let (joined, rest): (Vec<_>, Vec<_>) =
                groups.into_iter().partition(|group| group.contains(a) || group.contains(b));
            groups = rest;
            groups.push(joined.into_iter().flatten().collect());
        }
        groups.sort();
        let describe = |group: &BTreeSet<String>| {
            let members: Vec<String> = group.iter().cloned().collect();
            let distinct: Vec<_> = pairs(&members).into_iter().filter(|(a, b)| self.distinct(a, b)).collect();
            let evidence = usable.iter().filter_map(|((kind, value), holders)| {
                let inside: Vec<String> = holders.iter().filter(|id| group.contains(*id)).cloned().collect();
                let links = pairs(&inside).iter().any(|pair| edges.contains(pair));
                links.then(|| json!([kind, value, inside]))
            });
            let evidence: Vec<Value> = evidence.collect();
            let oversized = members.len() as i64 > self.max_members;
            json!({"members": members, "apart": distinct, "evidence": evidence, "oversized": oversized})
        };
        let found = groups.iter().filter(|group| group.len() > 1).map(describe).collect();
        let common = keys.iter().filter(|key| !self.is_usable(key));
        (found, common.map(|key| json!([key.0, key.1, self.holders(key).len()])).collect())
    }

    fn are_suggested(&self, ids: &[String]) -> bool {
        let (found, _) = self.suggestions();
        found.iter().any(|group| ids.iter().all(|id| group["members"].as_array().expect("a list").contains(&json!(id))))
    }

    fn state(&self) -> Record {
        let (suggestions, common) = self.suggestions();
        let contacts: Record = self.live.iter().map(|(id, one)| (id.clone(), json!(one.record))).collect();
        let merge = |merge: &Merge| json!({"into": merge.ids[0], "retired": merge.ids[1..], "undone": merge.undone});
        let merges: Record = self.merges.iter().map(|(name, one)| (name.clone(), merge(one))).collect();
        let state = json!({
            "suggestions": suggestions, "common_keys": common, "blocked": self.blocked, "contacts": contacts,
            "merges": merges,
        });
        state.as_object().expect("an object").clone()
    }

    // ---- contacts ----

    fn alive(&self, id: &str) -> Result<(), Code> {
        need(!self.merged.contains_key(id), "MergedAway")?;
        need(!self.deleted.contains(id), "Deleted")?;
        need(self.live.contains_key(id), "UnknownContact")
    }

    fn add(&mut self, arguments: &Arguments) -> Result<(), Code> {
        let id = arguments.id("id");
        need(!self.live.contains_key(&id), "DuplicateId")?;
        need(!self.merged.contains_key(&id), "MergedAway")?;
        let mut record = arguments.fields("contact");
        self.deleted.remove(&id);
        if record.remove("blocked") == Some(json!(true)) {
            self.blocked.insert(id.clone());
        }
        self.live.insert(id.clone(), Person { record, made_of: BTreeSet::from([id]), head: None });
        Ok(())
    }

    fn edit(&mut self, arguments: &Arguments) -> Result<(), Code> {
        let id = arguments.id("id");
        self.alive(&id)?;
        let (fields, unset) = (arguments.fields("set"), arguments.list("unset"));
        need(!fields.contains_key("blocked") && !unset.contains(&"blocked".to_owned()), BAD_REQUEST)?;
        let record = &mut self.live.get_mut(&id).expect("live").record;
        record.extend(fields);
        unset.iter().for_each(|name| drop(record.remove(name)));
        Ok(())
    }

    fn delete(&mut self, id: &str) -> Result<(), Code> {
        self.alive(id)?;
        let ids = self.live[id].made_of.clone();
        self.merges.retain(|_, merge| !merge.ids.iter().any(|id| ids.contains(id)));
        self.merged.retain(|from, _| !ids.contains(from));
        self.distinct.retain(|mark| !ids.contains(&mark.0) && !ids.contains(&mark.1));
        self.live.remove(id);
        self.blocked.remove(id);
        self.deleted.extend(ids);
        Ok(())
    }

    fn mark_distinct(&mut self, a: &str, b: &str, forever: bool) {
        let seen = (!forever).then(|| self.shared(a, b));
        let all = self.all_pairs(a, b);
        self.distinct.extend(all.into_iter().map(|(x, y)| DistinctPair(x, y, seen.clone(), None)));
    }

    fn now(&self, id: &str) -> String {
        let mut at = id;
        while let Some(into) = self.merged.get(at) {
            at = into;
        }
        at.to_owned()
    }

    fn resolve(&self, id: &str) -> Record {
        let at = self.now(id);
        let resolved = match () {
            () if self.live.contains_key(&at) => json!({"live": at}),
            () if self.deleted.contains(&at) => json!({"deleted": at}),
            () => json!("unknown"),
        };
        Map::from_iter([("resolved".to_owned(), resolved)])
    }
}

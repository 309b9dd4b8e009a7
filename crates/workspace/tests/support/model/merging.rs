//! Merging, and undoing on copies of everything.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::{Code, DistinctPair, Merge, Model, Person, Record, need, pairs};

fn is_empty(value: &Value) -> bool {
    [json!(null), json!(""), json!([]), json!({})].contains(value)
}

fn is_time(field: &str) -> bool {
    matches!(field, "created_at" | "updated_at")
}

fn names<'a>(records: impl IntoIterator<Item = &'a Record>) -> BTreeSet<String> {
    records.into_iter().flat_map(|record| record.keys().cloned()).collect()
}

/// What merging some records gives, the survivor's first, and the values that got lost.
pub fn combine(all: &[(String, Record)]) -> (Record, Vec<Value>) {
    let updated = |record: &Record| record.get("updated_at").and_then(Value::as_i64).unwrap_or(0);
    let mut order: Vec<&(String, Record)> = all.iter().collect();
    order[1..].sort_by_key(|(id, record)| (Reverse(updated(record)), id.clone()));
    let (mut out, mut lost) = (Map::new(), Vec::new());
    for field in names(all.iter().map(|(_, record)| record)) {
        let have: Vec<(&String, &Value)> =
            order.iter().filter_map(|(id, record)| Some((id, record.get(&field)?))).collect();
        let said = || have.iter().map(|(_, value)| *value).filter(|value| !value.is_null());
        let value = match said().next() {
            _ if field == "created_at" => json!(said().filter_map(Value::as_i64).min()),
            _ if field == "updated_at" => json!(said().filter_map(Value::as_i64).max()),
            Some(Value::Array(_)) => {
                let mut united: Vec<&Value> = Vec::new();
                for item in said().flat_map(|list| list.as_array().expect("a list")) {
                    if !united.contains(&item) {
                        united.push(item);
                    }
                }
                json!(united)
            }
            Some(Value::Object(_)) => {
                let mut united = Map::new();
                for (id, map) in have.iter().filter_map(|(id, value)| Some((id, value.as_object()?))) {
                    for (key, value) in map {
                        match united.get(key) {
                            Some(kept) if !is_empty(kept) => {
                                if !is_empty(value) && value != kept {
                                    lost.push(json!([id, format!("{field}.{key}"), value]));
                                }
                            }
                            _ => drop(united.insert(key.clone(), value.clone())),
                        }
                    }
                }
                Value::Object(united)
            }
            _ => {
                let full = || have.iter().filter(|(_, value)| !is_empty(value));
                let kept = full().next().unwrap_or(&have[0]).1;
                lost.extend(full().filter(|(_, value)| *value != kept).map(|(id, value)| json!([id, field, value])));
                kept.clone()
            }
        };
        out.insert(field, value);
    }
    (out, lost)
}

/// What is now, without what the merge did, and notes on what both did.
pub fn three_way(after: &Record, back: &Record, now: &Record, notes: &mut Vec<Value>) -> Record {
    let mut out = Map::new();
    for field in names([after, back, now]) {
        let [a, b, c] = [after, back, now].map(|record| record.get(&field));
        let kind = [c, a, b].into_iter().flatten().find(|value| !value.is_null());
        let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
        let map = |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_default();
        let value = match kind {
            _ if a == c => b.cloned(),
            Some(Value::Array(_)) => {
                let [a, b, c] = [a, b, c].map(list);
                let stay = c.iter().filter(|item| b.contains(item) || !a.contains(item));
                let return_ = b.iter().filter(|item| !a.contains(item) && !c.contains(item));
                let gone = a.iter().filter(|item| !c.contains(item) && !b.contains(item));
                notes.extend(gone.map(|item| json!([field, item, "removed since"])));
                Some(stay.chain(return_).cloned().collect())
            }
            Some(Value::Object(_)) => {
                let [a, b, c] = [a, b, c].map(map);
                let picked = names([&a, &b, &c]).into_iter().filter_map(|key| {
                    let name = format!("{field}.{key}");
                    Some((key.clone(), pick([a.get(&key), b.get(&key), c.get(&key)], notes, &name)?))
                });
                Some(Value::Object(picked.collect()))
            }
            _ if is_time(&field) => pick([a, b, c], &mut Vec::new(), &field),
            _ => pick([a, b, c], notes, &field),
        };
        let is_bare = |value: &Value| *value == json!([]) || *value == json!({});
        if let Some(value) = value.filter(|value| !is_bare(value) || b.is_some() || c.is_some_and(is_bare)) {
            out.insert(field, value);
        }
    }
    out
}

fn pick([after, back, now]: [Option<&Value>; 3], notes: &mut Vec<Value>, name: &str) -> Option<Value> {
    if now == after {
        return back.cloned();
    }
    if now != back && after != back {
        notes.push(json!([name, now, "edited since"]));
    }
    now.cloned()
}

impl Model {
    pub(super) fn merge_asked(&mut self, arguments: &Arguments) -> Result<Record, Code> {
        let name = arguments.id("merge");
        need(!self.merges.contains_key(&name), "DuplicateMergeId")?;
        let mut ids = arguments.list("retire");
        need(!ids.is_empty(), "NothingToMerge")?;
        ids.sort();
        ids.insert(0, arguments.id("into"));
        need(ids.iter().collect::<BTreeSet<_>>().len() == ids.len(), "SameContact")?;
        ids.iter().try_for_each(|id| self.alive(id))?;
        let may = |what: &str| arguments.says(what);
        need(may("allow_blocked") || !ids.iter().any(|id| self.blocked.contains(id)), "Blocked")?;
        need(may("allow_apart") || !pairs(&ids).iter().any(|(a, b)| self.distinct(a, b)), "Apart")?;
        let lost = self.merge(&name, ids);
        Ok(Map::from_iter([("lost".to_owned(), json!(lost))]))
    }

    fn merge(&mut self, name: &str, ids: Vec<String>) -> Vec<Value> {
        let into = ids[0].clone();
        let is_stranger = |other: &&String| !ids.contains(other) && ids.iter().any(|id| self.distinct(id, other));
        let strangers: Vec<String> = self.live.keys().filter(is_stranger).cloned().collect();
        let records: Vec<(String, Record)> = ids.iter().map(|id| (id.clone(), self.live[id].record.clone())).collect();
        let (after, lost) = combine(&records);
        let before: BTreeMap<String, (Person, bool)> =
            ids.iter().map(|id| (id.clone(), (self.live[id].clone(), self.blocked.contains(id)))).collect();
        if before.values().any(|(_, blocked)| *blocked) {
            self.blocked.retain(|id| !ids.contains(id));
            self.blocked.insert(into.clone());
        }
        let made_of = before.values().flat_map(|(person, _)| person.made_of.clone()).collect();
        for id in &ids[1..] {
            self.merged.insert(id.clone(), into.clone());
            self.live.remove(id);
        }
        self.live.insert(into.clone(), Person { record: after.clone(), made_of, head: Some(name.to_owned()) });
        for other in strangers {
            let (x, y) = (into.clone().min(other.clone()), into.clone().max(other.clone()));
            self.distinct.push(DistinctPair(x, y, Some(self.shared(&into, &other)), Some(name.to_owned())));
        }
        self.merges.insert(name.to_owned(), Merge { ids, undone: false, after, before });
        lost
    }

    /// The merges above one, the newest first, found by taking them off a copy.
    fn above(&self, name: &str) -> Vec<String> {
        let mut copy = self.clone();
        let mut above = Vec::new();
        loop {
            let top = copy.live[&copy.now(&copy.merges[name].ids[0])].head.clone().expect("a merge");
            if top == name {
                return above;
            }
            copy.undo_top(&top, "keep", false).expect("nothing refuses to keep");
            above.push(top);
        }
    }

    pub(super) fn undo(&mut self, arguments: &Arguments) -> Result<Record, Code> {
        let name = arguments.id("merge");
        need(self.merges.contains_key(&name), "UnknownMerge")?;
        need(!self.merges[&name].undone, "AlreadyUndone")?;
        let word = |what: &str, usual: &str| {
            arguments.get(what).map_or(usual, |word| word.as_str().expect("a word")).to_owned()
        };
        let (edits, later) = (word("edits", "keep"), word("later", "refuse"));
        let above = self.above(&name);
        need(above.is_empty() || later != "refuse", "Superseded")?;
        let mut copy = self.clone();
        let (mut conflicts, mut replayed, mut again) = (Vec::new(), Vec::new(), Vec::new());
        for top in &above {
            let merge = copy.merges[top].clone();
            let now = copy.live[&merge.ids[0]].record.clone();
            let notes = copy.undo_top(top, if later == "replay" { "overwrite" } else { &edits }, false)?;
            conflicts.extend(notes.into_iter().filter(|_| later == "undo" || edits == "overwrite"));
            again.push((top.clone(), merge, now));
        }
        conflicts.extend(copy.undo_top(&name, &edits, arguments.says("distinct"))?);
        for (top, merge, now) in again.into_iter().rev().filter(|_| later == "replay") {
            replayed.push(json!([top, copy.are_suggested(&merge.ids)]));
            copy.merges.remove(&top);
            copy.merge(&top, merge.ids.clone());
            if edits != "overwrite" {
                let person = copy.live.get_mut(&merge.ids[0]).expect("live");
                person.record = three_way(&merge.after, &person.record, &now, &mut Vec::new());
            }
        }
        *self = copy;
        let answer = json!({"conflicts": conflicts, "replayed": replayed});
        Ok(answer.as_object().expect("an object").clone())
    }

    fn undo_top(&mut self, name: &str, edits: &str, distinct: bool) -> Result<Vec<Value>, Code> {
        let Merge { ids, after, before, .. } = self.merges[name].clone();
        let into = &ids[0];
        let now = self.live[into].record.clone();
        let back = &before[into].0.record;
        let mut notes = Vec::new();
        let mut record = three_way(&after, back, &now, &mut notes);
        need(edits != "refuse" || notes.is_empty(), "EditedSince")?;
        if edits == "overwrite" {
            record = back.clone();
            let edited = names([&now, &after]).into_iter().filter(|field| !is_time(field));
            let edited = edited.filter(|field| now.get(field) != after.get(field));
            notes = edited.map(|field| json!([field, now.get(&field), "overwritten"])).collect();
        }
        let (is_blocked, was_blocked) = (self.blocked.contains(into), before.values().any(|(_, blocked)| *blocked));
        for (id, (person, blocked)) in &before {
            self.live.insert(id.clone(), person.clone());
            self.merged.remove(id);
            let stays_blocked = if is_blocked == was_blocked { *blocked } else { is_blocked };
            if stays_blocked {
                self.blocked.insert(id.clone());
            } else {
                self.blocked.remove(id);
            }
        }
        self.live.get_mut(into).expect("live").record = record;
        self.distinct.retain(|mark| mark.3.as_deref() != Some(name));
        let merge = self.merges.get_mut(name).expect("a merge");
        *merge = Merge { ids: ids.clone(), undone: true, after: Map::new(), before: BTreeMap::new() };
        for (a, b) in pairs(&ids).into_iter().filter(|_| distinct) {
            self.mark_distinct(&a, &b, false);
        }
        Ok(notes)
    }
}

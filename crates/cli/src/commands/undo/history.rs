//! The merges of all runs: which are in force, which build on others, and their undo.

use std::collections::{BTreeSet, HashMap, HashSet};

use onefold::Edits;
use onefold_files::Input;

use crate::arguments::undo::UndoCommandArguments;
use crate::commands::id_lists;
use crate::commands::undo::current_rows::{CurrentRows, RowKey, Spot, key_of};
use crate::commands::undo::row_positions::{Places, without};
use crate::commands::undo::survivor::restore;
use crate::failure::Failure;
use crate::patch_file::{FileMerge, MergeRun, Original};
use crate::report::Report;

/// The merges of several runs, the first run first.
pub struct MergeHistory<'a> {
    runs: &'a [MergeRun],
    places: Places,
    edits: Edits,
    // The merges to undo, or None for all.
    named: Option<BTreeSet<String>>,
    // The positions in the first file of the missing rows.
    gone: BTreeSet<usize>,
    // The same before the undo, in order.
    gone_at_first: Vec<usize>,
    undone: usize,
    // The number of undone merges whose row was unchanged.
    unedited: usize,
    undone_before: usize,
    contacts_restored: usize,
    conflicts: usize,
}

/// The file whose merges are undone.
pub struct File<'a> {
    /// The current rows.
    pub current: CurrentRows<'a>,
    /// The text.
    pub content: &'a [u8],
    /// Reads and writes rows in the format of the file.
    pub rows: Input,
    /// The name.
    pub name: &'a str,
}

impl File<'_> {
    /// Returns the places of the rows of a merge that were restored, or of others with their ids.
    fn first(&self, merged: &FileMerge) -> String {
        let rows = merged.rows().skip(1).filter(|row| !row.is_made);
        let spots = rows.flat_map(|row| self.current.rows_of(&key_of(merged, row), row, &[]));
        lines(&self.current, &spots.copied().collect::<Vec<Spot>>())
    }

    /// Reports a row that is still as a merge wrote it although the retired rows are present.
    fn merged_survivor(&self, merged: &FileMerge) -> Option<String> {
        let (id, original) = (&merged.survivor.contact, &merged.survivor);
        if merged.written == original.bytes {
            return None;
        }
        let found = self.current.rows_of(&key_of(merged, original), original, &merged.written);
        // Rows without an id are recognised by their bytes, which a restored row may share.
        let is_alike = |row: &&Original| row.is_made && row.bytes == merged.written;
        if original.is_made && found.len() <= merged.rows().skip(1).filter(is_alike).count() {
            return None;
        }
        let spot = found.iter().find(|spot| self.current.bytes(**spot, self.content) == merged.written)?;
        let line = lines(&self.current, &[*spot]);
        Some(format!("{} has the row of contact {id:?} still as the merge wrote it{line}", self.name))
    }

    /// Reports a row that has the id of a retired row, if there is one.
    fn other_row(&mut self, merged: &FileMerge) -> Option<String> {
        for (number, original) in merged.retired.iter().enumerate().filter(|(_, row)| !row.is_made) {
            let id = &original.contact;
            let found = self.current.rows_of(&key_of(merged, original), original, &original.bytes);
            let place = lines(&self.current, found);
            if found.len() > original.alike + 1 {
                return Some(format!("{} has several rows of contact {id:?}{place}", self.name));
            }
            let is_same = found.iter().any(|spot| self.current.bytes(*spot, self.content) == original.bytes);
            let patch = if is_same { None } else { merged.patch().ok() };
            let image = patch.as_ref().and_then(|patch| patch.retired().get(number));
            let is_as_it_was = is_same
                || found.iter().any(|spot| {
                    let row = self.rows.reread(self.current.bytes(*spot, self.content));
                    row.is_some_and(|row| Some(&row.contact) == image)
                });
            if !is_as_it_was {
                let name = self.name;
                return Some(format!("{name} has another row under the id of contact {id:?}{place}"));
            }
        }
        None
    }
}

/// Returns the lines of some rows for the end of a message.
fn lines(current: &CurrentRows<'_>, spots: &[Spot]) -> String {
    let lines: BTreeSet<u64> = spots.iter().filter_map(|spot| current.line(*spot)).collect();
    let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!(", in line {line}"),
        lines => format!(", in lines {}", lines.join(", ")),
    }
}

/// A participant of a merge: a contact by its id, or a row without an id by its position.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Participant {
    Contact(RowKey),
    Place(usize),
}

/// The state of a merge.
enum State {
    /// In force: none of its retired rows is present.
    InForce,
    /// Undone: all retired rows are present and unchanged.
    Undone,
    /// Unclear, for this reason.
    Unclear(String),
}

impl<'a> MergeHistory<'a> {
    /// Returns the merges of `runs`, of which the arguments name some.
    ///
    /// # Errors
    /// The arguments name an unknown merge.
    pub fn new(runs: &'a [MergeRun], arguments: &UndoCommandArguments) -> Result<Self, Failure> {
        let known = runs.iter().flat_map(|run| &run.merges).map(|merged| merged.id.to_string()).collect();
        let named = match arguments.merge.as_slice() {
            [] => None,
            given => Some(id_lists::named(given, &known, "merge")?),
        };
        Ok(Self {
            runs,
            places: Places::new(runs),
            edits: arguments.edits.into(),
            named,
            gone: BTreeSet::new(),
            gone_at_first: Vec::new(),
            undone: 0,
            unedited: 0,
            undone_before: 0,
            contacts_restored: 0,
            conflicts: 0,
        })
    }

    /// Undoes the merges in force, or the named ones, the last one first.
    ///
    /// # Errors
    /// A merge cannot be undone: a later one builds on it, it was undone before, its survivor is missing, or it was edited and
    /// `--edits refuse` is given.
    pub fn undo_all(&mut self, file: &mut File<'a>, report: &mut Report) -> Result<(), Failure> {
        self.gone = self.gone_at_first(&file.current);
        self.gone_at_first = self.gone();
        // The participants of later merges that stay, and which merges these are.
        let mut later: HashSet<Participant> = HashSet::new();
        let mut staying: HashMap<Participant, &str> = HashMap::new();
        let mut back: BTreeSet<&str> = BTreeSet::new();
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for (number, run) in self.runs.iter().enumerate().rev() {
            for merged in run.merges.iter().rev() {
                let is_named = self.named.as_ref().is_none_or(|named| named.contains(&*merged.id));
                match self.state(number, merged, file, &later) {
                    State::Undone => {
                        back.insert(&*merged.id);
                        self.undone_before += usize::from(is_named);
                    }
                    State::Unclear(what) if is_named => {
                        let id = &merged.id;
                        return Err(Failure::Input(format!("merge {id} cannot be undone: {what}")));
                    }
                    State::InForce if is_named => {
                        self.check_is_last(number, merged, &staying)?;
                        self.restore(number, merged, file, report)?;
                        taken.insert(&*merged.id);
                    }
                    state => {
                        if let State::Unclear(_) = state {
                            // The retired rows are missing, whatever other rows have their ids.
                            let places = merged.retired.iter().map(|row| self.places.in_first(number, row.place));
                            self.gone.extend(places);
                        }
                        staying.extend(
                            self.participants(number, merged).into_iter().map(|participant| (participant, &*merged.id)),
                        );
                    }
                }
            }
            later.extend(run.merges.iter().flat_map(|merged| self.participants(number, merged)));
        }
        match &self.named {
            Some(named) => match named.iter().find(|id| back.contains(id.as_str()) && !taken.contains(id.as_str())) {
                Some(id) => Err(Failure::Usage(format!("merge {id} was undone before"))),
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    /// Returns the positions in the first file of the missing rows, in order.
    pub fn gone(&self) -> Vec<usize> {
        self.gone.iter().copied().collect()
    }

    /// Returns true if merges were undone and none of their rows was unchanged: the patches may belong to another file with the same
    /// ids.
    pub fn is_doubtful(&self) -> bool {
        self.undone > 0 && self.unedited == 0
    }

    /// Returns the counts for the summary.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        let mut counts = vec![("merges undone", self.undone), ("contacts restored", self.contacts_restored)];
        counts.push(("values edited since", self.conflicts));
        if self.undone_before > 0 {
            counts.push(("undone before", self.undone_before));
        }
        counts
    }

    fn gone_at_first(&self, current: &CurrentRows<'_>) -> BTreeSet<usize> {
        let mut gone = BTreeSet::new();
        for (number, run) in self.runs.iter().enumerate() {
            for merged in run.merges.iter().filter(|merged| current.count_back(merged).0 == 0) {
                gone.extend(merged.retired.iter().map(|row| self.places.in_first(number, row.place)));
            }
        }
        gone
    }

    fn participant(&self, run: usize, merged: &FileMerge, original: &Original) -> Participant {
        if original.is_made {
            Participant::Place(self.places.in_first(run, original.place))
        } else {
            Participant::Contact(key_of(merged, original))
        }
    }

    fn participants(&self, run: usize, merged: &FileMerge) -> Vec<Participant> {
        merged.rows().map(|original| self.participant(run, merged, original)).collect()
    }

    /// Returns the state of a merge. A merge whose retired contacts took part in a later merge was undone.
    fn state(&self, run: usize, merged: &FileMerge, file: &mut File<'_>, later: &HashSet<Participant>) -> State {
        // Another one of several rows with its id may have taken part.
        let mut sure = merged.retired.iter().filter(|original| !original.is_made && original.alike == 0);
        if sure.any(|original| later.contains(&self.participant(run, merged, original))) {
            return State::Undone;
        }
        match file.current.count_back(merged) {
            (0, _) => State::InForce,
            (back, all) if back < all => State::Unclear(format!(
                "{back} of its {all} contacts are in {} already{}",
                file.name,
                file.first(merged)
            )),
            _ => {
                let unclear = file.other_row(merged).or_else(|| file.merged_survivor(merged));
                unclear.map_or(State::Undone, State::Unclear)
            }
        }
    }

    fn check_is_last(
        &self,
        run: usize,
        merged: &FileMerge,
        staying: &HashMap<Participant, &str>,
    ) -> Result<(), Failure> {
        let participants = self.participants(run, merged);
        let builders: BTreeSet<&str> =
            participants.iter().filter_map(|participant| staying.get(participant)).copied().collect();
        if builders.is_empty() {
            return Ok(());
        }
        let builders = builders.into_iter().collect::<Vec<_>>().join(", ");
        let id = &merged.id;
        Err(Failure::Usage(format!("merge {id} cannot be undone alone: merge {builders} builds on it; name it too")))
    }

    fn restore(
        &mut self,
        run: usize,
        merged: &'a FileMerge,
        file: &mut File<'a>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let fault = |what: String| Failure::Input(format!("merge {} cannot be undone: {what}", merged.id));
        let spot = self.find(run, merged, file).map_err(fault)?;
        let now = file.current.bytes(spot, file.content);
        self.unedited += usize::from(now == merged.written);
        let restored = restore(&mut file.rows, merged, now, self.edits).map_err(fault)?;
        let id = &merged.survivor.contact;
        if restored.is_unlike {
            return Err(fault(format!(
                "nothing that it wrote is left in the row of contact {id:?}{}: the row is another contact's, or the patches \
                 are not of {}",
                lines(&file.current, &[spot]),
                file.name
            )));
        }
        for conflict in &restored.conflicts {
            report.problem(file.name, 0, &format!("contact {id:?}: {conflict}"));
        }
        for deviation in &restored.deviations {
            report.problem(file.name, 0, deviation);
        }
        for field in &restored.misfits {
            report.problem(
                file.name,
                0,
                &format!("contact {id:?}: {field} is not in the row, which has no place for it"),
            );
        }
        self.conflicts += restored.conflicts.len();
        file.current.replace(spot, file.content, restored.survivor);
        for (original, bytes) in merged.retired.iter().zip(restored.retired) {
            let place = self.places.in_first(run, original.place);
            file.current.bring_back(key_of(merged, original), original, place, bytes);
            self.gone.remove(&place);
            self.contacts_restored += 1;
        }
        self.undone += 1;
        Ok(())
    }

    /// Returns the row of a survivor: by its id or, if it has none, by the bytes that merge wrote, at their position or at the only
    /// other one.
    fn find(&self, run: usize, merged: &FileMerge, file: &File<'_>) -> Result<Spot, String> {
        let File { current, content, name, .. } = file;
        let id = &merged.survivor.contact;
        let found = current.rows_of(&key_of(merged, &merged.survivor), &merged.survivor, &merged.written);
        if !merged.survivor.is_made {
            if found.len() > merged.survivor.alike + 1 {
                let lines = lines(current, found);
                return Err(format!("{name} has several rows of contact {id:?}, which it went into{lines}"));
            }
            let as_written = found.iter().find(|spot| current.bytes(**spot, content) == merged.written);
            return match (as_written, found) {
                (Some(spot), _) => Ok(*spot),
                // Another row had this id from the start, and the remaining one is unknown.
                (None, [spot]) if merged.survivor.alike == 0 => Ok(*spot),
                (None, []) => Err(format!("contact {id:?}, which it went into, is not in {name}")),
                (None, _) => Err(format!(
                    "the row of contact {id:?}, which it went into, was edited since, and others had the same id"
                )),
            };
        }
        let place = self.places.in_first(run, merged.survivor.place);
        let is_there = |spot: &&Spot| match spot {
            Spot::Here(number) => *number == without(&self.gone_at_first, place),
            Spot::Back(number) => current.place_of_back(*number) == Some(place),
        };
        match (found.iter().find(is_there), found) {
            (Some(spot), _) | (None, [spot]) => Ok(*spot),
            (None, []) => {
                Err(format!("the row it wrote has no id and was edited since, so it cannot be found in {name}"))
            }
            (None, _) => Err(format!("the row it wrote has no id, and {name} has several like it")),
        }
    }
}

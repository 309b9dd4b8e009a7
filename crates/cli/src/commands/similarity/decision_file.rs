//! A file of decisions: pairs of contacts, each with `same` or `distinct`.
//!
//! ```csv
//! a,b,decision
//! 17,42,same
//! 17,99,distinct
//! ```
//!
//! JSON Lines have the same names. A column `workspace` is read where there is one, and other columns are ignored. A pair whose
//! decision is empty was not decided yet.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use onefold::contact::ContactPair;
use onefold::similarity::{DecisionError, Decisions, PairDecision};
use onefold_workspace::unguard_cell;
use serde::Deserialize;
use serde_json::Value;

use crate::commands::similarity::contact_list::ContactList;
use crate::failure::Failure;
use crate::report::Report;

/// The workspace and the id of a contact.
type ScopedId = (String, String);

/// The decisions of a file, which do not contradict each other.
#[derive(Debug)]
pub struct DecisionFile {
    name: String,
    rows: Vec<DecisionRow>,
    /// The number of pairs without a decision.
    pub undecided: usize,
}

/// A pair as it is written. The workspace is empty if the row names none.
#[derive(Clone, Debug, PartialEq, Eq)]
struct DecisionRow {
    line: u64,
    workspace: String,
    a: String,
    b: String,
    decision: Option<PairDecision>,
}

/// A row of JSON Lines.
#[derive(Deserialize)]
struct DecisionObject {
    #[serde(default)]
    workspace: Value,
    a: Value,
    b: Value,
    #[serde(default)]
    decision: Value,
}

impl DecisionFile {
    /// Reads a file of decisions.
    ///
    /// # Errors
    /// - The file cannot be read, or has no columns `a`, `b` and `decision`.
    /// - A decision is neither `same` nor `distinct`, or names no contact, or one contact twice.
    /// - Two decisions contradict each other, directly or through others.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let what = || format!("cannot use {name}");
        let text = fs::read_to_string(path).map_err(|error| Failure::caused(what(), error))?;
        let text = text.trim_start_matches('\u{feff}');
        let rows = if text.trim_start().starts_with('{') { of_lines(text, &name) } else { of_table(text, &name) }?;
        let undecided = rows.iter().filter(|row| row.decision.is_none()).count();
        let file = Self { name, rows, undecided };
        file.check()?;
        Ok(file)
    }

    /// Refuses contradictions, by the ids in the file.
    fn check(&self) -> Result<(), Failure> {
        let mut lines: BTreeMap<ContactPair<ScopedId>, (PairDecision, u64)> = BTreeMap::new();
        for row in &self.rows {
            let Some(decision) = row.decision else { continue };
            let id = |id: &String| (row.workspace.clone(), id.clone());
            let (before, line) = *lines.entry(ContactPair::new(id(&row.a), id(&row.b))).or_insert((decision, row.line));
            if before != decision {
                let DecisionRow { a, b, line: later, .. } = row;
                let (name, before, decision) = (&self.name, before.name(), decision.name());
                return Err(Failure::Input(format!(
                    "{name}:{later}: contacts {a} and {b} are {decision} here and {before} in line {line}"
                )));
            }
        }
        let of = |wanted: PairDecision| {
            let pairs = lines.iter().filter(move |(_, (decision, _))| *decision == wanted);
            pairs.map(|(pair, _)| pair.clone())
        };
        let checked = Decisions::from_pairs(of(PairDecision::Same), of(PairDecision::Distinct));
        checked.map(drop).map_err(|error| self.refused(&error))
    }

    fn refused(&self, error: &DecisionError<ScopedId>) -> Failure {
        let name = &self.name;
        Failure::Input(match error {
            DecisionError::Contradiction { pair, chain } => {
                let chain = chain.iter().map(|(_, id)| id.as_str()).collect::<Vec<&str>>().join(", ");
                let (a, b) = (&pair.first().1, &pair.second().1);
                format!("{name}: contacts {a} and {b} are distinct, but {chain} are the same, each as the next")
            }
            DecisionError::SameContact { id: (_, id) } => format!("{name}: contact {id} is decided with itself"),
            other => format!("{name}: {other}"),
        })
    }

    /// Returns the decisions about contacts of the run, by their places, and reports those about others.
    pub fn resolve(&self, contacts: &ContactList, report: &mut Report) -> Vec<(ContactPair<u32>, PairDecision)> {
        let mut resolved = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let Some(decision) = row.decision else { continue };
            let workspace = Some(row.workspace.as_str()).filter(|workspace| !workspace.is_empty());
            // A spreadsheet's copy of `--ask` has guards.
            let place =
                |id: &str| contacts.place(workspace, id).or_else(|| contacts.place(workspace, unguard_cell(id)));
            match (place(&row.a), place(&row.b)) {
                (Some(a), Some(b)) => resolved.push((ContactPair::new(a, b), decision)),
                (a, _) => {
                    let id = if a.is_none() { &row.a } else { &row.b };
                    let problem = format!("there is no contact {id}; the decision is left out");
                    report.problem_of_kind("unknown contact", &self.name, row.line, &problem);
                }
            }
        }
        resolved
    }

    /// Returns the number of pairs with a decision.
    pub fn decided(&self) -> usize {
        self.rows.len() - self.undecided
    }

    /// Returns the name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn of_table(text: &str, name: &str) -> Result<Vec<DecisionRow>, Failure> {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(count);
    let mut table = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| Failure::caused(format!("cannot use {name}"), error);
    let header = table.headers().map_err(unreadable)?.clone();
    let column = |wanted: &str| header.iter().position(|name| name.eq_ignore_ascii_case(wanted));
    let needed = |wanted: &str| {
        column(wanted)
            .ok_or_else(|| Failure::Input(format!("{name} has no column {wanted}; it needs a, b and decision")))
    };
    let (a, b, decision, workspace) = (needed("a")?, needed("b")?, needed("decision")?, column("workspace"));
    let mut rows = Vec::new();
    let (mut line, mut counted) = (1, 0);
    for record in table.records() {
        let record = record.map_err(unreadable)?;
        // The position is that of the line ends before the record, if there are some.
        let start = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or_default());
        let ends = text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        line += text.get(counted..start + ends).map_or(0, |passed| passed.matches('\n').count() as u64);
        counted = start + ends;
        let cell = |column: usize| record.get(column).unwrap_or_default();
        if record.iter().all(str::is_empty) {
            continue;
        }
        let workspace = workspace.map_or("", cell);
        rows.push(row(line, [workspace, cell(a), cell(b), cell(decision)], name)?);
    }
    Ok(rows)
}

fn of_lines(text: &str, name: &str) -> Result<Vec<DecisionRow>, Failure> {
    let mut rows = Vec::new();
    for (line, json) in (1..).zip(text.lines()).filter(|(_, json)| !json.trim().is_empty()) {
        let damaged = || Failure::Input(format!("{name}:{line}: it is no object with a, b and decision"));
        let object: DecisionObject = serde_json::from_str(json).map_err(|_| damaged())?;
        let text = |value: &Value| match value {
            Value::Null => Some(String::new()),
            Value::String(text) => Some(text.trim().to_owned()),
            // An id that is a number is its decimal text.
            Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
            _ => None,
        };
        let DecisionObject { workspace, a, b, decision } = &object;
        let texts: Option<Vec<String>> = [workspace, a, b, decision].into_iter().map(text).collect();
        let texts = texts.ok_or_else(damaged)?;
        let [workspace, a, b, decision] = &texts[..] else { return Err(damaged()) };
        rows.push(row(line, [workspace, a, b, decision], name)?);
    }
    Ok(rows)
}

/// Returns a row from its workspace, ids and decision.
fn row(line: u64, texts: [&str; 4], name: &str) -> Result<DecisionRow, Failure> {
    let [workspace, a, b, decision] = texts;
    if a.is_empty() || b.is_empty() {
        return Err(Failure::Input(format!("{name}:{line}: a decision needs two contacts, a and b")));
    }
    let decision = match decision.to_lowercase().as_str() {
        "" => None,
        word => Some(PairDecision::from_name(word).ok_or_else(|| {
            Failure::Input(format!("{name}:{line}: {decision:?} is no decision; write same or distinct"))
        })?),
    };
    if a == b {
        return Err(Failure::Input(format!("{name}:{line}: contact {a} is decided with itself")));
    }
    Ok(DecisionRow { line, workspace: workspace.to_owned(), a: a.to_owned(), b: b.to_owned(), decision })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_lines_give_the_same_rows() {
        let expected = [
            DecisionRow {
                line: 2,
                workspace: "w".into(),
                a: "1".into(),
                b: "5".into(),
                decision: Some(PairDecision::Same),
            },
            DecisionRow { line: 3, workspace: String::new(), a: "2".into(), b: "3".into(), decision: None },
        ];
        for table in [
            "a,b,decision,workspace\n1,5,Same,w\n2,3,,\n",
            "A;B;Decision;Note;Workspace\r\n 1 ;5;SAME;x, y;w\r\n2;3\r\n;;;;\r\n",
            "decision\tworkspace\ta\tb\nsame\tw\t1\t5\n\t\t2\t3\n",
        ] {
            assert_eq!(of_table(table, "p.csv").expect("rows"), expected, "{table}");
        }
        let lines = "\n{\"a\":1,\"b\":\"5\",\"decision\":\"same\",\"workspace\":\"w\",\"score\":0.5}\n{\"a\":2,\"b\":3,\"decision\":null}\n";
        assert_eq!(of_lines(lines, "p.jsonl").expect("rows"), expected);
    }

    #[test]
    fn what_is_no_decision_is_named() {
        let said = |rows: Result<Vec<DecisionRow>, Failure>| rows.map(|_| ()).map_err(|failure| failure.to_string());
        for (table, sentence) in [
            ("", "p has no column a; it needs a, b and decision"),
            ("a,b\n1,2\n", "p has no column decision; it needs a, b and decision"),
            ("a,b,decision\n1,2,maybe\n", "p:2: \"maybe\" is no decision; write same or distinct"),
            ("a,b,decision\n1,,same\n", "p:2: a decision needs two contacts, a and b"),
            ("a,b,decision\n\n1,1,same\n", "p:3: contact 1 is decided with itself"),
        ] {
            assert_eq!(said(of_table(table, "p")), Err(sentence.to_owned()));
        }
        for line in ["{", "{\"a\":1,\"decision\":\"same\"}", "{\"a\":[1],\"b\":2,\"decision\":\"same\"}", "7"] {
            assert_eq!(said(of_lines(line, "p")), Err("p:1: it is no object with a, b and decision".to_owned()));
        }
    }
}

//! A set of contacts with the truth about who is one person.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use onefold::{Channel, ChannelKind, Contact, Field, Value};

/// Contacts with their true clusters.
pub struct DataSet {
    pub name: String,
    pub contacts: Vec<Contact<u32>>,
    /// The workspace of each contact.
    pub workspaces: Vec<String>,
    /// The number of the person of each contact.
    pub people: Vec<u32>,
    /// The hazards of each contact by the truth file, separated by `;`.
    pub hazards: Vec<String>,
}

/// The contacts that are compared from a large set, so that a run takes minutes.
const MAX_ROWS_OF_LINKAGE: usize = 20_000;

fn open(folder: &Path, name: &str) -> Result<Box<dyn Read>, String> {
    let plain = folder.join(format!("{name}.csv"));
    let packed = folder.join(format!("{name}.csv.gz"));
    let of = |path: &Path| File::open(path).map_err(|error| format!("{}: {error}", path.display()));
    if plain.exists() { Ok(Box::new(of(&plain)?)) } else { Ok(Box::new(GzDecoder::new(of(&packed)?))) }
}

/// The well-known field that a column holds, by its header.
fn field_of(header: &str) -> Option<Field> {
    let custom = |name: &str| Some(Field::Custom(name.into()));
    match header {
        "first_name" => Some(Field::FirstName),
        "last_name" => Some(Field::LastName),
        "country" => Some(Field::Country),
        "full_name" => Some(Field::DisplayName),
        "birthday" | "date_of_birth" | "dob" => custom("birth_date"),
        "first_name_2" | "middle_name" => custom("middle_name"),
        "suburb" | "city" | "municipality" | "town" | "birth_place" => custom("city"),
        "postcode" | "postal_code" | "zip" => custom("postcode"),
        "street_number" => custom("house_number"),
        "address" | "address_1" | "street" => custom("street"),
        "state" | "state_code" => custom("state"),
        "company" | "company_name" => custom("company"),
        "gender" => custom("gender"),
        _ => None,
    }
}

impl DataSet {
    /// Reads `contacts.csv` and `truth.csv` of a folder, plain or packed.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let mut people: HashMap<String, (String, String, bool)> = HashMap::new();
        let mut truth = csv::Reader::from_reader(open(folder, "truth")?);
        let headers = truth.headers().map_err(|error| error.to_string())?.clone();
        let column = |name: &str| headers.iter().position(|header| header == name);
        let (cluster, hazards, kind) = (column("cluster"), column("hazards"), column("match_type"));
        for record in truth.records() {
            let record = record.map_err(|error| error.to_string())?;
            let text = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default().to_owned();
            let is_hopeless = text(kind) == "hard_neg";
            people.insert(record[0].to_owned(), (text(cluster), text(hazards), is_hopeless));
        }
        let mut set = Self { name, contacts: vec![], workspaces: vec![], people: vec![], hazards: vec![] };
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        let mut reader = csv::Reader::from_reader(open(folder, "contacts")?);
        let headers = reader.headers().map_err(|error| error.to_string())?.clone();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let (person, hazards, is_hopeless) = people.get(&record[0]).ok_or("a row without truth")?.clone();
            let (mut contact, workspace) = contact_of(set.contacts.len() as u32, &headers, &record);
            if contact.blocked || is_hopeless {
                continue;
            }
            contact.blocked = false;
            let next = numbers.len() as u32;
            set.people.push(*numbers.entry(person).or_insert(next));
            set.contacts.push(contact);
            set.workspaces.push(workspace);
            set.hazards.push(hazards);
        }
        if folder.parent().is_some_and(|parent| parent.ends_with("linkage")) && set.contacts.len() > MAX_ROWS_OF_LINKAGE
        {
            set.contacts.truncate(MAX_ROWS_OF_LINKAGE);
            set.people.truncate(MAX_ROWS_OF_LINKAGE);
            set.workspaces.truncate(MAX_ROWS_OF_LINKAGE);
            set.hazards.truncate(MAX_ROWS_OF_LINKAGE);
        }
        Ok(set)
    }

    /// Returns the sets below the folder of data, and those in further folders.
    pub fn folders(data: &Path, further: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
        let linkage = data.join("linkage");
        let entries = std::fs::read_dir(&linkage).map_err(|error| format!("{}: {error}", linkage.display()))?;
        let mut folders: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        folders.sort();
        folders.push(data.join("gen/sample_dev_10k"));
        folders.extend(further.iter().cloned());
        Ok(folders)
    }

    /// Returns the number of pairs of contacts that are one person, in one workspace.
    pub fn true_pairs(&self) -> u64 {
        let mut sizes: HashMap<(u32, &str), u64> = HashMap::new();
        for (person, workspace) in self.people.iter().zip(&self.workspaces) {
            *sizes.entry((*person, workspace)).or_default() += 1;
        }
        sizes.values().map(|size| size * (size - 1) / 2).sum()
    }
}

fn contact_of(id: u32, headers: &csv::StringRecord, record: &csv::StringRecord) -> (Contact<u32>, String) {
    let mut contact = Contact::new(id);
    let mut workspace = String::new();
    let (mut kind, mut identity) = ("", "");
    for (header, text) in headers.iter().zip(record).filter(|(_, text)| !text.is_empty()) {
        match header {
            "email" | "secondary_email" => contact = contact.with_email(text),
            "phone" | "secondary_phone" => contact = contact.with_phone(text),
            "account_id" => workspace = text.to_owned(),
            "blocked" => contact.blocked = text == "true",
            "channel" => kind = text,
            "channel_id" => identity = text,
            _ => {
                if let Some(field) = field_of(header) {
                    contact.fields.entry(field).or_insert_with(|| Value::from(text));
                }
            }
        }
    }
    if kind == "whatsapp" && !identity.is_empty() {
        contact = contact.with_channel(Channel::new(ChannelKind::WhatsApp, "account", identity));
    }
    (contact, workspace)
}

//! The groups of a contact table by a program that an engineer writes by hand in a day. Each thread reads a part of the
//! file, phones are read by `rlibphonenumber` with the row's country as the region, emails in lower case. The keys are
//! spread over the threads by their hash, and the rows of one key are united by `petgraph`.

use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::thread;

use hashbrown::{DefaultHashBuilder, HashMap};
use petgraph::unionfind::UnionFind;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

const BUFFER: usize = 1 << 20;

/// The file, and how its rows are read.
struct Table<'a> {
    path: &'a Path,
    emails: Vec<usize>,
    phones: Vec<usize>,
    country: Option<usize>,
    threads: usize,
    hasher: DefaultHashBuilder,
}

/// The keys of one part of the file, in one list for each thread that finds groups.
struct PartKeys {
    rows: u32,
    partitions: Vec<Vec<RowKey>>,
}

/// A key and its row, counted from the start of the part.
struct RowKey {
    key: String,
    row: u32,
}

/// Two rows with the same key.
struct Link {
    first: u32,
    other: u32,
}

/// Returns the number of groups and the number of contacts in them.
///
/// # Errors
/// - A [`csv::Error`] if the table cannot be read.
pub fn groups_by_hand(path: &Path, threads: usize) -> csv::Result<(usize, usize)> {
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    let positions =
        |names: &[&str]| names.iter().filter_map(|name| header.iter().position(|header| header == *name)).collect();
    let table = Table {
        path,
        emails: positions(&["email", "secondary_email"]),
        phones: positions(&["phone", "secondary_phone"]),
        country: header.iter().position(|header| header == "country"),
        threads,
        hasher: DefaultHashBuilder::default(),
    };
    let parts = parts(path, reader.position().byte(), threads)?;
    let keys = in_parallel(parts, |part| read_keys(&table, part));
    let keys = keys.into_iter().collect::<csv::Result<Vec<PartKeys>>>()?;

    let mut rows = 0;
    let mut partitions: Vec<Vec<PartKeys>> = (0..threads).map(|_| Vec::new()).collect();
    for part in keys {
        for (partition, keys) in partitions.iter_mut().zip(part.partitions) {
            partition.push(PartKeys { rows: part.rows, partitions: vec![keys] });
        }
        rows += part.rows as usize;
    }
    let mut sets = UnionFind::<u32>::new(rows);
    for Link { first, other } in in_parallel(partitions, links).into_iter().flatten() {
        sets.union(first, other);
    }
    let mut sizes = vec![0_usize; rows];
    sets.into_labeling().into_iter().for_each(|first| sizes[first as usize] += 1);
    let groups = sizes.into_iter().filter(|size| *size > 1);
    Ok((groups.clone().count(), groups.sum()))
}

/// Runs `work` on each item in a thread of its own.
fn in_parallel<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = items.into_iter().map(|item| scope.spawn(move || work(item))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread does not panic")).collect()
    })
}

/// Returns parts of about the same size, each of whole rows. A cell in quotes may hold line ends, so that the quotes
/// before a part are counted first.
fn parts(path: &Path, start: u64, threads: usize) -> io::Result<Vec<Range<u64>>> {
    let end = path.metadata()?.len().max(start);
    let cut = |part: usize| start + (end - start) * part as u64 / threads as u64;
    let ranges = (0..threads).map(|part| cut(part)..cut(part + 1)).collect();
    let mut quotes = 0;
    let mut bounds = vec![start];
    for (part, counted) in in_parallel(ranges, |range| count_quotes(path, range)).into_iter().enumerate() {
        quotes += counted?;
        bounds.push(next_row(path, cut(part + 1), quotes % 2 == 1)?);
    }
    Ok(bounds.windows(2).map(|bounds| bounds[0]..bounds[1]).collect())
}

fn count_quotes(path: &Path, range: Range<u64>) -> io::Result<usize> {
    let mut part = open_part(path, range)?;
    let mut buffer = vec![0; BUFFER];
    let mut quotes = 0;
    loop {
        let read = part.read(&mut buffer)?;
        if read == 0 {
            return Ok(quotes);
        }
        quotes += memchr::memchr_iter(b'"', &buffer[..read]).count();
    }
}

/// Returns the start of the first row that begins after `position`, or the end of the file.
fn next_row(path: &Path, position: u64, mut is_quoted: bool) -> io::Result<u64> {
    let mut next = position;
    for byte in BufReader::new(open_part(path, position..u64::MAX)?).bytes() {
        next += 1;
        match byte? {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => break,
            _ => {}
        }
    }
    Ok(next)
}

fn open_part(path: &Path, range: Range<u64>) -> io::Result<io::Take<File>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(range.start))?;
    Ok(file.take(range.end - range.start))
}

fn read_keys(table: &Table<'_>, part: Range<u64>) -> csv::Result<PartKeys> {
    let threads = table.threads;
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).buffer_capacity(BUFFER).from_reader(open_part(table.path, part)?);
    let mut keys = PartKeys { rows: 0, partitions: (0..threads).map(|_| Vec::new()).collect() };
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let cell = |column: &usize| record.get(*column).unwrap_or_default();
        let country = table.country.as_ref().map(cell).unwrap_or_default();
        let region = Region::from_code(&country.to_uppercase()).ok();
        let emails = table.emails.iter().map(cell).map(|text| text.trim().to_lowercase());
        let phones = table.phones.iter().map(cell).filter_map(|text| e164(text, region));
        for key in emails.filter(|email| !email.is_empty()).chain(phones) {
            let partition = table.hasher.hash_one(&key) as usize % threads;
            keys.partitions[partition].push(RowKey { key, row: keys.rows });
        }
        keys.rows += 1;
    }
    Ok(keys)
}

fn e164(text: &str, region: Option<Region>) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let number = PHONE_NUMBER_UTIL.parse(text, region).ok()?;
    PHONE_NUMBER_UTIL
        .is_possible_number(&number)
        .then(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

/// Returns a link from the first row of each key to every other one. `parts` are the keys of one partition, in the order of
/// the file.
fn links(parts: Vec<PartKeys>) -> Vec<Link> {
    let mut first_rows: HashMap<String, u32> = HashMap::new();
    let mut links = Vec::new();
    let mut before = 0;
    for part in parts {
        for RowKey { key, row } in part.partitions.into_iter().flatten() {
            let other = before + row;
            let first = *first_rows.entry(key).or_insert(other);
            if first != other {
                links.push(Link { first, other });
            }
        }
        before += part.rows;
    }
    links
}

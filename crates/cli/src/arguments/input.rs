//! The options that say how contact files and their values are read.

use clap::{Args, ValueEnum};
use onefold::{Normalizer, Region};
use onefold_files::{ByteSize, Mapping};

use crate::arguments::source_name::SourceName;

/// How files are read; the same for every command on files.
#[derive(Debug, Args)]
pub struct InputArguments {
    /// How values are read
    #[command(flatten)]
    pub values: ValueArguments,
    /// Read the tenant or account from the column HEADER; contacts of different tenants are never matched
    #[arg(long, value_name = "HEADER", value_parser = not_blank)]
    pub workspace_column: Option<String>,
}

/// How values are read, from files or into a database.
#[derive(Debug, Args)]
pub struct ValueArguments {
    /// The format of the input [default: by the file's name, else by its content]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    /// Read the column HEADER as FIELD (emails, phones, first_name, custom.plan, ...); may be repeated
    #[arg(long, value_name = "FIELD=HEADER")]
    pub map: Vec<Mapping>,
    /// Prefix the ids of FILE with NAME, its source system: 17 becomes NAME:17; may be repeated [default: the name of the
    /// file, if there are several files]
    #[arg(long, value_name = "NAME=FILE")]
    pub source: Vec<SourceName>,
    /// Refuse gzip and zstd files that unpack to more than SIZE (512M, 8G, ...) [default: 4G, and beyond 64M also 1000 times
    /// the packed size]
    #[arg(long, value_name = "SIZE")]
    pub max_unpacked: Option<ByteSize>,
    /// Read numbers without country code as numbers of this region (BR, US, ...)
    #[arg(long, value_name = "REGION")]
    pub region: Option<Region>,
    /// Read a contact's numbers without country code as numbers of its own country
    #[arg(long)]
    pub region_from_country: bool,
    /// Do not match the alternative spellings of Brazilian, Mexican and Argentine mobile numbers
    #[arg(long)]
    pub no_variants: bool,
    /// Match ada+news@example.com with ada@example.com, as a variant
    #[arg(long)]
    pub plus_tags: bool,
    /// Match Gmail addresses regardless of dots, and googlemail.com with gmail.com, as a variant
    #[arg(long)]
    pub gmail_dots: bool,
    /// Match contacts by the column, member or custom field NAME too, such as a customer number; may be repeated
    #[arg(long, visible_alias = "identifier-column", value_name = "NAME", value_parser = not_blank)]
    pub identifier: Vec<String>,
    /// Never match contacts by VALUE, such as the phone number of your front desk; may be repeated
    #[arg(long, value_name = "VALUE", value_parser = not_blank)]
    pub ignore: Vec<String>,
}

/// The formats of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// Values separated by comma, semicolon, tab or bar, with a header line
    Csv,
    /// One JSON object per line
    Jsonl,
    /// vCard 2.1, 3.0 or 4.0
    Vcard,
}

/// Returns the text if it is not blank.
///
/// # Errors
/// The text is empty or has only white space.
pub fn not_blank(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

impl InputArguments {
    /// Returns the normaliser that the arguments ask for.
    pub fn normalizer(&self) -> Normalizer {
        self.values.normalizer()
    }
}

impl ValueArguments {
    /// Returns the normaliser that the arguments ask for.
    pub fn normalizer(&self) -> Normalizer {
        let mut builder = Normalizer::builder().ignore(&self.ignore);
        if let Some(region) = self.region {
            builder = builder.region(region);
        }
        if self.region_from_country {
            builder = builder.region_from_country();
        }
        if self.no_variants {
            builder = builder.without_variants();
        }
        if self.plus_tags {
            builder = builder.plus_tags();
        }
        if self.gmail_dots {
            builder = builder.gmail_dots();
        }
        self.identifier.iter().fold(builder, |builder, name| builder.identifier(name.as_str())).build()
    }
}

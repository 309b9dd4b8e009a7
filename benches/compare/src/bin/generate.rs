//! Writes a table of contacts to a file: `generate ROWS FILE`.

use std::error::Error;
use std::fs::File;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(rows), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("generate ROWS FILE".into());
    };
    Ok(onefold_compare::generate(rows.replace('_', "").parse()?, File::create(file)?)?)
}

//! Prints the number of groups in a table and the number of contacts in them: `by_hand FILE`.

use std::error::Error;
use std::fs::File;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("by_hand FILE")?;
    let (groups, contacts) = onefold_rivals::groups_by_hand(File::open(file)?)?;
    println!("{groups} {contacts}");
    Ok(())
}

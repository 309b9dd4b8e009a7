//! Prints the number of groups in a table and the number of contacts in them: `by_hand FILE`. It uses as many threads as
//! the machine has.

use std::error::Error;
use std::path::Path;
use std::thread;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("by_hand FILE")?;
    let threads = thread::available_parallelism()?.get();
    let (groups, contacts) = onefold_compare::groups_by_hand(Path::new(&file), threads)?;
    println!("{groups} {contacts}");
    Ok(())
}

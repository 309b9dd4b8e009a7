//! `onefold man`: the manual page of a command, for packagers.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_mangen::Man;

use crate::arguments::Arguments;
use crate::failure::Failure;

/// Writes the manual page of a command to standard output: `names` are the words of the command after `onefold`, and none for
/// `onefold` itself.
///
/// # Errors
/// There is no such command, or the page cannot be written.
pub fn run(names: &[String]) -> Result<(), Failure> {
    let page = page(names)?;
    io::stdout().write_all(&page).map_err(|error| Failure::writing("standard output", &error))
}

fn page(names: &[String]) -> Result<Vec<u8>, Failure> {
    let mut root = Arguments::command();
    root.build();
    let mut command = &root;
    for name in names {
        command = command
            .find_subcommand(name)
            .ok_or_else(|| Failure::Usage(format!("there is no command {name:?}; onefold --help lists them")))?;
    }
    let mut page = Vec::new();
    let rendered = Man::new(command.clone()).render(&mut page);
    rendered.map_err(|error| Failure::caused("cannot make the manual page".to_owned(), error))?;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::*;

    /// Checks the page of a command and those of its subcommands.
    fn check(command: &Command, names: &[String]) -> usize {
        let page = String::from_utf8(page(names).expect("a page")).expect("UTF-8");
        let title = [&["onefold".to_owned()], names].concat().join("-");
        assert!(page.contains(&format!(".TH {title} 1")), "{title}: {page}");
        for option in command.get_arguments().filter(|option| !option.is_hide_set()) {
            let Some(long) = option.get_long() else { continue };
            assert!(page.contains(&format!("\\-\\-{}", long.replace('-', "\\-"))), "{title} --{long}");
        }
        let of_subcommand =
            |subcommand: &Command| check(subcommand, &[names, &[subcommand.get_name().to_owned()]].concat());
        1 + command.get_subcommands().filter(|one| one.get_name() != "help").map(of_subcommand).sum::<usize>()
    }

    #[test]
    fn every_command_has_a_page() {
        let mut root = Arguments::command();
        root.build();
        // onefold, eight commands and man, six on a database.
        assert_eq!(check(&root, &[]), 1 + 9 + 6);
        assert!(page(&["nothing".to_owned()]).is_err());
    }
}

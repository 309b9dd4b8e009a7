//! Tables to look at.

use comfy_table::{ContentArrangement, LineStyle, TableStyle};

/// A table with a header.
pub struct Table(comfy_table::Table);

impl Table {
    /// A table without rows, as wide as the terminal if there is one.
    pub fn new(header: &[&str]) -> Self {
        let line = LineStyle::none().fill('\u{2500}').junction('\u{2500}');
        let style = TableStyle::new().top_border(line).header_separator(line).bottom_border(line);
        let mut table = comfy_table::Table::new();
        table.load_style(style).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
        // Some pseudo-terminals say that they have no columns.
        if table.width() == Some(0) {
            table.set_width(120);
        }
        Self(table)
    }

    /// Adds a row.
    pub fn add(&mut self, row: Vec<String>) {
        self.0.add_row(row);
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of the table, without an end of line.
    pub fn render(&self) -> String {
        self.0.to_string()
    }
}

/// A value as a terminal may show it: control and direction characters, which could change what else is
/// on the screen, become U+FFFD.
pub fn plain(value: &str) -> String {
    let is_harmful = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    value.chars().map(|c| if is_harmful(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_command_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c\nd"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d");
        assert_eq!(plain("Z\u{e9}lia"), "Z\u{e9}lia");
    }
}

//! Tables for a terminal.

use comfy_table::{ContentArrangement, LineStyle, TableStyle};

/// A table with a header.
pub struct TextTable(comfy_table::Table);

impl TextTable {
    /// Returns a table without rows, as wide as the terminal if there is one.
    pub fn new(header: &[&str]) -> Self {
        let line = LineStyle::none().fill('\u{2500}').junction('\u{2500}');
        let style = TableStyle::new().top_border(line).header_separator(line).bottom_border(line);
        let mut table = comfy_table::Table::new();
        table.load_style(style).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
        // Some pseudo-terminals report 0 columns.
        if table.width() == Some(0) {
            table.set_width(120);
        }
        Self(table)
    }

    /// Adds a row.
    pub fn add(&mut self, row: Vec<String>) {
        self.0.add_row(row);
    }

    /// Returns true if there is no row.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text of the table, without a final line end.
    pub fn render(&self) -> String {
        self.0.to_string()
    }
}

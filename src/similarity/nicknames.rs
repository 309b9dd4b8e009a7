//! Short and familiar forms of given names, as data.

use std::collections::HashMap;

/// Lines of a name, a tab, and its other forms, separated by commas.
const NICKNAMES: &str = include_str!("nicknames.tsv");

/// The names that are forms of one name.
#[derive(Clone)]
pub(crate) struct Nicknames {
    groups: HashMap<&'static str, Vec<u16>>,
}

impl Nicknames {
    /// Reads the table. Cost: O(n) in its length.
    pub(crate) fn shipped() -> Self {
        let mut groups: HashMap<&'static str, Vec<u16>> = HashMap::new();
        let lines = NICKNAMES.lines().filter(|line| !line.starts_with('#'));
        for (number, (name, forms)) in (0..u16::MAX).zip(lines.filter_map(|line| line.split_once('\t'))) {
            for form in std::iter::once(name).chain(forms.split(',')).map(str::trim) {
                let of_form = groups.entry(form).or_default();
                if !of_form.contains(&number) {
                    of_form.push(number);
                }
            }
        }
        Self { groups }
    }

    /// Returns the groups that a plain name belongs to.
    pub(crate) fn groups_of(&self, name: &str) -> Vec<u16> {
        self.groups.get(name).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_form_is_in_the_group_of_its_name() {
        let nicknames = Nicknames::shipped();
        let groups = |name: &str| nicknames.groups_of(name);
        assert!(groups("bob").iter().any(|group| groups("robert").contains(group)));
        assert!(groups("anna").iter().all(|group| !groups("robert").contains(group)));
    }
}

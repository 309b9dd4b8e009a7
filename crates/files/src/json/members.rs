//! The members of a JSON object as written, for editing its text.

use crate::json::tokens::ObjectMembers;

/// The members of a JSON object, each with its white space.
#[derive(Clone)]
pub(crate) struct ObjectText {
    // The text before the first name: the bracket and white space.
    open: String,
    list: Vec<Member>,
    // The text after the last value: white space and the bracket.
    close: String,
}

#[derive(Clone)]
struct Member {
    // The text before the member: the comma and white space.
    lead: String,
    name: String,
    // The name as written, with the colon and white space.
    key: String,
    value: String,
}

impl ObjectText {
    /// Returns the object without members.
    pub(crate) fn empty() -> Self {
        Self { open: "{".to_owned(), list: Vec::new(), close: "}".to_owned() }
    }

    /// Returns the members of an object, or `None` if `text` is not an object.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let ObjectMembers(fields) = serde_json::from_str(text).ok()?;
        let mut members = Self::empty();
        let mut at = 0;
        for (name, value) in fields {
            // The value is a slice of the text.
            let start = (value.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
            let gap = text.get(at..start)?;
            let (lead, key) = gap.split_at(gap.find('"')?);
            let lead = if members.list.is_empty() {
                members.open = lead.to_owned();
                String::new()
            } else {
                lead.to_owned()
            };
            members.list.push(Member { lead, name, key: key.to_owned(), value: value.get().to_owned() });
            at = start + value.get().len();
        }
        if !members.list.is_empty() {
            members.close = text.get(at..)?.to_owned();
        }
        Some(members)
    }

    /// Returns the names in order, with duplicates.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|member| member.name.as_str())
    }

    /// Returns the members as names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|member| (member.name.as_str(), member.value.as_str()))
    }

    /// Returns the JSON text of the last member with this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.list.iter().rev().find(|member| member.name == name).map(|member| member.value.as_str())
    }

    /// Replaces the value of `name`, or adds a member at the end.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        if let Some(member) = self.list.iter_mut().rev().find(|member| member.name == name) {
            value.clone_into(&mut member.value);
            return;
        }
        // White space as between the others.
        let lead = self.list.get(1).map_or(",", |second| second.lead.as_str()).to_owned();
        let colon =
            self.list.first().and_then(|first| first.key.rfind('"').and_then(|quote| first.key.get(quote + 1..)));
        let key = format!("{}{}", text(name), colon.unwrap_or(":"));
        self.list.push(Member { lead, name: name.to_owned(), key, value: value.to_owned() });
    }

    /// Removes every member of this name.
    pub(crate) fn remove(&mut self, name: &str) {
        self.list.retain(|member| member.name != name);
    }

    /// Returns the text of the object.
    pub(crate) fn render(&self) -> String {
        let mut text = self.open.clone();
        for (index, member) in self.list.iter().enumerate() {
            match member.lead.as_str() {
                _ if index == 0 => {}
                "" => text.push(','),
                lead => text.push_str(lead),
            }
            text.push_str(&member.key);
            text.push_str(&member.value);
        }
        text.push_str(&self.close);
        text
    }
}

/// Returns a text as a JSON string.
pub(crate) fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_change_stays_byte_for_byte() {
        for text in ["{}", "{ }", "{\"a\":1}", "{ \"a\" : 1 ,\t\"b\\u0022\":[ {\"a\":2} ]  , \"a\": \"\\u00e9\" }"] {
            let members = ObjectText::parse(text).expect("an object");
            let rendered = if members.list.is_empty() { "{}".to_owned() } else { text.to_owned() };
            assert_eq!(members.render(), rendered);
        }
        assert!(ObjectText::parse("[]").is_none() && ObjectText::parse("{\"a\":}").is_none());
    }

    #[test]
    fn members_are_replaced_appended_and_taken_out() {
        let mut members = ObjectText::parse("{ \"a\": 1, \"b\": 2, \"a\": 3 }").expect("an object");
        members.set("a", "4");
        members.set("c\"", "5");
        assert_eq!(members.render(), "{ \"a\": 1, \"b\": 2, \"a\": 4, \"c\\\"\": 5 }");
        assert_eq!(members.get("a"), Some("4"));
        members.remove("a");
        assert_eq!(members.render(), "{ \"b\": 2, \"c\\\"\": 5 }");
        members.remove("b");
        assert_eq!(members.render(), "{ \"c\\\"\": 5 }");
        members.remove("c\"");
        assert_eq!(members.render(), "{  }");
        members.set("x", "1");
        assert_eq!(members.render(), "{ \"x\":1 }");
    }
}

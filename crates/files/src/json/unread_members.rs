//! Finds JSON members that are not read although they contain phones or emails.

use onefold::field_names::role::ValueRole;
use onefold::{Field, Value};

use crate::decoded_text;
use crate::json::Json;
use crate::json::fields;
use crate::json::layout;
use crate::json::tokens::{JsonRows, ObjectMembers};
use crate::mapping::header;
use crate::mapping::target::MappingTarget;
use crate::mapping::unread_column::{self, UnreadNames};
use crate::problem::Problem;
use crate::values::object_value::ObjectValue;

/// The depth to which members are examined.
const MAX_DEPTH: usize = 32;

impl Json {
    pub(crate) fn unread_in(&mut self, content: &[u8], mut texts: JsonRows) -> Vec<Problem> {
        let mut names = UnreadNames::default();
        for _ in 0..unread_column::SAMPLED_ROWS {
            let Some(object) = texts.next(content) else { break };
            if object.span.start > unread_column::SAMPLED_BYTES {
                break;
            }
            let text = decoded_text::read_silently(object.text);
            let Ok(ObjectMembers(fields)) = serde_json::from_str(&text) else { continue };
            for (name, value) in &fields {
                if name == "provenance" || self.workspace.as_ref() == Some(name) {
                    continue;
                }
                let target = self.meaning(name).target;
                if target.as_ref().is_some_and(|target| *target != MappingTarget::CustomFields) {
                    continue;
                }
                // Each member of an object has a name of its own.
                let has_members = value.get().starts_with('{')
                    || (layout::is_container(name) && !fields::objects(value.get()).is_empty());
                if has_members {
                    self.look_inside(&mut names, name, value.get(), 0);
                } else if target.is_none() {
                    self.look_at(&mut names, name, value.get(), 0);
                }
            }
        }
        names.problems()
    }

    /// Adds the members of an object, or of the objects in a list.
    fn look_inside(&mut self, names: &mut UnreadNames, name: &str, json: &str, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for (inner, value) in fields::objects(json).into_iter().flatten() {
            let path = format!("{name}.{inner}");
            let is_read = match name {
                "custom" => ValueRole::of_field(&Field::Custom(inner.as_str().into())).is_some(),
                _ if layout::is_container(name) => {
                    header::guess_one(&inner).is_some() || self.names.has_own_name(&inner)
                }
                _ => false,
            };
            if !is_read && self.names.mapped.peek(&path).is_none() {
                self.look_at(names, &path, value.get(), depth);
            }
        }
    }

    /// Adds a value of an unread name.
    fn look_at(&mut self, names: &mut UnreadNames, name: &str, json: &str, depth: usize) {
        let mut look_at = |value: &Value| match value {
            Value::Json(json) => {
                let found = ObjectValue::parse(json);
                found.iter().for_each(|found| names.look_at(name, &found.text));
                found.is_some()
            }
            value => {
                value.as_written().into_iter().for_each(|text| names.look_at(name, text));
                true
            }
        };
        let are_values = match Value::from_json(json) {
            Ok(Value::List(items)) => {
                let mut are_all = true;
                for item in &items {
                    are_all &= look_at(item);
                }
                are_all
            }
            Ok(value) => look_at(&value),
            Err(_) => true,
        };
        if !are_values {
            self.look_inside(names, name, json, depth + 1);
        }
    }
}

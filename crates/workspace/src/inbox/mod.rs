//! The inbox data around the contacts of a workspace: channels, tags, fields, segments, blocks, messages.

pub(crate) mod blocking;
pub(crate) mod channels;
pub(crate) mod contact_page;
pub(crate) mod custom_fields;
pub(crate) mod messages;
pub(crate) mod names;
pub(crate) mod segments;
pub(crate) mod selection;
pub(crate) mod tag_change;
pub(crate) mod tags;

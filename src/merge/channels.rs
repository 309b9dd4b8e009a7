//! The channels of contacts become one list: each account and identity once, connected since the earliest.

use std::collections::HashMap;

use crate::contact::{Channel, Field, Value};
use crate::merge::choice::Why;
use crate::merge::decide::{Decision, Held};

/// The united channels, and those of which something got lost, by the place of the contact.
pub(super) fn unite(have: &[Held<'_>]) -> (Decision, Vec<(usize, Value)>) {
    let mut channels: Vec<Channel> = Vec::new();
    let mut places: HashMap<Name, usize> = HashMap::new();
    let (mut from, mut lost) = (Vec::new(), Vec::new());
    for (place, value) in have {
        let Value::Channels(own) = value else { continue };
        let known = channels.len();
        for channel in own {
            match places.get(&name_of(channel)).and_then(|at| channels.get_mut(*at)) {
                None => {
                    places.insert(name_of(channel), channels.len());
                    channels.push(channel.clone());
                }
                Some(kept) => {
                    if !take_over(kept, channel) {
                        lost.push((*place, Value::Channels(vec![channel.clone()])));
                    }
                }
            }
        }
        if channels.len() > known {
            from.push(*place);
        }
    }
    let why = match have.iter().filter(|(_, value)| !value.is_empty()).count() {
        0 => Why::Nobody,
        1 => Why::Only,
        _ if from.len() == 1 => Why::Agreed,
        _ => Why::Rule,
    };
    (Decision { value: Some(Value::Channels(channels)), from, why }, lost)
}

/// What makes two channels one: kind, account and identity. What says no identity is one with its like only.
type Name = (String, String, String, Vec<(Box<str>, Box<str>)>);

fn name_of(channel: &Channel) -> Name {
    let other = match channel.identity.is_empty() {
        true => channel.other.iter().map(|(name, json)| (name.clone(), json.clone())).collect(),
        false => Vec::new(),
    };
    (channel.kind.name().to_owned(), channel.account.clone(), channel.identity.clone(), other)
}

/// Adds to `kept` what `channel` says more; whether `kept` now says all of it.
fn take_over(kept: &mut Channel, channel: &Channel) -> bool {
    let earlier = match (&kept.connected_at, &channel.connected_at) {
        (Some(kept), Some(other)) => other.millis() < kept.millis(),
        (None, Some(_)) => true,
        (_, None) => false,
    };
    if earlier {
        kept.connected_at = channel.connected_at.clone();
    }
    if kept.url.is_none() {
        kept.url = channel.url.clone();
    }
    let mut has_all = channel.url.is_none() || channel.url == kept.url;
    for (name, json) in &channel.other {
        has_all &= kept.other.entry(name.clone()).or_insert_with(|| json.clone()) == json;
    }
    has_all
}

/// Whether channels can be united: everybody who says anything says channels.
pub(super) fn are_channels(field: &Field, have: &[Held<'_>]) -> bool {
    *field == Field::Channels
        && have.iter().any(|(_, value)| matches!(value, Value::Channels(_)))
        && have.iter().all(|(_, value)| matches!(value, Value::Channels(_) | Value::Null))
}

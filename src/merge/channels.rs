//! The channels of contacts become one list: each account and identity once, connected since the earliest.

use std::collections::HashMap;

use crate::contact::{Channel, ContactId, Field, Value};
use crate::key::KeyKind;
use crate::merge::choice::Why;
use crate::merge::decision::{Candidate, Decision};
use crate::merge::precedence::Participants;
use crate::normalize::{Normalizer, Region};

/// Channels that were united.
pub(super) struct UnitedChannels {
    pub(super) decision: Decision,
    /// The channels of which something got lost, by the place of the contact.
    pub(super) lost: Vec<(usize, Value)>,
    /// The region that each channel's identity was read in, in the order of the channels.
    pub(super) regions: Vec<Option<Region>>,
}

/// Unites channels. The same text can be another number in another country: it is one only where it has the
/// same keys.
pub(super) fn unite<Id: ContactId>(
    have: &[Candidate<'_>],
    contacts: &Participants<'_, Id>,
    normalizer: &Normalizer,
) -> UnitedChannels {
    let mut channels: Vec<Channel> = Vec::new();
    let mut regions: Vec<Option<Region>> = Vec::new();
    let mut places: HashMap<OwnedChannelName, Vec<usize>> = HashMap::new();
    let (mut from, mut lost) = (Vec::new(), Vec::new());
    for (place, value) in have {
        let Value::Channels(own) = value else { continue };
        let region = normalizer.region_of(contacts.at(*place).country());
        let known = channels.len();
        for channel in own {
            let alike = places.entry(name_of(channel)).or_default();
            let means_the_same = |at: &&usize| {
                let other = regions.get(**at).copied().flatten();
                other == region || normalizer.channel(channel, other).ok() == normalizer.channel(channel, region).ok()
            };
            match alike.iter().find(means_the_same).and_then(|at| channels.get_mut(*at)) {
                None => {
                    alike.push(channels.len());
                    channels.push(channel.clone());
                    regions.push(region);
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
    UnitedChannels { decision: Decision { value: Some(Value::Channels(channels)), from, why }, lost, regions }
}

/// Identities that would be read as another number, since the survivor's country is not theirs, become the
/// number with its country code. Gives the channels as they were.
pub(super) fn keep_findable(
    channels: &mut Value,
    regions: &[Option<Region>],
    country: Option<&str>,
    normalizer: &Normalizer,
) -> Vec<Channel> {
    let now = normalizer.region_of(country);
    let Value::Channels(channels) = channels else { return Vec::new() };
    let mut changed = Vec::new();
    for (channel, own) in channels.iter_mut().zip(regions).filter(|(_, own)| **own != now) {
        let Ok(keys) = normalizer.channel(channel, *own) else { continue };
        if normalizer.channel(channel, now).as_ref() == Ok(&keys) {
            continue;
        }
        if let Some(number) = keys.iter().find(|derived| derived.key.kind() == KeyKind::Phone) {
            changed.push(channel.clone());
            channel.identity = number.key.value().to_owned();
        }
    }
    changed
}

/// What makes two channels one: kind, account and identity. What says no identity is one with its like only.
type OwnedChannelName = (String, String, String, Vec<(Box<str>, Box<str>)>);

fn name_of(channel: &Channel) -> OwnedChannelName {
    let other = if channel.identity.is_empty() {
        channel.other.iter().map(|(name, json)| (name.clone(), json.clone())).collect()
    } else {
        Vec::new()
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

/// Whether there are channels to unite. Whoever says something else in their place adds nothing.
pub(super) fn are_channels(field: &Field, have: &[Candidate<'_>]) -> bool {
    *field == Field::Channels && have.iter().any(|(_, value)| matches!(value, Value::Channels(_)))
}

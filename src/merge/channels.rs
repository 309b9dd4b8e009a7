//! Merges the channel lists of contacts into one list: each account and identity once, with the earliest connection
//! time.

use std::collections::HashMap;

use crate::contact::{Channel, ContactId, Field, Value};
use crate::key::KeyKind;
use crate::merge::choice::Why;
use crate::merge::decision::{Candidate, Decision};
use crate::merge::precedence::Participants;
use crate::normalize::{Normalizer, Region};

/// The merged channel list of a survivor.
pub(super) struct UnitedChannels {
    pub(super) decision: Decision,
    /// The channels of which a part is lost, each with its contact's position in precedence.
    pub(super) lost: Vec<(usize, Value)>,
    /// The region in which each channel's identity was read, in the order of the channels.
    pub(super) regions: Vec<Option<Region>>,
}

/// Merges the channel lists of the contacts into one.
///
/// Channels with the same kind, account and identity are one channel only if they give the same keys, because the same
/// national number means different numbers in different countries. Cost: O(n) for n channels with different names.
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

/// Rewrites identities that would be read as another number in the survivor's country as the number with its country
/// code. Returns the rewritten channels as they were before.
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

/// The attributes by which two channels are equal: kind, account and identity. A channel without an identity is
/// compared by its other attributes.
type OwnedChannelName = (String, String, String, Vec<(Box<str>, Box<str>)>);

fn name_of(channel: &Channel) -> OwnedChannelName {
    let other = if channel.identity.is_empty() {
        channel.other.iter().map(|(name, json)| (name.clone(), json.clone())).collect()
    } else {
        Vec::new()
    };
    (channel.kind.name().to_owned(), channel.account.clone(), channel.identity.clone(), other)
}

/// Adds the attributes of `channel` that `kept` lacks, and the earlier connection time. Returns true if `kept` then
/// holds every attribute of `channel`.
fn take_over(kept: &mut Channel, channel: &Channel) -> bool {
    let earlier = match (&kept.connected_at, &channel.connected_at) {
        (Some(kept), Some(other)) => other.time() < kept.time(),
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

/// Returns true if the field holds channels in at least one contact. Values of other types in the field `channels` add
/// nothing to the list.
pub(super) fn are_channels(field: &Field, have: &[Candidate<'_>]) -> bool {
    *field == Field::Channels && have.iter().any(|(_, value)| matches!(value, Value::Channels(_)))
}

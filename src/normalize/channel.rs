//! Channel identities to keys.

use crate::contact::Channel;
use crate::key::{Derivation, Key, KeyKind, Reason};
use crate::normalize::{DerivedKey, Normalizer, Region};

/// The greatest length of an identifier of a channel or of the host's own.
pub(super) const MAX_IDENTIFIER_BYTES: usize = 512;

pub(super) fn keys(
    _normalizer: &Normalizer,
    channel: &Channel,
    _region: Option<Region>,
) -> Result<Vec<DerivedKey>, Reason> {
    if channel.identity.trim().is_empty() {
        return Err(Reason::Empty);
    }
    let scope = format!("{}/{}", channel.kind.name(), channel.account);
    Ok(vec![DerivedKey {
        key: Key::new(KeyKind::ChannelId, &scope, channel.identity.trim()),
        derivation: Derivation::Direct,
    }])
}

//! Bytes in JSON: as text if they are UTF-8, else as hexadecimal digits.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::output::{JsonText, write_json};

/// Bytes that are usually text.
pub struct HexOrText(pub Vec<u8>);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum BytesForm {
    Text(String),
    Hex { hex: String },
}

impl Serialize for HexOrText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => {
                let hex = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
                BytesForm::Hex { hex }.serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for HexOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match BytesForm::deserialize(deserializer)? {
            BytesForm::Text(text) => Ok(Self(text.into_bytes())),
            BytesForm::Hex { hex } => {
                from_hex(&hex).map(Self).ok_or_else(|| de::Error::custom("not hexadecimal digits"))
            }
        }
    }
}

/// Appends bytes as [`HexOrText`] writes them.
pub fn put_bytes(bytes: &[u8], to: &mut Vec<u8>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => to.put_text(text),
        Err(_) => write_json(&HexOrText(bytes.to_vec()), to),
    }
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| {
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let [high, low] = *pair;
        Some(digit(high)? << 4 | digit(low)?)
    };
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_come_back() {
        for (bytes, json) in [(b"1,Ada\r\n".as_slice(), "\"1,Ada\\r\\n\""), (b"Ren\xe9", "{\"hex\":\"52656ee9\"}")] {
            assert_eq!(serde_json::to_string(&HexOrText(bytes.to_vec())).expect("JSON"), json);
            assert_eq!(serde_json::from_str::<HexOrText>(json).expect("bytes").0, bytes);
        }
        for json in ["{\"hex\":\"5\"}", "{\"hex\":\"5g\"}", "{\"hex\":\"+5\"}", "7"] {
            assert!(serde_json::from_str::<HexOrText>(json).is_err(), "{json}");
        }
    }
}

//! From the lines of a vCard to its properties.
//!
//! Why not a vCard crate: `calcard` 0.3, the best maintained one, takes UTF-8 text only, gives no line numbers,
//! and turns values into its own types, so that they are no longer as written. What exporters write needs
//! less: quoted-printable and character sets are decoded, escapes are taken off.

use encoding_rs::Encoding;

use crate::decoded_text;
use crate::problem::Problem;
use crate::row_builder::RowBuilder;
use crate::vcard::lines;

/// One property of a card.
pub(crate) struct Property {
    /// The name in lower case, without the group in front of it: `item1.TEL` is `tel`.
    pub(crate) name: String,
    /// The group in lower case, of which a label may stand in another property; empty if there is none.
    pub(crate) group: String,
    /// The types in lower case: `cell`, `work`, `fax`.
    pub(crate) types: Vec<String>,
    /// The text that the property itself says of its value: `LABEL` and its like.
    pub(crate) label: Option<String>,
    /// How much it is preferred: 1 most, 100 least, 101 if nothing is said.
    pub(crate) preference: u8,
    /// True if the value is binary data.
    pub(crate) is_binary: bool,
    /// The digits of the WhatsApp account that a number belongs to.
    pub(crate) whatsapp_id: Option<String>,
    /// True if no colon stood before the value.
    pub(crate) lacks_colon: bool,
    is_quoted_printable: bool,
    charset: Option<String>,
    value: Vec<u8>,
}

/// A name and the bytes of its value.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Statement {
    name: String,
    value: Vec<u8>,
}

impl Property {
    /// Returns the property in a joined line, if there is one.
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        let colon = find_colon(line);
        let end = colon.or_else(|| end_of_head(line))?;
        let (head, value) = (line.get(..end)?, line.get(end + 1..)?);
        let head = decoded_text::read_silently(head);
        let mut parts = split_unquoted(&head, ';').into_iter();
        let name = parts.next()?.trim();
        let (group, name) = name.rsplit_once('.').unwrap_or(("", name));
        if name.is_empty() {
            return None;
        }
        let mut property = Self {
            name: name.to_lowercase(),
            group: group.to_lowercase(),
            types: Vec::new(),
            label: None,
            preference: 101,
            is_binary: false,
            whatsapp_id: None,
            lacks_colon: colon.is_none(),
            is_quoted_printable: false,
            charset: None,
            value: value.to_vec(),
        };
        for part in parts {
            if let Some(label) = android_label(part.trim()) {
                property.label = Some(label);
                continue;
            }
            match part.split_once('=') {
                Some((name, value)) => property.add_parameter(name.trim(), value.trim()),
                // vCard 2.1 leaves out the names.
                None => property.add_word(part.trim()),
            }
        }
        Some(property)
    }

    fn add_parameter(&mut self, name: &str, value: &str) {
        match name.to_ascii_lowercase().as_str() {
            "type" => value.split(',').for_each(|word| self.add_word(word.trim_matches(['"', ' ']))),
            "encoding" => self.add_word(value),
            "charset" => self.charset = Some(value.trim_matches('"').to_owned()),
            "pref" => self.preference = value.trim_matches('"').parse().unwrap_or(self.preference).min(self.preference),
            name if name.ends_with("label") => {
                self.label = Some(apple_label(value.trim_matches('"')).to_owned()).filter(|label| !label.is_empty());
            }
            "waid" => self.whatsapp_id = Some(value.trim_matches(['"', '+', ' ']).to_owned()),
            "x-service-type" => self.types.push(value.to_lowercase()),
            _ => {}
        }
    }

    fn add_word(&mut self, word: &str) {
        match word.trim_matches('"').to_ascii_lowercase().as_str() {
            "" | "7bit" | "8bit" => {}
            "pref" => self.preference = self.preference.min(1),
            "quoted-printable" => self.is_quoted_printable = true,
            "base64" | "b" => self.is_binary = true,
            // In vCard 3.0 a type may be a list in quotes.
            word => {
                let types = word.split(',').map(str::trim);
                self.types.extend(types.map(|word| word.strip_prefix("x-").unwrap_or(word).to_owned()));
            }
        }
    }

    /// Returns the texts before the value in a joined line, as written: the name with its group, and then the parameters.
    pub(crate) fn head_parts(line: &[u8]) -> Vec<String> {
        let end = find_colon(line).or_else(|| end_of_head(line)).unwrap_or_default();
        let head = decoded_text::read_silently(line.get(..end).unwrap_or_default());
        split_unquoted(&head, ';').into_iter().map(|part| part.trim().to_owned()).collect()
    }

    /// Returns where the value begins in a joined line: behind the colon, if there is one.
    pub(crate) fn value_start(line: &[u8]) -> Option<usize> {
        find_colon(line).or_else(|| end_of_head(line)).map(|end| end + 1)
    }

    /// Returns what the property says, whatever its types.
    pub(crate) fn statement(&self) -> Statement {
        Statement { name: self.name.clone(), value: self.value.clone() }
    }

    /// Returns true if the value is blank.
    pub(crate) fn is_empty(&self) -> bool {
        self.value.trim_ascii().is_empty()
    }

    /// Returns true if the card of an agent follows.
    pub(crate) fn opens_agent(&self) -> bool {
        self.name == "agent" && (self.is_empty() || lines::is_begin(&self.value))
    }

    /// Returns true if the card of an agent begins on the line of the property itself.
    pub(crate) fn begins_agent(&self) -> bool {
        self.name == "agent" && lines::is_begin(&self.value)
    }

    /// Returns true if the value is a version of vCard.
    pub(crate) fn is_version(&self) -> bool {
        self.name == "version" && matches!(self.value.trim_ascii(), b"2.1" | b"3.0" | b"4.0")
    }

    /// Returns the text of the value with its escapes.
    pub(crate) fn escaped_text(&self, builder: &mut RowBuilder) -> String {
        let decoded = if self.is_quoted_printable {
            without_breaks(from_quoted_printable(&self.value))
        } else {
            self.value.clone()
        };
        let Some(label) = &self.charset else { return decoded_text::read(&decoded, builder).into_owned() };
        match Encoding::for_label(label.as_bytes()) {
            // What is UTF-8 although the card says otherwise was converted with the file; of bytes that were encoded that is
            // sure only where any byte would be a letter of the other encoding.
            Some(encoding)
                if std::str::from_utf8(&decoded).is_ok()
                    && (!self.is_quoted_printable || encoding.is_single_byte()) => {}
            Some(encoding) => return encoding.decode_without_bom_handling(&decoded).0.into_owned(),
            None => builder.report(Problem::UnknownCharset { field: self.name.clone() }),
        }
        decoded_text::read(&decoded, builder).into_owned()
    }

    /// Returns the text of the value.
    pub(crate) fn text(&self, builder: &mut RowBuilder) -> String {
        unescape(&self.escaped_text(builder))
    }

    /// Returns the texts of a value that is a list.
    pub(crate) fn texts(&self, separator: char, builder: &mut RowBuilder) -> Vec<String> {
        components(&self.escaped_text(builder), separator).into_iter().map(unescape).collect()
    }
}

/// Returns the components of a value with its escapes. O(n).
pub(crate) fn components(escaped: &str, separator: char) -> Vec<&str> {
    let mut components = Vec::new();
    let (mut start, mut after_backslash) = (0, false);
    for (at, letter) in escaped.char_indices() {
        if letter == separator && !after_backslash {
            components.push(escaped.get(start..at).unwrap_or_default());
            start = at + letter.len_utf8();
        }
        after_backslash = letter == '\\' && !after_backslash;
    }
    components.push(escaped.get(start..).unwrap_or_default());
    components
}

/// Returns the label that Android writes as `X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=46=61=78)`.
pub(crate) fn android_label(parameter: &str) -> Option<String> {
    let inner = parameter.get(.."x-custom(".len()).filter(|start| start.eq_ignore_ascii_case("x-custom("));
    let inner = inner.and_then(|start| parameter.get(start.len()..))?.strip_suffix(')')?;
    let label = inner.rsplit(',').next().unwrap_or_default();
    let label = String::from_utf8_lossy(&from_quoted_printable(label.as_bytes())).trim().to_owned();
    Some(label).filter(|label| !label.is_empty())
}

/// Returns the text of a label: Apple puts `_$!<` and `>!$_` around its own.
pub(crate) fn apple_label(label: &str) -> &str {
    label.trim().trim_start_matches("_$!<").trim_end_matches(">!$_")
}

/// Returns a text without its escapes: `\n` is a line break, and a backslash in front of punctuation says nothing (`http\://` is
/// common). A backslash in front of anything else stays, as vCard 2.1 has no escapes.
pub(crate) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some('n' | 'N')) => {
                plain.push('\n');
                letters.next();
            }
            ('\\', Some(next @ ('\\' | ',' | ';' | ':' | '"'))) => {
                plain.push(*next);
                letters.next();
            }
            _ => plain.push(letter),
        }
    }
    plain
}

fn from_quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let code = after.get(..2).filter(|code| *byte == b'=' && code.iter().all(u8::is_ascii_hexdigit));
        match code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()) {
            Some(coded) => {
                decoded.push(coded);
                rest = after.get(2..).unwrap_or_default();
            }
            None => decoded.push(*byte),
        }
    }
    decoded
}

/// Line breaks are as in any other text, and none ends a value.
fn without_breaks(text: Vec<u8>) -> Vec<u8> {
    let is_of_break = |at: usize| text.get(at) == Some(&b'\r') && text.get(at + 1) == Some(&b'\n');
    let bytes = text.iter().enumerate().filter(|(at, _)| !is_of_break(*at)).map(|(_, byte)| *byte);
    let mut bytes: Vec<u8> = bytes.collect();
    while matches!(bytes.last(), Some(b'\r' | b'\n')) {
        bytes.pop();
    }
    bytes
}

/// Returns the place before the value of a `TEL` or `EMAIL` whose colon is missing: behind its last parameter.
fn end_of_head(line: &[u8]) -> Option<usize> {
    let name = line.split(|byte| *byte == b';').next()?;
    let name = name.rsplit(|byte| *byte == b'.').next()?.trim_ascii();
    let is_known = name.eq_ignore_ascii_case(b"tel") || name.eq_ignore_ascii_case(b"email");
    let end = line.iter().rposition(|byte| *byte == b';').filter(|_| is_known)?;
    let value = line.get(end + 1..)?;
    let is_value = !value.contains(&b'=') && value.iter().any(|byte| byte.is_ascii_digit() || *byte == b'@');
    is_value.then_some(end)
}

/// Returns the place of the colon before the value. A quote that is not closed would hide it.
fn find_colon(line: &[u8]) -> Option<usize> {
    find_unquoted(line, b':').or_else(|| memchr::memchr(b':', line))
}

fn find_unquoted(line: &[u8], wanted: u8) -> Option<usize> {
    let mut is_quoted = false;
    line.iter().position(|byte| {
        is_quoted ^= *byte == b'"';
        *byte == wanted && !is_quoted
    })
}

fn split_unquoted(head: &str, separator: char) -> Vec<&str> {
    let mut is_quoted = false;
    head.split(|c| {
        is_quoted ^= c == '"';
        c == separator && !is_quoted
    })
    .collect()
}

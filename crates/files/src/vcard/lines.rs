//! The logical lines of vCards: where cards begin and end, and properties with all their continuation lines.
//!
//! Files are put together by programs that lose the line break between two cards, or that break lines in their own way. A
//! card begins and ends where that is certain; [`CardLine::is_followed`] marks lines that could not be separated.

use memchr::memchr;

use crate::input::lines::Lines;
use crate::input::shape::LineEnd;

/// The logical lines of vCards.
#[derive(Clone)]
pub(crate) struct CardLines {
    lines: Lines,
}

/// One logical line.
pub(crate) struct CardLine {
    /// The number of its first line.
    pub(crate) number: u64,
    /// Where it begins.
    pub(crate) start: usize,
    /// What it says.
    pub(crate) kind: LineKind,
    /// True if something else follows on the same line of the file.
    pub(crate) is_followed: bool,
}

/// What a logical line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// A card begins.
    Begin,
    /// The card ends.
    End,
    /// The text of a property, or of nothing that is known.
    Text(Vec<u8>),
}

/// A line of the file, or a range of one that is read as a line.
#[derive(Clone, Copy)]
struct FileLine {
    number: u64,
    start: usize,
    end: usize,
    next: usize,
    // The number of lines before what stands at `next`.
    lines: u64,
}

/// Whether a line is the first or the last one of a card.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Begin,
    End,
}

/// A frame in a text, and its bytes.
#[derive(Clone, Copy)]
struct CardStart {
    frame: Frame,
    start: usize,
    end: usize,
}

impl CardLines {
    /// Returns the lines of `content` from its beginning on.
    pub(crate) fn new(content: &[u8]) -> Self {
        Self { lines: Lines::new(content) }
    }

    /// Returns the lines of a text with these line ends, from its beginning on.
    pub(crate) fn ending_in(end: LineEnd) -> Self {
        Self { lines: Lines::ending_in(end) }
    }

    /// Returns the lines of other content with the same line ends, from its beginning on.
    pub(crate) fn restarted(&self) -> Self {
        Self { lines: self.lines.restarted() }
    }

    /// Returns the kind of line ends.
    pub(crate) fn end(&self) -> LineEnd {
        self.lines.end()
    }

    /// Returns the number of the last line that was read.
    pub(crate) fn number(&self) -> u64 {
        self.lines.number()
    }

    /// Returns where the next line begins.
    pub(crate) fn at(&self) -> usize {
        self.lines.at()
    }

    /// Goes to the line that begins at `at`, which has that number.
    pub(crate) fn go_to(&mut self, at: usize, number: u64) {
        self.lines.go_to(at, number.saturating_sub(1));
    }

    /// Returns the next logical line: folded lines begin with a space or a tab, quoted-printable ones end with `=`, and lines of
    /// base64 in vCard 2.1 may simply follow. Blank lines are passed over.
    pub(crate) fn next(&mut self, content: &[u8]) -> Option<CardLine> {
        let first = loop {
            let line = self.peek(content)?;
            if !trim(line.text(content)).is_empty() {
                break line;
            }
            self.pass(line);
        };
        let (number, start) = (first.number, first.start);
        let text = first.text(content);
        if let Some(found) = frame_at_start(text) {
            let is_followed = !trim(text.get(found.end..).unwrap_or_default()).is_empty();
            if is_followed {
                self.go_to(start + found.end, number);
            } else {
                self.pass(first);
            }
            let kind = if found.frame == Frame::Begin { LineKind::Begin } else { LineKind::End };
            return Some(CardLine { number, start, kind, is_followed });
        }
        let head = text.split(|byte| *byte == b':').next().unwrap_or_default().to_ascii_lowercase();
        let has = |word: &[u8]| head.windows(word.len()).any(|bytes| bytes == word);
        let is_agent = head == b"agent" || head.ends_with(b".agent") || head.starts_with(b"agent;");
        let is_quoted_printable = has(b"quoted-printable");
        let is_base64 = has(b"base64") || has(b"encoding=b");
        // A blank behind a soft break is text in a property that is broken without folds, and the mark of a fold in others.
        let is_folded = !is_quoted_printable || !self.clone().breaks_without_fold(content);
        let mut joined = Vec::new();
        let mut is_followed = self.take(content, first, is_agent, &mut joined);
        while !is_followed && let Some(next) = self.peek(content) {
            let more = next.text(content);
            let is_frame = frame_at_start(more).is_some();
            let is_broken = is_quoted_printable && is_soft_break(&joined);
            if is_broken {
                joined.truncate(joined.trim_ascii_end().len() - 1);
            }
            let skipped = match more.first() {
                _ if is_frame => break,
                _ if is_broken && begins_property(more) => break,
                Some(b' ' | b'\t') if !is_broken || is_folded => 1,
                _ if is_broken => 0,
                Some(_) if is_base64 && !more.contains(&b':') => 0,
                _ => break,
            };
            is_followed = self.take(content, FileLine { start: next.start + skipped, ..next }, is_agent, &mut joined);
        }
        Some(CardLine { number, start, kind: LineKind::Text(joined), is_followed })
    }

    /// Puts a line behind `joined`, up to the frame of a card that is surely not in it. `true` if there is one.
    fn take(&mut self, content: &[u8], line: FileLine, is_agent: bool, joined: &mut Vec<u8>) -> bool {
        let text = line.text(content);
        self.pass(line);
        // The card of an agent stands inside of the property.
        let cut = if is_agent { None } else { self.frame_inside(content, text) };
        joined.extend_from_slice(cut.and_then(|cut| text.get(..cut)).unwrap_or(text));
        if let Some(cut) = cut {
            self.go_to(line.start + cut, line.number);
        }
        cut.is_some()
    }

    /// Returns where a card ends or begins in the middle of a line. That is sure where one ends and the next one begins, where a
    /// card ends and the next line begins one, and where a card begins and its version follows.
    fn frame_inside(&self, content: &[u8], text: &[u8]) -> Option<usize> {
        let mut depth = 0_usize;
        for found in frames(text) {
            let rest = trim(text.get(found.end..).unwrap_or_default());
            let next = if rest.is_empty() { self.clone().next_text(content) } else { Some(rest) };
            let begins = next.is_none_or(|next| frame_at_start(next).is_some_and(|next| next.frame == Frame::Begin));
            let has_version = next.is_some_and(|next| starts_with(next, b"VERSION"));
            match found.frame {
                Frame::End if depth > 0 => depth -= 1,
                Frame::End if begins => return Some(found.start),
                Frame::Begin if has_version => return Some(found.start),
                Frame::Begin => depth += 1,
                Frame::End => {}
            }
        }
        None
    }

    /// Returns the text of the next line that is not blank.
    fn next_text<'a>(&mut self, content: &'a [u8]) -> Option<&'a [u8]> {
        loop {
            let line = self.peek(content)?;
            self.pass(line);
            let text = trim(line.text(content));
            if !text.is_empty() {
                return Some(text);
            }
        }
    }

    fn peek(&self, content: &[u8]) -> Option<FileLine> {
        let line = self.lines.peek(content)?;
        let (number, start) = (line.number, line.start);
        Some(match memchr(b'\r', line.text(content)) {
            // Files are put together from such with other ends of lines.
            Some(end) => {
                FileLine { number, start, end: start + end, next: start + end + 1, lines: number.saturating_sub(1) }
            }
            None => FileLine { number, start, end: line.end, next: line.next, lines: number },
        })
    }

    fn pass(&mut self, line: FileLine) {
        self.lines.go_to(line.next, line.lines);
    }

    /// Returns true if a soft break of the property that begins here, in quoted-printable, is followed by a line that does not begin
    /// with a blank. O(n) in the lines of the property.
    fn breaks_without_fold(mut self, content: &[u8]) -> bool {
        let Some(first) = self.peek(content) else { return false };
        self.pass(first);
        let mut is_broken = is_soft_break(first.text(content));
        while is_broken && let Some(line) = self.peek(content) {
            self.pass(line);
            let text = line.text(content);
            if frame_at_start(text).is_some() || begins_property(text) {
                return false;
            }
            if !matches!(text.first(), None | Some(b' ' | b'\t')) {
                return true;
            }
            is_broken = is_soft_break(text);
        }
        false
    }
}

/// Returns true if a line of quoted-printable goes on in the next one.
fn is_soft_break(line: &[u8]) -> bool {
    line.trim_ascii_end().ends_with(b"=")
}

impl FileLine {
    fn text<'a>(&self, content: &'a [u8]) -> &'a [u8] {
        content.get(self.start..self.end).unwrap_or_default()
    }
}

/// Returns true if a text is nothing but the first line of a card.
pub(crate) fn is_begin(text: &[u8]) -> bool {
    frame_at_start(text).is_some_and(|found| found.frame == Frame::Begin && found.end == text.len())
}

/// Returns the frame that a line begins with, and the blanks and marks around it.
fn frame_at_start(line: &[u8]) -> Option<CardStart> {
    let text = trim_start(line);
    let word = if starts_with(text, b"BEGIN") { b"BEGIN".len() } else { b"END".len() };
    let colon = text.get(word..)?.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
    let start = line.len() - text.len();
    let found = frame_around(line, start + word + colon).filter(|found| found.start == start)?;
    let rest = line.get(found.end..).unwrap_or_default();
    Some(CardStart { end: line.len() - trim_start(rest).len(), ..found })
}

/// Returns the frames in a text: `BEGIN:VCARD` and `END:VCARD` in any case, perhaps with blanks at the colon.
fn frames(text: &[u8]) -> impl Iterator<Item = CardStart> {
    memchr::memchr_iter(b':', text).filter_map(|colon| frame_around(text, colon))
}

/// Returns the frame whose colon stands there.
fn frame_around(text: &[u8], colon: usize) -> Option<CardStart> {
    let after = text.get(colon..)?.strip_prefix(b":")?;
    let blank = after.len() - after.trim_ascii_start().len();
    if !starts_with(after.get(blank..)?, b"VCARD") {
        return None;
    }
    let before = text.get(..colon)?.trim_ascii_end();
    let word_at = |word: &[u8]| {
        let start = before.len().checked_sub(word.len())?;
        starts_with(before.get(start..)?, word).then_some(start)
    };
    let begin = word_at(b"BEGIN").map(|start| (Frame::Begin, start));
    let (frame, start) = begin.or_else(|| word_at(b"END").map(|start| (Frame::End, start)))?;
    Some(CardStart { frame, start, end: colon + 1 + blank + b"VCARD".len() })
}

/// Returns true if a line is the beginning of a property that hardly any text looks like.
fn begins_property(line: &[u8]) -> bool {
    const NAMES: [&[u8]; 12] =
        [b"TEL", b"EMAIL", b"N", b"FN", b"UID", b"ADR", b"ORG", b"REV", b"NOTE", b"TITLE", b"URL", b"VERSION"];
    let name = line.split(|byte| matches!(byte, b':' | b';')).next().unwrap_or_default();
    name.len() < line.len() && NAMES.contains(&name) && line.contains(&b':')
}

fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Returns the text without the blanks and byte order marks around it.
fn trim(text: &[u8]) -> &[u8] {
    let text = trim_start(text);
    let mut end = text.len();
    loop {
        let before = text.get(..end).unwrap_or_default();
        end = match before.strip_suffix(b"\xef\xbb\xbf").or_else(|| before.strip_suffix(b"\xc2\xa0")) {
            Some(before) => before.len(),
            None => before.trim_ascii_end().len(),
        };
        if end == before.len() {
            return before;
        }
    }
}

fn trim_start(mut text: &[u8]) -> &[u8] {
    loop {
        let before = text.len();
        text = text.trim_ascii_start();
        text = text.strip_prefix(b"\xef\xbb\xbf").or_else(|| text.strip_prefix(b"\xc2\xa0")).unwrap_or(text);
        if text.len() == before {
            return text;
        }
    }
}

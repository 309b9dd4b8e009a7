//! The stored forms of a patch: what was ever written is read, what is no patch is refused in words, and
//! reading takes memory in proportion to what is read.
#![cfg(feature = "serde")]

use onefold::patch::{MAX_MERGE_ID_BYTES, MAX_PATCH_BYTES, PatchError};
use onefold::{Contact, Edits, Merge, MergePolicy, MergeRequest, Normalizer, Patch};
use proptest::prelude::*;

/// The most bytes that `run` held at once beside what was held before.
fn max_bytes(run: impl FnOnce()) -> usize {
    usize::try_from(allocation_counter::measure(run).bytes_max).expect("a size")
}

const SURVIVOR: &str = r#"{"id":"7","assignee":null,"channels":[{"kind":"whatsapp","account":"wa-1","identity":"12025550101","connected_at":5},{"kind":"line","label":[1]},null],"country":"US","created_at":1700000000000,"emails":["ada@example.com",null,1],"first_name":"","phones":"+1 202 555 0101","updated_at":"2024-01-01T00:00:00+02:00","a.b":{"deep":[1,{"x":1e400}]},"notes":[],"custom":{"big":12345678901234567890123,"neg0":-0.0,"ok":true},"provenance":{"country":{"source":"derived","verified":false},"emails":{"source":"channel:email","changed_at":-9,"verified":true}}}"#;
const RETIRED: &str = r#"{"id":"42","emails":["ada@example.org"],"first_name":"Ad\u0000a \ud83d\ude00","tags":["vip"],"custom":{"plan":"pro","ok":false},"blocked":true}"#;

fn merge() -> Merge<String> {
    let contacts = [SURVIVOR, RETIRED].map(|json| Contact::from_json(json).expect("a contact"));
    let request = MergeRequest::new("merge-1").in_workspace("acme").allow_blocked();
    MergePolicy::new().merge(&contacts, &request, &Normalizer::new()).expect("a merge")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = hex.trim().as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex")).collect()
}

#[test]
fn patches_of_version_1_are_read_and_written_as_ever() {
    let patch = merge().patch;
    let (json, binary) = (include_str!("../golden/patch-1.json").trim_end(), include_str!("../golden/patch-1.hex"));
    assert_eq!(patch.to_json(), json);
    assert_eq!(hex(&patch.to_bytes()), binary.trim_end());
    assert_eq!(Patch::from_json(json).as_ref(), Ok(&patch));
    assert_eq!(Patch::<String>::from_bytes(&bytes_of(binary)).as_ref(), Ok(&patch));
    let inverse = patch.clone().inverse();
    assert_eq!(Patch::<String>::from_json(&inverse.to_json()).as_ref(), Ok(&inverse));
    assert_ne!(inverse.digest(), patch.digest());
    let undo = patch.undo(patch.survivor_merged(), Edits::Refuse).expect("nothing was edited");
    let json = |contact: &Contact<String>| serde_json::to_string(contact).expect("JSON");
    let as_read =
        |json: &str| serde_json::to_string(&Contact::<String>::from_json(json).expect("a contact")).expect("JSON");
    assert_eq!((json(&undo.survivor), json(&undo.retired[0])), (as_read(SURVIVOR), as_read(RETIRED)));
}

#[test]
fn serde_keeps_every_digit_in_any_format() {
    let patch = merge().patch;
    let json = serde_json::to_value(&patch).expect("JSON");
    assert_eq!(serde_json::from_value::<Patch<String>>(json).expect("a patch"), patch);
    let bytes = postcard::to_stdvec(&patch).expect("bytes");
    assert_eq!(postcard::from_bytes::<Patch<String>>(&bytes).expect("a patch"), patch);
}

#[test]
fn any_spacing_and_order_of_members_is_read() {
    let patch = merge().patch;
    let value: serde_json::Value = serde_json::from_str(
        &patch.to_json().replace("1e400", "7").replace("12345678901234567890123", "8").replace("-0.0", "9"),
    )
    .expect("JSON");
    let pretty = serde_json::to_string_pretty(&value).expect("JSON");
    // What it says was altered, and nothing else is wrong with it.
    assert_eq!(Patch::<String>::from_json(&pretty), Err(PatchError::Damaged));
    let spaced = patch.to_json().replace("\"merge\":\"merge-1\",", "").replacen('{', "{ \"merge\" :\n\"merge-1\" ,", 1);
    assert_eq!(Patch::<String>::from_json(&spaced).as_ref(), Ok(&patch));
}

#[test]
fn every_truncation_and_every_altered_byte_is_found() {
    let patch = merge().patch;
    let bytes = patch.to_bytes();
    for end in 0..bytes.len() {
        let error = Patch::<String>::from_bytes(&bytes[..end]).expect_err("cut off");
        assert_eq!(error, if end == 0 { PatchError::Foreign } else { PatchError::Damaged }, "{end}");
        let mut altered = bytes.clone();
        altered[end] ^= 1 << (end % 8);
        let expected = match end {
            0..3 => PatchError::Foreign,
            3 => PatchError::NewerVersion { version: u32::from(altered[3]) },
            _ => PatchError::Damaged,
        };
        assert_eq!(Patch::<String>::from_bytes(&altered), Err(expected), "{end}");
    }
    let json = patch.to_json();
    assert_eq!(Patch::<String>::from_json(&json[..json.len() - 1]), Err(PatchError::Damaged));
    for end in (0..json.len()).filter(|end| json.is_char_boundary(*end)) {
        let error = Patch::<String>::from_json(&json[..end]).expect_err("cut off");
        assert!(matches!(error, PatchError::Damaged | PatchError::Foreign), "{end} {error}");
        let mut altered = json.clone().into_bytes();
        altered[end] = if altered[end] == b'x' { b'y' } else { b'x' };
        if let Ok(altered) = String::from_utf8(altered) {
            assert!(Patch::<String>::from_json(&altered).is_err(), "{end}");
        }
    }
}

/// The body with a digest that agrees with it, as somebody who wants to do harm would make it.
fn forged(body: &[u8]) -> Vec<u8> {
    use sha2::Digest;
    let mut bytes = b"1fp\x01".to_vec();
    bytes.extend(body);
    let digest = sha2::Sha256::digest(&bytes);
    bytes.extend(&digest[..16]);
    bytes
}

#[test]
fn what_is_no_patch_is_refused_in_words() {
    let patch = merge().patch;
    let (json, bytes) = (patch.to_json(), patch.to_bytes());
    let body = &bytes[4..bytes.len() - 16];
    let deep = json
        .replace("\"a.b\":{\"deep\":[1,{\"x\":1e400}]}", &format!("\"a.b\":{}{}", "[".repeat(200), "]".repeat(200)));
    let mut longer = body.to_vec();
    longer.push(0);
    for (error, text) in [
        (Patch::<String>::from_json("{}").expect_err("foreign"), "not a patch of onefold"),
        (Patch::<String>::from_json("[1,2]").expect_err("foreign"), "not a patch of onefold"),
        (Patch::<String>::from_bytes(b"{\"onefold_patch\":1}").expect_err("foreign"), "not a patch of onefold"),
        (
            Patch::<String>::from_json(&json.replace("\"onefold_patch\":1", "\"onefold_patch\":3")).expect_err("newer"),
            "version 3 of the patch's form is not known; this release reads versions 1 and 2",
        ),
        (
            Patch::<String>::from_bytes(b"1fp\x03").expect_err("newer"),
            "version 3 of the patch's form is not known; this release reads versions 1 and 2",
        ),
        (
            Patch::<String>::from_json(&json.replace("vip", "VIP")).expect_err("altered"),
            "the patch is damaged: it does not agree with its digest",
        ),
        (
            Patch::<String>::from_json(&json.replace("\"workspace\"", "\"work\"")).expect_err("malformed"),
            "the patch is malformed: a member is missing, unknown or of another type",
        ),
        (Patch::<String>::from_json(&deep).expect_err("deep"), "a value of the patch is nested deeper than 100 levels"),
        (
            Patch::<String>::from_bytes(&forged(&longer)).expect_err("longer"),
            "the patch is malformed: it is not written as it should be",
        ),
        (
            Patch::<String>::from_bytes(&forged(&body[1..])).expect_err("malformed"),
            "the patch is malformed: the body is not what it should be",
        ),
        (
            patch.clone().in_workspace("other").expect_err("of another workspace"),
            "the patch belongs to another workspace",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
    // A patch for another type of id.
    assert_eq!(
        Patch::<u64>::from_json(&json).expect_err("text ids").to_string(),
        "the patch is malformed: an image is no contact with such an id"
    );
    assert!(matches!(Patch::<(u64, u64)>::from_bytes(&bytes), Err(PatchError::Malformed { .. })));
    let inverse = patch.clone().inverse();
    assert!(!patch.is_inverse() && inverse.is_inverse() && !inverse.inverse().is_inverse());
    assert!(patch.in_workspace("acme").is_ok());
    let huge = vec![b' '; MAX_PATCH_BYTES + 1];
    let too_large = format!("the patch has {} bytes, more than {MAX_PATCH_BYTES}", MAX_PATCH_BYTES + 1);
    assert_eq!(Patch::<String>::from_bytes(&huge).expect_err("too large").to_string(), too_large);
    assert_eq!(Patch::<String>::from_bytes(&huge[1..]).expect_err("blank"), PatchError::Foreign);
    let huge = String::from_utf8(huge).expect("spaces");
    assert_eq!(Patch::<String>::from_json(&huge).expect_err("too large").to_string(), too_large);
    assert_eq!(Patch::<String>::from_json(&huge[1..]).expect_err("blank"), PatchError::Foreign);
}

#[test]
fn reading_takes_memory_in_proportion_to_what_is_read() {
    // Lengths that promise more than there is: a name, a list, fields and retired contacts of 2^60.
    let endless = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
    let names = [1, b'm', 0, 0, 1, b'7', 0, 0];
    let field = [1, 0, 7, 1];
    for start in
        [&[][..], &[1, b'm', 1], &names, &[&names[..], &field].concat(), &[&names[..], &[0, 0, 0, 0, 0, 0]].concat()]
    {
        let bytes = forged(&[start, &endless].concat());
        let held = max_bytes(|| assert!(Patch::<String>::from_bytes(&bytes).is_err()));
        // serde sets aside a mebibyte at most for what a length promises.
        assert!(held < 3 << 20, "{held} bytes for {}", bytes.len());
    }
    let patch = merge().patch;
    let (json, bytes) = (patch.to_json(), patch.to_bytes());
    let held = max_bytes(|| drop(Patch::<String>::from_bytes(&bytes)));
    assert!(held < 24 * bytes.len(), "{held} bytes for {}", bytes.len());
    let held = max_bytes(|| drop(Patch::<String>::from_json(&json)));
    assert!(held < 24 * json.len(), "{held} bytes for {}", json.len());
    // Brackets, quotes and escapes without end.
    for part in ["[", "{\"a\":", "\"", "\\", "[[],"] {
        let text = format!("{{\"onefold_patch\":1,\"merge\":{}", part.repeat(1 << 20));
        let held = max_bytes(|| assert!(Patch::<String>::from_json(&text).is_err()));
        assert!(held < 4 * text.len(), "{held} bytes for {}", text.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_bodies_with_a_right_digest_are_patches_or_refused(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..6),
    ) {
        let bytes = merge().patch.to_bytes();
        let mut body = bytes[4..bytes.len() - 16].to_vec();
        for (place, byte, kind) in cuts {
            let place = place.index(body.len());
            match kind {
                0 => body[place] = byte,
                1 => body.insert(place, byte),
                _ => drop(body.remove(place)),
            }
        }
        let forged = forged(&body);
        if let Ok(patch) = Patch::<String>::from_bytes(&forged) {
            prop_assert_eq!(patch.to_bytes(), forged);
            let _ = patch.undo(patch.survivor_merged(), Edits::Keep);
        }
    }
}

#[test]
fn a_forged_patch_that_agrees_with_its_digest_is_still_looked_at() {
    use sha2::Digest;
    let wide = format!("{}1{}{}", "[".repeat(50), ",1".repeat(100), "]".repeat(50));
    let deep = format!("{}1{}", "[".repeat(150), "]".repeat(150));
    assert_eq!(wide.len(), deep.len());
    let contacts = ["s1", "r1", "r2"]
        .map(|id| Contact::<String>::from_json(&format!(r#"{{"id":"{id}","notes":[{wide}]}}"#)).expect("a contact"));
    let patch =
        MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &Normalizer::new()).expect("a merge").patch;
    let (json, bytes) = (patch.to_json(), patch.to_bytes());
    let said = json.rsplit_once(",\"digest\"").expect("a digest").0.to_owned() + "}";
    let replaced = |text: &[u8], from: &str, to: &str| -> Vec<u8> {
        let at = text.windows(from.len()).rposition(|part| part == from.as_bytes()).expect("it is there");
        [&text[..at], to.as_bytes(), &text[at + from.len()..]].concat()
    };
    for (from, to, what) in [
        ("r2", "r1", "the patch is malformed: the retired are not in order"),
        ("r1", "r3", "the patch is malformed: the retired are not in order"),
        ("r2", "s1", "the patch is malformed: the survivor was merged away"),
        (wide.as_str(), deep.as_str(), "a value of the patch is nested deeper than 100 levels"),
    ] {
        let binary = forged(&replaced(&bytes[4..bytes.len() - 16], from, to));
        let said = String::from_utf8(replaced(said.as_bytes(), from, to)).expect("UTF-8");
        let digest: String = sha2::Sha256::digest(&said).iter().map(|byte| format!("{byte:02x}")).collect();
        let json = format!("{},\"digest\":\"{digest}\"}}", said.strip_suffix('}').expect("an object"));
        let errors = [Patch::<String>::from_bytes(&binary), Patch::<String>::from_json(&json)];
        for error in errors.map(|read| read.expect_err("forged").to_string()) {
            assert_eq!(error, what);
        }
    }
}

#[test]
fn the_name_of_a_merge_has_a_limit_in_patches_too() {
    let contacts = [Contact::new("a".to_owned()), Contact::new("b".to_owned())];
    let name = "m".repeat(MAX_MERGE_ID_BYTES);
    let merge = MergePolicy::new().merge(&contacts, &MergeRequest::new(&*name), &Normalizer::new()).expect("a merge");
    let bytes = merge.patch.to_bytes();
    assert_eq!(Patch::from_bytes(&bytes).as_ref(), Ok(&merge.patch));
    // Its length stands in front of it, seven bits a byte.
    let written = |length: usize| [&[length as u8 | 0x80, (length >> 7) as u8][..], &b"m".repeat(length)].concat();
    let body = &bytes[4..bytes.len() - 16];
    let name = written(MAX_MERGE_ID_BYTES);
    let at = body.windows(name.len()).position(|window| window == name).expect("the name");
    let longer = [&body[..at], &written(MAX_MERGE_ID_BYTES + 1), &body[at + name.len()..]].concat();
    let error = Patch::<String>::from_bytes(&forged(&longer)).expect_err("too long");
    assert_eq!(error, PatchError::Malformed { what: "the name of the merge is too long" });
}

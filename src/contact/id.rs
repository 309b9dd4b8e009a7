//! The types that a host can use as contact ids.

use std::fmt::Debug;
use std::sync::Arc;

/// The id of a contact: an integer, a text, a UUID, or a type of the host.
///
/// The trait is implemented for all integers, `String`, `&str`, `Box<str>` and `Arc<str>`, for pairs of ids (for
/// example an account and a number within it), and for `uuid::Uuid` with the feature `uuid`. The order of ids
/// determines the order of every list that onefold returns, and it is the last tie-break of every rule.
///
/// A type of your own needs one method. If it wraps an id, return the canonical bytes of the wrapped id:
///
/// ```
/// use onefold::{Contact, ContactId, Index, Normalizer};
///
/// #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
/// struct AccountContact {
///     account: u32,
///     number: u64,
/// }
///
/// impl ContactId for AccountContact {
///     fn canonical_bytes(&self) -> impl AsRef<[u8]> {
///         // Two parts of a fixed length: no two ids have the same bytes.
///         [self.account.canonical_bytes().as_ref(), self.number.canonical_bytes().as_ref()].concat()
///     }
/// }
///
/// let contact = |number| {
///     Contact::new(AccountContact { account: 7, number }).with_email("ada@example.com")
/// };
/// let index = Index::build(Normalizer::new(), &[contact(1), contact(2)]).index;
/// assert_eq!(index.suggestions().len(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the id of a contact",
    label = "this type does not implement `onefold::ContactId`",
    note = "integers, `String`, `&str`, `Box<str>` and `Arc<str>` are ids, and so is `uuid::Uuid` with the feature `uuid`",
    note = "for a type of your own, derive `Clone, Debug, PartialEq, Eq, PartialOrd, Ord` and write \
            `impl ContactId for {Self} {{ fn canonical_bytes(&self) -> impl AsRef<[u8]> {{ .. }} }}`"
)]
pub trait ContactId: Clone + Ord + Debug + Send + Sync {
    /// Returns the bytes that stand for the id in every stable name made from it, such as a
    /// [`SuggestionId`](crate::suggestion::SuggestionId). The caller writes their length before them, so the bytes need no end
    /// mark.
    ///
    /// Different ids of one type must have different bytes. An id must have the same bytes in every process, on every
    /// machine and in every release of the host, because hosts store the names made from them.
    ///
    /// The implementations in this crate return these bytes, which never change:
    /// - an integer: its value as 16 bytes, big-endian, in two's complement. The same number has the same bytes in
    ///   every integer type;
    /// - a text: its UTF-8 bytes, for every text type;
    /// - a pair: the number of bytes of its first part, as 8 bytes, big-endian, then the bytes of both parts;
    /// - a `Uuid`: its 16 bytes in the order of its text.
    fn canonical_bytes(&self) -> impl AsRef<[u8]>;
}

/// An id that can be written to a store and read back: a [`ContactId`] that serde can write, and read without
/// borrowing.
///
/// The trait is implemented for all integers, `String`, `Box<str>`, pairs of these and, with the feature `uuid`,
/// `Uuid`. For a type of your own, derive `Serialize` and `Deserialize` and write `impl StoredId for YourId {}`. Stores
/// keep an id as its JSON form.
///
/// A `&str` can be written but not read back, because the text that it would borrow from no longer exists then:
///
/// ```compile_fail
/// let patch = onefold::Patch::<&str>::from_bytes(&[]);
/// ```
///
/// The compiler reports that `&str: StoredId` does not hold. An id that owns its text, such as `String`, can be read
/// back:
///
/// ```
/// assert!(onefold::Patch::<String>::from_bytes(&[]).is_err(), "no bytes are no patch");
/// ```
#[cfg(feature = "serde")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read back from a stored form",
    label = "this type does not implement `onefold::contact::StoredId`",
    note = "use an id that owns its text, such as `String` or `Box<str>`, instead of `&str` or `Arc<str>`",
    note = "for a type of your own, derive `serde::Serialize` and `serde::Deserialize` and write `impl StoredId for {Self} {{}}`"
)]
pub trait StoredId: ContactId + serde::Serialize + serde::de::DeserializeOwned {}

macro_rules! integer_ids {
    ($wide:ty: $($integer:ty)*) => {$(
        impl ContactId for $integer {
            fn canonical_bytes(&self) -> impl AsRef<[u8]> {
                // The cast is lossless: no integer type is wider than 128 bits.
                (*self as $wide).to_be_bytes()
            }
        }

        #[cfg(feature = "serde")]
        impl StoredId for $integer {}
    )*};
}

integer_ids!(u128: u8 u16 u32 u64 u128 usize);
integer_ids!(i128: i8 i16 i32 i64 i128 isize);

macro_rules! text_ids {
    ($($text:ty)*) => {$(
        impl ContactId for $text {
            fn canonical_bytes(&self) -> impl AsRef<[u8]> {
                self.as_bytes()
            }
        }
    )*};
}

text_ids!(&str String Box<str> Arc<str>);

impl<A: ContactId, B: ContactId> ContactId for (A, B) {
    fn canonical_bytes(&self) -> impl AsRef<[u8]> {
        let (first, second) = (self.0.canonical_bytes(), self.1.canonical_bytes());
        let (first, second) = (first.as_ref(), second.as_ref());
        [&(first.len() as u64).to_be_bytes(), first, second].concat()
    }
}

#[cfg(feature = "serde")]
impl StoredId for String {}
#[cfg(feature = "serde")]
impl StoredId for Box<str> {}
#[cfg(feature = "serde")]
impl<A: StoredId, B: StoredId> StoredId for (A, B) {}

#[cfg(feature = "uuid")]
impl ContactId for uuid::Uuid {
    fn canonical_bytes(&self) -> impl AsRef<[u8]> {
        self.as_bytes()
    }
}

#[cfg(all(feature = "serde", feature = "uuid"))]
impl StoredId for uuid::Uuid {}

#[cfg(test)]
mod tests {
    use super::*;

    fn hexadecimal(id: impl ContactId) -> String {
        id.canonical_bytes().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn an_integer_has_its_value_in_16_bytes_whatever_its_type() {
        let seven = "00000000000000000000000000000007";
        let unsigned = [
            hexadecimal(7_u8),
            hexadecimal(7_u16),
            hexadecimal(7_u32),
            hexadecimal(7_u64),
            hexadecimal(7_u128),
            hexadecimal(7_usize),
        ];
        let signed = [
            hexadecimal(7_i8),
            hexadecimal(7_i16),
            hexadecimal(7_i32),
            hexadecimal(7_i64),
            hexadecimal(7_i128),
            hexadecimal(7_isize),
        ];
        assert_eq!(unsigned, [seven; 6]);
        assert_eq!(signed, [seven; 6]);
        assert_eq!(hexadecimal(0x0102_0304_u32), "00000000000000000000000001020304");
        assert_eq!(hexadecimal(u64::MAX), "0000000000000000ffffffffffffffff");
        assert_eq!(hexadecimal(u128::MAX), "ffffffffffffffffffffffffffffffff");
        assert_eq!(hexadecimal(-2_i8), "fffffffffffffffffffffffffffffffe");
        assert_eq!(hexadecimal(i64::MIN), "ffffffffffffffff8000000000000000");
        assert_eq!(hexadecimal(-2_isize), hexadecimal(-2_i64));
    }

    #[test]
    fn a_text_has_its_own_bytes_whatever_its_type() {
        for text in ["", "1", "crm:42", "Zo\u{eb}"] {
            let expected: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
            let all = [
                hexadecimal(text),
                hexadecimal(text.to_owned()),
                hexadecimal(Box::<str>::from(text)),
                hexadecimal(Arc::<str>::from(text)),
            ];
            assert_eq!(all, [(); 4].map(|()| expected.as_str()), "{text}");
        }
    }

    #[test]
    fn a_pair_says_where_its_first_part_ends() {
        assert_eq!(hexadecimal(("a", "bc")), "0000000000000001616263");
        assert_eq!(hexadecimal(("ab", "c")), "0000000000000002616263");
        assert_eq!(hexadecimal((7_u8, String::new())), "000000000000001000000000000000000000000000000007");
    }

    #[cfg(feature = "uuid")]
    #[test]
    fn a_uuid_has_its_bytes_in_the_order_of_its_text() {
        let id = uuid::Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);
        assert_eq!(hexadecimal(id), "67e5504410b1426f9247bb680e5fe0c8");
    }
}

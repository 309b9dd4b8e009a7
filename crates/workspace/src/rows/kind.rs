//! The kinds of rows that a store keeps.

use crate::rows::table_list::for_each_table;

/// Makes the kinds of the tables that have a name.
macro_rules! row_kinds {
    ($(
        #[doc = $doc:literal]
        $field:ident: $table:ident($key:ty => $row:ty), $kind:ident $(= $name:literal since $since:literal)?;
    )+) => {
        /// The tables that a store keeps for a workspace.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum RowKind {
            /// The settings, the number of the next event and the order of the fields, each under its name.
            Setting,
            $($(
                #[doc = $doc]
                #[doc = concat!("\n\nThe name of the kind is `", $name, "`.")]
                $kind,
            )?)+
            /// How `onefold replay` was configured by earlier releases; no part of a workspace.
            Config,
        }

        impl RowKind {
            /// Every kind, in the order in which rows are written.
            pub const ALL: &'static [Self] = &[Self::Setting, $($(Self::named($name, Self::$kind),)?)+ Self::Config];

            // Tables without a name of their own are left out of a list by naming the name in it.
            const fn named(_: &'static str, kind: Self) -> Self {
                kind
            }

            /// Returns the name of the kind, for a store to keep: lower-case letters and underscores. It never changes.
            pub fn name(self) -> &'static str {
                match self {
                    Self::Setting => "setting",
                    $($(Self::$kind => $name,)?)+
                    Self::Config => "config",
                }
            }

            /// Returns the version of a store's schema that had rows of the kind first.
            pub fn since(self) -> u32 {
                match self {
                    Self::Setting | Self::Config => 1,
                    $($(Self::$kind => $since,)?)+
                }
            }

            /// Returns the kind of a name; `None` if this release knows none.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }
        }
    };
}

for_each_table!(row_kinds);

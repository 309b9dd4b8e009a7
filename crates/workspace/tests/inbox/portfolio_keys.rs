//! What follows when a channel account of a workspace comes to belong to a portfolio.

use onefold::key::ScopeKind;
use onefold::normalize::AccountPortfolio;
use onefold::{Channel, ChannelKind, Contact, Field, MergeRequest, Normalizer, Time};
use onefold_workspace::{
    Act, ChannelAccount, EventKind, Later, RowWrite, Settings, StoredRow, UndoRequest, Workspace, WorkspaceError,
};

const USER: &str = "US.13491208655302741918";
const PARENT: &str = "US.ENT.118157992";

fn act() -> Act {
    Act::new(Time::from_millis(1_700_000_000_000), "host")
}

fn account(portfolio: &str) -> ChannelAccount {
    ChannelAccount::new(ChannelKind::WhatsApp, "Sales").belongs_to(AccountPortfolio::new().portfolio(portfolio))
}

/// Contacts 1 and 2 are one user on two accounts, 3 is a neighbour.
fn workspace() -> Workspace<u32> {
    let mut workspace = Workspace::new(Settings::new());
    for (id, channel, identity) in [(1, "wa-1", USER), (2, "wa-2", USER), (3, "wa-2", "US.77")] {
        let contact = Contact::new(id).with_channel(Channel::new(ChannelKind::WhatsApp, channel, identity));
        let contact = contact.with_email(format!("person-{id}@example.com"));
        let _ = workspace.add(contact, &act()).expect("a new contact");
    }
    let _ = workspace.put_account("wa-1", account("acme"), &act()).expect("an account");
    workspace
}

fn members(workspace: &Workspace<u32>) -> Vec<Vec<u32>> {
    workspace.index().suggestions().into_iter().map(|suggestion| suggestion.members).collect()
}

#[test]
fn contacts_get_their_keys_anew_with_the_account() {
    let mut workspace = workspace();
    assert_eq!(members(&workspace), [[0; 0]; 0]);
    let neighbour = workspace.index().keys_of(&1);
    let before = workspace.to_state();

    let applied = workspace.put_account("wa-2", account("acme"), &act()).expect("an account");
    assert_eq!(members(&workspace), [[1, 2]]);
    assert_eq!(workspace.index().keys_of(&1), neighbour);
    let key = &workspace.index().suggestions()[0].evidence[0].key;
    assert_eq!((key.scope_kind(), key.scope()), (ScopeKind::Portfolio, "whatsapp:portfolio/acme"));
    let marked = applied.changes.events.iter().filter_map(|change| change.after.as_ref());
    let marked: Vec<_> = marked.map(|event| &event.kind).collect();
    assert_eq!(marked, [&EventKind::SuggestionsChanged { contacts: vec![1, 2] }]);
    assert!(applied.changes.contacts.is_empty(), "nobody has written the contacts");

    // The rows say it all, in whatever store they are.
    let read = Workspace::<u32>::from_state(&workspace.to_state()).expect("a state");
    assert_eq!(members(&read), [[1, 2]]);
    assert_eq!(read.to_state(), workspace.to_state());
    let put = |write: RowWrite| match write {
        RowWrite::Put(row) => row,
        RowWrite::Delete { .. } => unreachable!("nothing was taken out"),
    };
    let written: Vec<StoredRow> = applied.changes.writes().map(put).collect();
    assert!(written.iter().any(|row| row.text.contains("acme")), "{written:?}");

    workspace.revert(applied.changes);
    assert_eq!((members(&workspace), workspace.to_state()), (vec![], before));
    let _ = workspace.put_account("wa-2", account("acme"), &act()).expect("an account");
    let _ = workspace.set_account("wa-2", ChannelKind::WhatsApp, "Support", &act()).expect("another title");
    assert_eq!(members(&workspace), [[1, 2]], "it still belongs to the portfolio");
    let _ = workspace.remove_account("wa-2", &act()).expect("an account");
    assert_eq!(members(&workspace), [[0; 0]; 0]);
}

#[test]
fn a_distinct_pair_stays_distinct() {
    let mut workspace = workspace();
    let _ = workspace.mark_distinct(&1, &2, &act()).expect("two");
    let applied = workspace.put_account("wa-2", account("acme"), &act()).expect("an account");
    assert_eq!(members(&workspace), [[0; 0]; 0]);
    assert!(workspace.index().is_distinct(&1, &2));
    let read = Workspace::<u32>::from_state(&workspace.to_state()).expect("a state");
    assert_eq!(members(&read), [[0; 0]; 0]);

    // Taken back, and done again.
    workspace.revert(applied.changes);
    let _ = workspace.put_account("wa-2", account("acme"), &act()).expect("an account");
    assert_eq!(members(&workspace), [[0; 0]; 0]);

    // What an edit brings is news.
    let edited = workspace.get(&2).expect("live").clone().with_email("person-1@example.com");
    let _ = workspace.edit(edited, &act()).expect("live");
    assert_eq!(members(&workspace), [[1, 2]]);
}

#[test]
fn parent_ids_are_valid_in_the_group() {
    let mut workspace = Workspace::<u32>::new(Settings::new());
    for (id, channel) in [(1, "wa-1"), (2, "wa-2")] {
        let contact = Contact::new(id).with_channel(Channel::new(ChannelKind::WhatsApp, channel, PARENT));
        let _ = workspace.add(contact, &act()).expect("a new contact");
        let _ = workspace.put_account(channel, account("acme"), &act()).expect("an account");
    }
    assert_eq!(members(&workspace), [[0; 0]; 0], "a portfolio is no group of portfolios");
    for channel in ["wa-1", "wa-2"] {
        let belongs_to = AccountPortfolio::new().portfolio(channel).portfolio_group("holding");
        let row = ChannelAccount::new(ChannelKind::WhatsApp, "Sales").belongs_to(belongs_to);
        let _ = workspace.put_account(channel, row, &act()).expect("an account");
    }
    assert_eq!(members(&workspace), [[1, 2]]);
}

#[test]
fn a_name_that_cannot_be_one_is_refused_and_changes_nothing() {
    let mut workspace = workspace();
    let before = workspace.to_state();
    let refused = workspace.put_account("wa-1", account(&"a".repeat(300)), &act()).map(drop);
    assert!(matches!(refused, Err(WorkspaceError::BadName { what: "portfolio", .. })));
    assert_eq!(workspace.to_state(), before);
}

#[test]
fn the_setting_is_read_back_and_stored() {
    let acme = AccountPortfolio::new().portfolio(" acme ").portfolio_group("holding");
    let normalizer = Normalizer::builder().account_portfolio("wa-1", acme.clone()).build();
    assert_eq!(normalizer.portfolio_of(" wa-1 "), Some(&acme));
    assert_eq!(normalizer.settings().portfolios.len(), 1);
    let json = serde_json::to_string(&normalizer).expect("JSON");
    assert_eq!(serde_json::from_str::<Normalizer>(&json).expect("a normaliser"), normalizer);
    let bytes = postcard::to_stdvec(&normalizer).expect("bytes");
    assert_eq!(postcard::from_bytes::<Normalizer>(&bytes).expect("a normaliser"), normalizer);
    let without = normalizer.to_builder().account_portfolio("wa-1", AccountPortfolio::new()).build();
    assert_eq!((without.clone(), without), (Normalizer::new(), Normalizer::new()));
    assert!(!serde_json::to_string(&Normalizer::new()).expect("JSON").contains("portfolios"));
}

/// What is wrong with a workspace in which all contacts were marked distinct: two live ones that are not.
fn reopened(workspace: &Workspace<u32>) -> Option<(u32, u32)> {
    let live: Vec<u32> = workspace.contacts().map(|contact| contact.id).collect();
    let mut pairs = live.iter().flat_map(|a| live.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b);
    pairs.find(|(a, b)| !workspace.index().is_distinct(a, b))
}

#[test]
fn a_pair_stays_distinct_when_one_was_merged_away_and_the_survivor_does_not_have_its_channel() {
    let mut workspace = workspace();
    let _ = workspace.mark_distinct(&1, &2, &act()).expect("two");
    let _ = workspace.merge(&MergeRequest::new("m"), &3, &[2], &act()).expect("a merge");
    let _ = workspace.remove_channel(&3, "wa-2", Some(USER), &act()).expect("a channel");
    let _ = workspace.put_account("wa-2", account("acme"), &act()).expect("an account");
    let _ = workspace.undo("m", &UndoRequest::new(), &act()).expect("an undo");
    assert_eq!(members(&workspace), [[0; 0]; 0]);
    assert!(workspace.index().is_distinct(&1, &2));
}

/// Whatever is merged, taken back, taken from a survivor and regrouped: who was marked distinct stays so.
#[test]
fn distinct_pairs_outlive_any_change_of_portfolios() {
    for seed in 0..150_u64 {
        let mut state = seed;
        let mut below = |bound: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from(state >> 33).expect("31 bits") % bound
        };
        let mut workspace = Workspace::new(Settings::new());
        for id in 0..5 {
            let (channel, user) = (format!("wa-{}", below(3)), format!("US.{}", 100_000 + below(2)));
            let contact = Contact::new(id).with_channel(Channel::new(ChannelKind::WhatsApp, channel, user));
            let _ = workspace.add(contact, &act()).expect("a new contact");
        }
        for a in 0..5 {
            for b in a + 1..5 {
                let _ = workspace.mark_distinct(&a, &b, &act()).expect("two");
            }
        }
        let mut merges = Vec::new();
        for number in 0..25 {
            let live: Vec<u32> = workspace.contacts().map(|contact| contact.id).collect();
            let id = live[usize::try_from(below(u32::try_from(live.len()).expect("few"))).expect("few")];
            let name = format!("wa-{}", below(3));
            match below(6) {
                0 | 1 => {
                    let request = MergeRequest::new(format!("m{number}")).allow_distinct();
                    let request = if below(2) == 0 { request.take(Field::Channels, id) } else { request };
                    let retire = live[usize::try_from(below(u32::try_from(live.len()).expect("few"))).expect("few")];
                    if workspace.merge(&request, &id, &[retire], &act()).is_ok() {
                        merges.push(format!("m{number}"));
                    }
                }
                2 => drop(workspace.remove_channel(&id, &name, None, &act())),
                3 if !merges.is_empty() => {
                    let at = usize::try_from(below(u32::try_from(merges.len()).expect("few"))).expect("few");
                    drop(workspace.undo(&merges[at], &UndoRequest::new().with_later(Later::Undo), &act()));
                }
                _ => {
                    let portfolio = AccountPortfolio::new()
                        .portfolio(["", "acme", "other"][usize::try_from(below(3)).expect("few")]);
                    let row = ChannelAccount::new(ChannelKind::WhatsApp, "Sales").belongs_to(portfolio);
                    let applied = workspace.put_account(&name, row, &act()).expect("an account");
                    if below(4) == 0 {
                        workspace.revert(applied.changes);
                    }
                }
            }
            assert_eq!(reopened(&workspace), None, "seed {seed}, step {number}");
        }
        for merge in merges.iter().rev() {
            drop(workspace.undo(merge, &UndoRequest::new().with_later(Later::Undo), &act()));
            assert_eq!(reopened(&workspace), None, "seed {seed}, {merge}");
        }
    }
}

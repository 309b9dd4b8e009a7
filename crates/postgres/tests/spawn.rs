//! Every future of the store can be spawned, with whatever borrowed arguments: the compiler proves it.

use std::fs;
use std::future::Future;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use onefold::{Contact, Field, MergeRequest, Value};
use onefold_postgres::{Error, Store, StoreError, StoredId, migrate, retry};
use onefold_workspace::{Act, Existing, Sender, Settings, UndoRequest};
use tokio_postgres::{Client, Transaction};

fn assert_send(_: impl Send) {}

fn assert_spawns(_: impl Future + Send + 'static) {}

fn assert_all<T: Send + Sync + 'static>() {}

/// What operations borrow.
struct Borrowed<'a, Id> {
    id: &'a Id,
    ids: &'a [Id],
    contact: &'a Contact<Id>,
    field: &'a Field,
    value: &'a Value,
    tags: &'a [&'a str],
    through: Option<Sender<'a>>,
    merge: &'a MergeRequest<Id>,
    undo: &'a UndoRequest,
    act: &'a Act,
}

fn operations<Id: StoredId>(store: &Store, t: &mut Transaction<'_>, borrowed: &Borrowed<'_, Id>) {
    let Borrowed { id, ids, contact, field, value, tags, through, merge, undo, act } = *borrowed;
    assert_send(migrate(t, "onefold"));
    assert_send(store.create(t, Settings::new()));
    assert_send(store.remove(t));
    assert_send(store.add(t, contact.clone(), act));
    assert_send(store.edit(t, contact.clone(), act));
    assert_send(store.import(t, vec![contact.clone()], Existing::Update, act));
    assert_send(store.set_field(t, id, field, value.clone(), act));
    assert_send(store.assign_tags(t, ids, tags, act));
    assert_send(store.receive(t, id, through.as_ref(), act));
    assert_send(store.send(t, id, "wa-1", act));
    assert_send(store.remove_channel(t, id, "wa-1", None, act));
    assert_send(store.block(t, id, act));
    assert_send(store.unblock(t, id, act));
    assert_send(store.mark_distinct(t, id, id, act));
    assert_send(store.mark_distinct_forever(t, id, id, act));
    assert_send(store.clear_distinct(t, id, id, act));
    assert_send(store.merge(t, merge, id, ids, act));
    assert_send(store.undo::<Id>(t, "m1", undo, act));
    assert_send(store.delete(t, id, act));
    assert_send(store.set_settings::<Id>(t, Settings::new(), act));
    assert_send(store.whole::<Id, _>(t, |workspace| workspace.set_field(id, field, value.clone(), act)));
    assert_send(store.acknowledge(t, &[1, 2]));
    assert_send(store.rebuild_keys::<Id>(t));
}

macro_rules! questions {
    ($store:expr, $client:expr, $id:expr, $contact:expr) => {
        assert_send($store.get($client, $id));
        assert_send($store.resolve($client, $id));
        assert_send($store.person($client, $id));
        assert_send($store.suggestion_for($client, $id));
        assert_send($store.suggestions_page($client, Some($id), 10));
        assert_send($store.suggestions::<Id>($client));
        assert_send($store.suggestion_counts::<Id>($client));
        assert_send($store.common_keys::<Id>($client));
        assert_send($store.contacts_like($client, $contact));
        assert_send($store.matches_blocked($client, $contact));
        assert_send($store.history::<Id>($client, None, 10));
        assert_send($store.merge_record::<Id>($client, "m1"));
        assert_send($store.blocked::<Id>($client));
        assert_send($store.events::<Id>($client, 10));
        assert_send($store.rows($client));
    };
}

fn questions_of_a_client<Id: StoredId>(store: &Store, client: &Client, id: &Id, contact: &Contact<Id>) {
    questions!(store, client, id, contact);
}

fn questions_of_a_transaction<Id: StoredId>(store: &Store, t: &Transaction<'_>, id: &Id, contact: &Contact<Id>) {
    questions!(store, t, id, contact);
}

/// The same inside of other futures, where lifetimes are not known to the compiler any more.
async fn handler<Id: StoredId>(
    store: &Store,
    client: &mut Client,
    borrowed: &Borrowed<'_, Id>,
) -> Result<(), Error<Id>> {
    let Borrowed { id, ids, contact, field, value, tags, through, merge, undo, act } = *borrowed;
    let attempts = AtomicU32::new(0);
    retry(client, 5, async |t| migrate(t, "onefold").await).await?;
    retry(client, 5, async |t| store.create(t, Settings::new()).await).await?;
    retry(client, 5, async |t: &mut Transaction<'_>| {
        attempts.fetch_add(1, Ordering::Relaxed);
        t.execute("INSERT INTO account (id) VALUES (1)", &[]).await?;
        store.add(t, contact.clone(), act).await?;
        store.edit(t, contact.clone(), act).await?;
        store.import(t, vec![contact.clone()], Existing::Update, act).await?;
        store.set_field(t, id, field, value.clone(), act).await?;
        store.assign_tags(t, ids, tags, act).await?;
        store.receive(t, id, through.as_ref(), act).await?;
        store.send(t, id, "wa-1", act).await?;
        store.remove_channel(t, id, "wa-1", None, act).await?;
        store.block(t, id, act).await?;
        store.unblock(t, id, act).await?;
        store.mark_distinct(t, id, id, act).await?;
        store.mark_distinct_forever(t, id, id, act).await?;
        store.clear_distinct(t, id, id, act).await?;
        store.merge(t, merge, id, ids, act).await?;
        store.undo::<Id>(t, "m1", undo, act).await?;
        store.delete(t, id, act).await?;
        store.set_settings::<Id>(t, Settings::new(), act).await?;
        store.whole::<Id, _>(t, |workspace| workspace.set_field(id, field, value.clone(), act)).await?;
        store.acknowledge(t, &[1, 2]).await?;
        store.rebuild_keys::<Id>(t).await?;
        store.suggestion_for(t, id).await?;
        store.suggestions_page(t, Some(id), 10).await?;
        store.remove(t).await?;
        Ok::<_, Error<Id>>(())
    })
    .await?;
    if let Some(group) = store.suggestion_for(client, id).await? {
        let (into, retire) = (&group.members[0], &group.members[1..]);
        retry(client, 5, async |t| store.merge(t, merge, into, retire, act).await).await?;
    }
    let client: &Client = client;
    store.get(client, id).await?;
    store.resolve(client, id).await?;
    store.person(client, id).await?;
    store.suggestions_page(client, Some(id), 10).await?;
    store.suggestions::<Id>(client).await?;
    store.suggestion_counts::<Id>(client).await?;
    store.common_keys::<Id>(client).await?;
    store.contacts_like(client, contact).await?;
    store.matches_blocked(client, contact).await?;
    store.history::<Id>(client, None, 10).await?;
    store.merge_record::<Id>(client, "m1").await?;
    store.blocked::<Id>(client).await?;
    store.events::<Id>(client, 10).await?;
    store.rows(client).await?;
    Ok(())
}

fn handlers<Id: StoredId + 'static>(store: Store, mut client: Client, id: Id) {
    assert_spawns(async move {
        let tag = String::from("new");
        let (contact, value) = (Contact::new(id.clone()).with_email("ada@example.com"), Value::from("Ada"));
        let borrowed = Borrowed {
            id: &id,
            ids: std::slice::from_ref(&id),
            contact: &contact,
            field: &Field::FirstName,
            value: &value,
            tags: &[&tag],
            through: Some(Sender::new("wa-1", &tag)),
            merge: &MergeRequest::new("m1"),
            undo: &UndoRequest::new(),
            act: &Act::default(),
        };
        handler(&store, &mut client, &borrowed).await
    });
}

/// The closure may own what it captures.
fn owned(store: Store, mut client: Client, contact: Contact<String>) {
    assert_spawns(async move {
        let act = Act::default();
        retry(&mut client, 5, async move |t| store.add(t, contact.clone(), &act).await.map(drop)).await
    });
}

#[test]
fn every_future_can_be_spawned() {
    // To compile them is the test.
    let _ = (operations::<u64>, operations::<String>, questions_of_a_client::<u64>, questions_of_a_transaction::<u64>);
    let _ = (handlers::<u64>, handlers::<String>, owned);
    assert_all::<Store>();
    assert_all::<StoreError>();
    assert_all::<Error<String>>();
    // None is left out, neither alone nor inside of another one.
    let here = include_str!("spawn.rs");
    let (alone, inside) = here.split_once("async fn handler").expect("both");
    let sources = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("a folder");
    let mut count = 0;
    for source in sources {
        let source = fs::read_to_string(source.expect("a file").path()).expect("a source file");
        for rest in source.split("pub async fn ").skip(1) {
            let name = rest.split(['<', '(']).next().expect("a name");
            count += 1;
            let calls =
                |text: &str| [format!("{name}("), format!("{name}::<")].iter().any(|call| text.contains(call.as_str()));
            assert!(name == "retry" || calls(alone), "{name} is not proven to be `Send`");
            assert!(calls(inside), "{name} is not proven to be `Send` inside of another future");
        }
    }
    assert!(count > 38, "{count}");
}

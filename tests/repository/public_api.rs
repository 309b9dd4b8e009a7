//! The public interface changes only on purpose: `tests/golden/public_api` has all of it, a file for each crate, as Rust without
//! bodies. With `ONEFOLD_WRITE_API=1` the files are written again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, ItemImpl, Type, UseTree, Visibility};

/// A module's items, by the path of the module.
type Modules = BTreeMap<Vec<String>, Vec<Item>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a module and those in it.
fn read(folder: &Path, file: &Path, path: Vec<String>, into: &mut Modules) {
    let items = syn::parse_file(&fs::read_to_string(file).expect("a source file")).expect("Rust").items;
    for item in &items {
        let Item::Mod(module) = item else { continue };
        if module.content.is_some() {
            continue;
        }
        let name = module.ident.to_string();
        let (flat, nested) = (folder.join(format!("{name}.rs")), folder.join(&name));
        let file = if flat.exists() { flat } else { nested.join("mod.rs") };
        read(&nested, &file, [path.clone(), vec![name]].concat(), into);
    }
    into.insert(path, items);
}

/// What the names of a `use` stand for: the path and the name it is known by.
fn names(tree: &UseTree, path: &[String]) -> Vec<(Vec<String>, String)> {
    match tree {
        UseTree::Path(one) => names(&one.tree, &[path, &[one.ident.to_string()]].concat()),
        UseTree::Name(one) => vec![([path, &[one.ident.to_string()]].concat(), one.ident.to_string())],
        UseTree::Rename(one) => vec![([path, &[one.ident.to_string()]].concat(), one.rename.to_string())],
        UseTree::Group(group) => group.items.iter().flat_map(|tree| names(tree, path)).collect(),
        UseTree::Glob(_) => panic!("nothing is exported by a glob"),
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether it is public for the other crates of the workspace only.
fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.to_token_stream().to_string().contains("hidden"))
}

fn named(item: &Item) -> Option<(String, &Visibility)> {
    match item {
        Item::Struct(item) => Some((item.ident.to_string(), &item.vis)),
        Item::Enum(item) => Some((item.ident.to_string(), &item.vis)),
        Item::Trait(item) => Some((item.ident.to_string(), &item.vis)),
        Item::Const(item) => Some((item.ident.to_string(), &item.vis)),
        Item::Type(item) => Some((item.ident.to_string(), &item.vis)),
        Item::Fn(item) => Some((item.sig.ident.to_string(), &item.vis)),
        _ => None,
    }
}

/// The item that a path stands for, through whatever it is exported again by.
fn find<'a>(modules: &'a Modules, path: &[String]) -> &'a Item {
    let (name, module) = path.split_last().expect("a path has a name");
    let items = &modules[module];
    if let Some(item) = items.iter().find(|item| named(item).is_some_and(|(own, _)| own == *name)) {
        return item;
    }
    for item in items {
        let Item::Use(used) = item else { continue };
        for (target, known_by) in names(&used.tree, &[]) {
            if known_by == *name && modules.contains_key(&[module, &target[..1]].concat()) {
                return find(modules, &[module, &target].concat());
            }
        }
    }
    // A type that a macro makes of a list is recorded as the list.
    let called = items.iter().find_map(|item| match item {
        Item::Macro(call) if call.ident.is_none() => call.mac.path.get_ident(),
        _ => None,
    });
    let is_list =
        |item: &&Item| matches!(item, Item::Macro(list) if list.ident.is_some() && list.ident.as_ref() == called);
    modules.values().flatten().find(is_list).unwrap_or_else(|| panic!("{path:?} is not found"))
}

/// Attributes that callers can tell.
fn keep(attributes: &mut Vec<Attribute>) {
    let kept = ["derive", "non_exhaustive", "cfg", "cfg_attr", "must_use", "repr", "default"];
    attributes.retain(|attribute| kept.iter().any(|name| attribute.path().is_ident(name)));
    let is_default = |attribute: &Attribute| attribute.path().is_ident("default");
    attributes.retain(|attribute| !is_default(attribute));
}

fn bare(item: &Item) -> Item {
    let mut item = item.clone();
    match &mut item {
        Item::Struct(item) => {
            keep(&mut item.attrs);
            match &mut item.fields {
                Fields::Named(fields) => {
                    let public = fields.named.iter().filter(|field| is_public(&field.vis)).cloned();
                    fields.named = public.collect();
                    fields.named.iter_mut().for_each(|field| keep(&mut field.attrs));
                }
                // What is private is there and is no business of anybody.
                Fields::Unnamed(fields) => fields.unnamed.clear(),
                Fields::Unit => {}
            }
        }
        Item::Enum(item) => {
            keep(&mut item.attrs);
            for variant in &mut item.variants {
                keep(&mut variant.attrs);
                variant.fields.iter_mut().for_each(|field| keep(&mut field.attrs));
            }
        }
        Item::Const(item) => keep(&mut item.attrs),
        Item::Trait(item) => keep(&mut item.attrs),
        Item::Fn(item) => {
            keep(&mut item.attrs);
            item.block.stmts.clear();
        }
        Item::Macro(_) => {}
        other => panic!("not expected to be public: {}", other.to_token_stream()),
    }
    item
}

/// What an implementation gives to callers; `None` if nothing.
fn bare_impl(item: &ItemImpl) -> Option<ItemImpl> {
    let mut item = item.clone();
    keep(&mut item.attrs);
    if item.trait_.is_some() {
        item.items.retain(|inner| matches!(inner, ImplItem::Type(_)));
        return Some(item);
    }
    item.items.retain(|inner| match inner {
        ImplItem::Fn(function) => is_public(&function.vis) && !is_hidden(&function.attrs),
        ImplItem::Const(constant) => is_public(&constant.vis) && !is_hidden(&constant.attrs),
        _ => false,
    });
    for inner in &mut item.items {
        match inner {
            ImplItem::Fn(function) => {
                keep(&mut function.attrs);
                function.block.stmts.clear();
            }
            ImplItem::Const(constant) => keep(&mut constant.attrs),
            _ => {}
        }
    }
    (!item.items.is_empty()).then_some(item)
}

/// The name of the type that is implemented, if it is one of the crate's own.
fn implemented(item: &ItemImpl) -> Option<String> {
    match &*item.self_ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn text(item: Item) -> String {
    prettyplease::unparse(&syn::File { shebang: None, attrs: Vec::new(), items: vec![item] })
}

/// What a module gives to callers: the name of each item, the path where it is, and what it is exported with.
fn exports(modules: &Modules, module: &[String]) -> Vec<(String, Vec<String>, String)> {
    let mut found = Vec::new();
    for item in &modules[module] {
        match item {
            Item::Use(used) if is_public(&used.vis) && !is_hidden(&used.attrs) => {
                let mut attributes = used.attrs.clone();
                keep(&mut attributes);
                let only: String =
                    attributes.iter().map(|attribute| attribute.to_token_stream().to_string() + "\n").collect();
                for (path, known_by) in names(&used.tree, &[]) {
                    found.push((known_by, [module, &path].concat(), only.clone()));
                }
            }
            Item::Use(_) => {}
            other => {
                let Some((name, visibility)) = named(other) else { continue };
                if is_public(visibility) && !is_hidden(attributes_of(other)) {
                    found.push((name.clone(), [module, &[name]].concat(), String::new()));
                }
            }
        }
    }
    found
}

fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        _ => &[],
    }
}

fn public_api(source: &Path) -> String {
    let mut modules = Modules::new();
    read(source, &source.join("lib.rs"), Vec::new(), &mut modules);
    let mut exported: BTreeMap<String, String> = BTreeMap::new();
    let mut public: BTreeSet<String> = BTreeSet::new();
    let in_root = modules[&Vec::new()].iter().filter_map(|item| match item {
        Item::Mod(module) if is_public(&module.vis) && module.content.is_none() => Some(vec![module.ident.to_string()]),
        _ => None,
    });
    for module in in_root.chain([Vec::new()]) {
        for (known_by, path, only) in exports(&modules, &module) {
            let item = find(&modules, &path);
            let own = named(item).map_or_else(|| known_by.clone(), |(own, _)| own);
            let alias = if own == known_by { String::new() } else { format!("// exported as {known_by}\n") };
            let place = [module.clone(), vec![known_by]].concat().join("::");
            exported.insert(place.clone(), format!("// {place}\n{only}{alias}{}", text(bare(item))));
            public.insert(own);
        }
    }
    let impls = modules.values().flatten().filter_map(|item| match item {
        Item::Impl(item) if implemented(item).is_some_and(|name| public.contains(&name)) => bare_impl(item),
        _ => None,
    });
    let mut impls: Vec<(String, String)> =
        impls.map(|item| (implemented(&item).expect("a type"), text(Item::Impl(item)))).collect();
    impls.sort();
    let items = exported.into_values().chain(impls.into_iter().map(|(_, text)| text));
    items.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn assert_on_record(name: &str, source: &str, examples: &[&str]) {
    let path = root().join("tests/golden/public_api").join(format!("{name}.txt"));
    let now = public_api(&root().join(source));
    if std::env::var_os("ONEFOLD_WRITE_API").is_some() {
        fs::write(&path, &now).expect("a file");
    }
    let recorded = fs::read_to_string(&path).expect("the record");
    for (line, (now, recorded)) in (1..).zip(now.lines().zip(recorded.lines())) {
        assert_eq!(
            now, recorded,
            "{name}, line {line}; if it is meant, run with ONEFOLD_WRITE_API=1 and commit the record"
        );
    }
    assert_eq!(now.lines().count(), recorded.lines().count(), "lines of {name}");
    for example in examples {
        assert!(now.contains(example), "{example} is missing");
    }
}

#[test]
fn the_public_interfaces_are_the_ones_on_record() {
    let library = ["pub struct Contact<Id>", "pub fn suggestions(", "impl fmt::Display for Reason", "// rules::judge"];
    assert_on_record("onefold", "src", &library);
    let workspace = ["pub struct Workspace<Id>", "exported as StoredContact"];
    assert_on_record("onefold-workspace", "crates/workspace/src", &workspace);
}

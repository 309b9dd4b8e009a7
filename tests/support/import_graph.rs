//! Which file of a crate imports from which, read from its source outside of tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, ImplItem, Item, UseTree, Visibility};

/// The files of a crate, by their paths below its `src`, and what they import.
pub struct ImportGraph {
    pub files: BTreeMap<String, SourceFile>,
    /// The files that each file imports from.
    pub imports: BTreeMap<String, BTreeSet<String>>,
}

pub struct SourceFile {
    pub lines: usize,
    module: Vec<String>,
    inner_modules: BTreeSet<String>,
    /// The names that are exported again, with the path that each stands for; `None` where that is in another crate.
    exports: BTreeMap<String, Option<Vec<String>>>,
    /// The paths that private imports and code name, from the root of the crate.
    paths: Vec<Vec<String>>,
}

/// A token of a path, or what stands between two paths.
#[derive(PartialEq)]
enum Token {
    Name(String),
    Separator,
    Call,
    Other,
}

impl ImportGraph {
    /// Reads all files below the folder `src` of a crate.
    pub fn read(src: &Path) -> Self {
        let mut files = BTreeMap::new();
        for path in files_below(src) {
            let name = path.strip_prefix(src).expect("below").to_str().expect("UTF-8").replace('\\', "/");
            files.insert(name.clone(), SourceFile::read(&path, &name));
        }
        let modules: BTreeMap<&[String], &String> = files.iter().map(|(name, file)| (&*file.module, name)).collect();
        let mut imports = BTreeMap::new();
        for (name, file) in &files {
            let found = file.paths.iter().filter_map(|path| resolve(&files, &modules, path, 0));
            imports.insert(name.clone(), found.filter(|found| found != name).collect());
        }
        Self { files, imports }
    }

    /// The folders of the crate, as paths that end with a slash; the root is empty.
    pub fn folders(&self) -> BTreeSet<String> {
        let ends = |name: &str| name.match_indices('/').map(|(at, _)| name[..=at].to_owned()).collect::<Vec<_>>();
        self.files.keys().flat_map(|name| ends(name)).chain([String::new()]).collect()
    }

    /// What imports what directly in a folder: its files but for `mod.rs`, and its folders with all that is in them.
    pub fn entries(&self, folder: &str) -> BTreeMap<String, BTreeSet<String>> {
        let entry = |name: &str| {
            let rest = name.strip_prefix(folder)?;
            let end = rest.find('/').map_or(rest.len(), |at| at + 1);
            (!["mod.rs", "lib.rs", "main.rs"].contains(&rest)).then(|| rest[..end].to_owned())
        };
        let mut entries: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, imports) in &self.imports {
            let Some(own) = entry(name) else { continue };
            let imported = imports.iter().filter_map(|import| entry(import)).filter(|import| *import != own);
            entries.entry(own.clone()).or_default().extend(imported.collect::<Vec<_>>());
        }
        entries
    }
}

/// The sets of nodes that import one another in circles, each sorted.
pub fn circles(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reached = |from: &String| {
        let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(node) = open.pop() {
            for next in graph.get(node).into_iter().flatten() {
                if reached.insert(next) {
                    open.push(next);
                }
            }
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<&String>> = graph.keys().map(|node| (node, reached(node))).collect();
    let mut circles = BTreeSet::new();
    for (node, from) in &reached {
        let circle: Vec<String> = from
            .iter()
            .filter(|other| reached.get(*other).is_some_and(|back| back.contains(node)))
            .map(|other| (*other).clone())
            .collect();
        if !circle.is_empty() {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The file where the item at a path is defined, through whatever exports it again.
fn resolve(
    files: &BTreeMap<String, SourceFile>,
    modules: &BTreeMap<&[String], &String>,
    path: &[String],
    depth: usize,
) -> Option<String> {
    assert!(depth < 20, "{path:?} is exported in a circle");
    let mut module = 0;
    while module < path.len() && modules.contains_key(&path[..=module]) {
        module += 1;
    }
    let name = *modules.get(&path[..module])?;
    let Some(item) = path.get(module) else { return Some(name.clone()) };
    match files[name].exports.get(item) {
        Some(Some(target)) => {
            let whole = [target, &path[module + 1..]].concat();
            resolve(files, modules, &whole, depth + 1)
        }
        Some(None) => None,
        None => Some(name.clone()),
    }
}

impl SourceFile {
    fn read(path: &Path, name: &str) -> Self {
        let text = fs::read_to_string(path).expect("a source file");
        let module = name.strip_suffix(".rs").expect("Rust").split('/').map(str::to_owned);
        let mut module: Vec<String> = module.collect();
        if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
            module.pop();
        }
        let items = without_tests(syn::parse_file(&text).expect("Rust").items);
        let inner_modules = items.iter().filter_map(|item| match item {
            Item::Mod(inner) if inner.content.is_none() => Some(inner.ident.to_string()),
            _ => None,
        });
        let mut file = Self {
            lines: text.lines().count(),
            inner_modules: inner_modules.collect(),
            module,
            exports: BTreeMap::new(),
            paths: Vec::new(),
        };
        let (mut code, mut imported) = (TokenStream::new(), BTreeMap::new());
        for item in &items {
            let Item::Use(import) = item else {
                item.to_tokens(&mut code);
                continue;
            };
            for (path, known_by) in leaves(&import.tree, &[]) {
                let target = file.absolute(&path);
                if matches!(import.vis, Visibility::Inherited) {
                    imported.extend(target.map(|target| (known_by, target)));
                } else {
                    file.export(known_by, path, target);
                }
            }
        }
        let mut tokens = Vec::new();
        flatten(code, &mut tokens);
        file.add_paths(&tokens, &imported);
        file.paths.extend(imported.into_values());
        file
    }

    /// The path from the root of the crate; `None` in another crate.
    fn absolute(&self, path: &[String]) -> Option<Vec<String>> {
        match path.first()?.as_str() {
            "crate" => Some(path[1..].to_vec()),
            "self" => Some([&self.module, &path[1..]].concat()),
            "super" => Some([&self.module[..self.module.len() - 1], &path[1..]].concat()),
            first if self.inner_modules.contains(first) => Some([&self.module, path].concat()),
            _ => None,
        }
    }

    /// To export again what an inner module has is no import, and to export what others have is one.
    fn export(&mut self, known_by: String, path: Vec<String>, target: Option<Vec<String>>) {
        if let Some(target) = &target
            && path[0] == "crate"
            && !target.starts_with(&self.module)
        {
            self.paths.push(target.clone());
        }
        self.exports.insert(known_by, target);
    }

    fn add_paths(&mut self, tokens: &[Token], imported: &BTreeMap<String, Vec<String>>) {
        let mut at = 0;
        while at < tokens.len() {
            let mut path = Vec::new();
            while let Some(Token::Name(name)) = tokens.get(at) {
                path.push(name.clone());
                at += 1;
                if tokens.get(at) != Some(&Token::Separator) || !matches!(tokens.get(at + 1), Some(Token::Name(_))) {
                    break;
                }
                at += 1;
            }
            at += 1;
            let Some(first) = path.first() else { continue };
            let is_name = first.starts_with(char::is_uppercase) || tokens.get(at - 1) == Some(&Token::Call);
            if path.len() > 1 {
                let through_import = imported.get(first).map(|target| [target, &path[1..]].concat());
                self.paths.extend(through_import.or_else(|| self.absolute(&path)));
            } else if is_name && let Some(Some(target)) = self.exports.get(first) {
                // What a file exports again and uses itself is imported as well.
                self.paths.push(target.clone());
            }
        }
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    let texts = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    texts.map(|attribute| attribute.meta.to_token_stream().to_string().replace(' ', "")).any(|text| text == "cfg(test)")
}

fn without_tests(items: Vec<Item>) -> Vec<Item> {
    let mut left = Vec::new();
    for mut item in items {
        let attributes = match &mut item {
            Item::Mod(inner) => {
                if let Some((_, content)) = &mut inner.content {
                    *content = without_tests(std::mem::take(content));
                }
                &inner.attrs
            }
            Item::Impl(inner) => {
                inner.items.retain(|item| !matches!(item, ImplItem::Fn(function) if is_test(&function.attrs)));
                &inner.attrs
            }
            Item::Fn(inner) => &inner.attrs,
            Item::Use(inner) => &inner.attrs,
            Item::Const(inner) => &inner.attrs,
            Item::Struct(inner) => &inner.attrs,
            Item::Enum(inner) => &inner.attrs,
            _ => &Vec::new(),
        };
        if !is_test(attributes) {
            left.push(item);
        }
    }
    left
}

/// The paths of an import, each with the name that it is known by.
fn leaves(tree: &UseTree, before: &[String]) -> Vec<(Vec<String>, String)> {
    let with =
        |name: &syn::Ident| if name == "self" { before.to_vec() } else { [before, &[name.to_string()]].concat() };
    match tree {
        UseTree::Path(one) => leaves(&one.tree, &[before, &[one.ident.to_string()]].concat()),
        UseTree::Name(one) => {
            let path = with(&one.ident);
            let known_by = path.last().cloned().unwrap_or_default();
            vec![(path, known_by)]
        }
        UseTree::Rename(one) => vec![(with(&one.ident), one.rename.to_string())],
        UseTree::Group(group) => group.items.iter().flat_map(|tree| leaves(tree, before)).collect(),
        UseTree::Glob(_) => vec![(before.to_vec(), "*".to_owned())],
    }
}

fn flatten(stream: TokenStream, into: &mut Vec<Token>) {
    let mut colons = 0;
    for token in stream {
        let colon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
        colons = if colon { colons + 1 } else { 0 };
        match token {
            TokenTree::Ident(name) => into.push(Token::Name(name.to_string())),
            TokenTree::Group(group) => {
                let called = group.delimiter() == proc_macro2::Delimiter::Parenthesis;
                into.push(if called { Token::Call } else { Token::Other });
                flatten(group.stream(), into);
                into.push(Token::Other);
            }
            _ if colons == 2 => {
                into.pop();
                into.push(Token::Separator);
                colons = 0;
            }
            _ => into.push(Token::Other),
        }
    }
}

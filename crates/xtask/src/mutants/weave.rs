//! From a copy of the library to the same with all mutants in it, each behind a switch, and a list of them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{BinOp, Block, Expr, ExprBinary, ReturnType, Signature, Type, parse_quote};

use crate::mutants::MODULES;

const SWITCH: &str = "
/// Which mutant is at work.
pub(crate) mod mutants {
    pub(crate) fn on(number: u32) -> bool {
        static ON: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
        *ON.get_or_init(|| std::env::var(\"ONEFOLD_MUTANT\").ok().and_then(|on| on.parse().ok()).unwrap_or(0)) == number
    }
}
";

/// Weaves all mutants into the copy, leaving out those that do not compile.
pub fn all(copy: &Path) {
    let mut files = Vec::new();
    for module in MODULES {
        sources(&copy.join("src").join(module), &mut files);
    }
    files.sort();
    let originals: Vec<String> = files.iter().map(|file| fs::read_to_string(file).expect("a source file")).collect();
    let lib = copy.join("src/lib.rs");
    let original_lib = fs::read_to_string(&lib).expect("the library");
    fs::write(&lib, format!("#![allow(warnings)]\n{original_lib}{SWITCH}")).expect("written");
    let mut without = BTreeSet::new();
    loop {
        let mut weaver = Weaver { next: 0, without: &without, list: String::new(), file: String::new() };
        for (file, original) in files.iter().zip(&originals) {
            weaver.file = file.strip_prefix(copy).expect("a file of the copy").display().to_string();
            let mut tree = syn::parse_file(original).expect("Rust");
            weaver.visit_file_mut(&mut tree);
            fs::write(file, prettyplease::unparse(&tree)).expect("written");
        }
        fs::write(copy.join("mutants.tsv"), &weaver.list).expect("written");
        let bad = that_do_not_compile(copy);
        println!("{} mutants, {} of them do not compile", weaver.next, bad.len());
        if bad.is_empty() {
            return;
        }
        without.extend(bad);
    }
}

fn sources(path: &Path, into: &mut Vec<PathBuf>) {
    if path.is_dir() {
        fs::read_dir(path).expect("a folder").for_each(|entry| sources(&entry.expect("an entry").path(), into));
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        into.push(path.to_owned());
    }
}

/// The numbers of the switches next to what the compiler complains about.
fn that_do_not_compile(copy: &Path) -> BTreeSet<u32> {
    let output = Command::new("cargo")
        .args(["check", "-p", "onefold", "--lib", "--message-format", "short", "--color", "never"])
        .current_dir(copy)
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let mut bad = BTreeSet::new();
    for line in said.lines().filter(|line| line.contains(": error")) {
        let mut parts = line.split(':');
        let (Some(file), Some(Ok(at))) = (parts.next(), parts.next().map(str::parse::<usize>)) else { continue };
        let text = fs::read_to_string(copy.join(file)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let switches = |line: &str| -> Vec<u32> {
            let parts = line.split("mutants::on(").skip(1);
            parts.filter_map(|rest| rest.split(['u', ')']).next()?.parse().ok()).collect()
        };
        // The nearest line with a switch: behind a match that lacks an arm, else at or above the place.
        let places: Vec<usize> =
            if line.contains("E0004") { (at..at + 60).collect() } else { (at.saturating_sub(12)..at).rev().collect() };
        let mut near = places.into_iter().filter_map(|line| lines.get(line)).map(|line| switches(line));
        let found = near.find(|numbers| !numbers.is_empty()).unwrap_or_default();
        assert!(!found.is_empty(), "an error that no mutant makes: {line}");
        bad.extend(found);
    }
    assert!(output.status.success() || !bad.is_empty(), "{said}");
    bad
}

struct Weaver<'a> {
    next: u32,
    without: &'a BTreeSet<u32>,
    list: String,
    file: String,
}

/// Functions whose results show in time or in an estimate only: what an index takes, and what spreads keys.
const UNSEEN: [&str; 2] = ["memory", "hash"];

impl Weaver<'_> {
    /// The number of a new mutant; `None` if it is to be left out.
    fn number(&mut self, line: usize, what: &str) -> Option<u32> {
        self.next += 1;
        if self.without.contains(&self.next) {
            return None;
        }
        writeln!(self.list, "{}\t{}:{line}\t{what}", self.next, self.file).expect("a text");
        Some(self.next)
    }

    fn body(&mut self, signature: &Signature, block: &mut Block) {
        if signature.constness.is_some() || UNSEEN.iter().any(|name| signature.ident == name) {
            return;
        }
        visit_mut::visit_block_mut(self, block);
        let line = signature.ident.span().start().line;
        for value in values(signature) {
            let shown = value.as_ref().map_or("nothing".to_owned(), |value| value.to_token_stream().to_string());
            let Some(number) = self.number(line, &format!("{} gives {shown}", signature.ident)) else { continue };
            block.stmts.insert(0, parse_quote!(if crate::mutants::on(#number) { return #value; }));
        }
    }
}

/// What a function may be made to give.
fn values(signature: &Signature) -> Vec<Option<Expr>> {
    let ReturnType::Type(_, kind) = &signature.output else { return vec![None] };
    let text = kind.to_token_stream().to_string().replace(' ', "");
    let all: &[&str] = match text.as_str() {
        "bool" => &["true", "false"],
        "usize" | "u8" | "u16" | "u32" | "u64" | "i64" | "i32" => &["0", "1"],
        "String" => &["String::new()", "\"xyzzy\".to_owned()"],
        "&str" | "&'staticstr" => &["\"\"", "\"xyzzy\""],
        "Self" if signature.receiver().is_some_and(|receiver| receiver.reference.is_none()) => &["self"],
        text if text.starts_with("Option<") => &["None"],
        text if text.starts_with("Vec<") => &["Vec::new()"],
        text if text.starts_with("BTree") => &["Default::default()"],
        text if text.starts_with("Result<(),") => &["Ok(())"],
        text if text.starts_with("Result<bool,") => &["Ok(true)", "Ok(false)"],
        text if text.starts_with("Result<Option<") => &["Ok(None)"],
        text if text.starts_with("Result<Vec<") => &["Ok(Vec::new())"],
        "()" => return vec![None],
        _ => &[],
    };
    all.iter().map(|text| Some(syn::parse_str(text).expect("an expression"))).collect()
}

/// What an operator may be exchanged for.
fn others(op: &BinOp) -> Vec<BinOp> {
    let all: &[&str] = match op.to_token_stream().to_string().as_str() {
        "==" => &["!="],
        "!=" => &["=="],
        "<" => &["<=", ">"],
        "<=" => &["<", ">"],
        ">" => &[">=", "<"],
        ">=" => &[">", "<"],
        "&&" => &["||"],
        "||" => &["&&"],
        "+" => &["-"],
        "-" => &["+"],
        "*" => &["+"],
        "/" => &["*"],
        "%" => &["/"],
        "&" => &["|"],
        "|" => &["&"],
        "^" => &["|"],
        "<<" => &[">>"],
        ">>" => &["<<"],
        "+=" => &["-="],
        "-=" => &["+="],
        "|=" => &["&="],
        "&=" => &["|="],
        _ => &[],
    };
    all.iter().map(|text| syn::parse_str(text).expect("an operator")).collect()
}

fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(ExprBinary { left, right, op: BinOp::And(_), .. }) => has_let(left) || has_let(right),
        _ => false,
    }
}

impl VisitMut for Weaver<'_> {
    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        let is_test = module.attrs.iter().any(|attribute| attribute.to_token_stream().to_string().contains("test"));
        if !is_test {
            visit_mut::visit_item_mod_mut(self, module);
        }
    }

    fn visit_item_const_mut(&mut self, _: &mut syn::ItemConst) {}
    fn visit_impl_item_const_mut(&mut self, _: &mut syn::ImplItemConst) {}
    fn visit_item_static_mut(&mut self, _: &mut syn::ItemStatic) {}
    fn visit_type_mut(&mut self, _: &mut Type) {}
    fn visit_attribute_mut(&mut self, _: &mut syn::Attribute) {}
    fn visit_macro_mut(&mut self, _: &mut syn::Macro) {}

    fn visit_item_fn_mut(&mut self, item: &mut syn::ItemFn) {
        self.body(&item.sig, &mut item.block);
    }

    fn visit_impl_item_fn_mut(&mut self, item: &mut syn::ImplItemFn) {
        self.body(&item.sig, &mut item.block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let line = expr.span().start().line;
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Binary(binary) if !has_let(&binary.left) && !has_let(&binary.right) => {
                let (left, right, op) = (bare(&binary.left), bare(&binary.right), binary.op);
                for other in others(&op) {
                    let what = format!("{} for {}", other.to_token_stream(), op.to_token_stream());
                    let Some(number) = self.number(line, &what) else { continue };
                    let as_it_is = expr.clone();
                    *expr = parse_quote!((if crate::mutants::on(#number) { #left #other #right } else { #as_it_is }));
                }
            }
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Not(_)) => {
                let inner = unary.expr.clone();
                if let Some(number) = self.number(line, "no !") {
                    let as_it_is = expr.clone();
                    *expr = parse_quote!((if crate::mutants::on(#number) { #inner } else { #as_it_is }));
                }
            }
            Expr::Match(matched) => {
                let has_rest = matched.arms.last().is_some_and(|arm| {
                    arm.guard.is_none()
                        && match &arm.pat {
                            syn::Pat::Wild(_) => true,
                            syn::Pat::Ident(name) => name.ident.to_string().starts_with(char::is_lowercase),
                            _ => false,
                        }
                });
                let count = matched.arms.len();
                for (place, arm) in matched.arms.iter_mut().enumerate() {
                    let line = arm.pat.span().start().line;
                    if let Some((_, guard)) = &mut arm.guard
                        && !has_let(guard)
                    {
                        for other in ["true", "false"] {
                            let Some(number) = self.number(line, &format!("guard is {other}")) else { continue };
                            let (other, as_it_is): (Expr, _) = (syn::parse_str(other).expect("a word"), guard.clone());
                            *guard = parse_quote!((if crate::mutants::on(#number) { #other } else { #as_it_is }));
                        }
                    } else if arm.guard.is_none()
                        && has_rest
                        && place + 1 < count
                        && let Some(number) = self.number(line, "no such arm")
                    {
                        arm.guard = Some((Default::default(), parse_quote!(!crate::mutants::on(#number))));
                    }
                }
            }
            _ => {}
        }
    }
}

/// An operand that can stand on either side of any operator. What is assigned to must stay as it is.
fn bare(operand: &Expr) -> Expr {
    match operand {
        Expr::Cast(_) | Expr::Binary(_) | Expr::Range(_) | Expr::Closure(_) => parse_quote!((#operand)),
        _ => operand.clone(),
    }
}

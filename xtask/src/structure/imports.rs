//! The files that each file of a crate uses, by the paths that stand in it. What tests use does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::files;

/// The names that lead to a module from the root of its crate; none to the root itself.
pub(super) type Module = Vec<String>;

/// The modules of a crate, by what leads to them.
#[derive(Debug, Default)]
pub(super) struct Modules(BTreeMap<Module, Source>);

#[derive(Debug, Default)]
struct Source {
    /// The modules that it declares.
    declared: BTreeSet<String>,
    /// The imported names of a file with their paths, and whether others may import them from here.
    taken: BTreeMap<String, (Module, bool)>,
    /// The other paths in it.
    paths: BTreeSet<Module>,
}

impl Modules {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut modules = BTreeMap::new();
        for file in files::below(folder)? {
            let name = file.strip_prefix(folder)?.with_extension("");
            let mut module: Module =
                name.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            if file.extension().is_none_or(|ending| ending != "rs")
                || module.iter().any(|part| part == "tests")
            {
                continue;
            }
            if module == ["lib"] || module == ["main"] {
                module.clear();
            }
            let text = String::from_utf8(files::read(&file)?)?;
            let tokens: TokenStream = text
                .parse()
                .map_err(|error| anyhow!("{error}"))
                .with_context(|| file.display().to_string())?;
            let mut source = Source::default();
            source.read(tokens, 0);
            modules.insert(module, source);
        }
        Ok(Self(modules))
    }

    /// The uses between modules.
    pub(super) fn uses(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let of = |(module, source): (&Module, &Source)| {
            let taken = source.taken.values().map(|(path, _)| path);
            let used = taken.chain(&source.paths).filter_map(|path| self.target(module, path));
            (module.clone(), used.filter(|used| used != module).collect())
        };
        self.0.iter().map(of).collect()
    }

    /// The module in which that lies to which a path in a module leads; none where it is of another crate.
    fn target(&self, module: &Module, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let source = self.0.get(module)?;
        let from = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.clone(),
            "super" => module.get(..module.len().checked_sub(1)?)?.to_vec(),
            name if source.declared.contains(name) => return self.follow(module.clone(), path),
            name => {
                let (whole, _) = source.taken.get(name).filter(|(whole, _)| *whole != [name])?;
                let whole: Module = whole.iter().chain(rest).cloned().collect();
                return (whole.first() != Some(first)).then(|| self.target(module, &whole))?;
            }
        };
        if first == "super" && rest.first().is_some_and(|next| next == "super") {
            return self.target(&from, rest);
        }
        self.follow(from, rest)
    }

    /// Goes on from a module by names, through what is only handed on. The compiler has seen to it that this ends.
    fn follow(&self, mut module: Module, names: &[String]) -> Option<Module> {
        for (n, name) in names.iter().enumerate() {
            let source = self.0.get(&module)?;
            if source.declared.contains(name) {
                module.push(name.clone());
                continue;
            }
            let Some((whole, true)) = source.taken.get(name) else { break };
            let whole: Module = whole.iter().chain(&names[n + 1..]).cloned().collect();
            return self.target(&module, &whole).or(Some(module));
        }
        self.0.contains_key(&module).then_some(module)
    }
}

impl Source {
    /// Reads tokens that stand in so many modules inside the file.
    fn read(&mut self, tokens: TokenStream, inside: usize) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let (mut at, mut is_public) = (0, false);
        while let Some(token) = tokens.get(at) {
            let was_public = std::mem::take(&mut is_public);
            at = match token {
                TokenTree::Punct(mark)
                    if mark.as_char() == '#' && is_for_tests(&tokens[at + 1..]) =>
                {
                    end_of_item(&tokens, at + 2)
                }
                TokenTree::Group(group) => {
                    // `pub(crate) use` is one, too.
                    is_public = was_public && group.delimiter() == Delimiter::Parenthesis;
                    if !is_public {
                        self.read(group.stream(), inside);
                    }
                    at + 1
                }
                TokenTree::Ident(word) if word == "pub" => {
                    is_public = true;
                    at + 1
                }
                TokenTree::Ident(word) if word == "mod" => self.module(&tokens, at, inside),
                TokenTree::Ident(word) if word == "use" => {
                    let end = tokens[at..].iter().position(|token| is_mark(token, ';'));
                    let end = end.map_or(tokens.len(), |end| at + end);
                    let mut taken = Vec::new();
                    leaves(&tokens[at + 1..end], &[], &mut taken);
                    let taken = taken.into_iter();
                    self.taken.extend(
                        taken.map(|(name, path)| (name, (within(path, inside), was_public))),
                    );
                    end
                }
                TokenTree::Ident(_) => {
                    let (path, end) = path_at(&tokens, at);
                    if path.len() > 1 {
                        self.paths.insert(within(path, inside));
                    }
                    end
                }
                _ => at + 1,
            };
        }
    }

    /// Reads a module, in this file or in one of its own; answers where it is over.
    fn module(&mut self, tokens: &[TokenTree], at: usize, inside: usize) -> usize {
        match (tokens.get(at + 1), tokens.get(at + 2)) {
            (_, Some(TokenTree::Group(group))) => self.read(group.stream(), inside + 1),
            (Some(TokenTree::Ident(name)), _) => {
                self.declared.insert(name.to_string());
            }
            _ => {}
        }
        at + 3
    }
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == mark)
}

/// A path as it stands in the file, where it stands in so many modules inside it.
fn within(mut path: Module, inside: usize) -> Module {
    for _ in 0..inside {
        if path.first().is_some_and(|first| first == "super") {
            "self".clone_into(&mut path[0]);
            if path.get(1).is_some_and(|next| next == "super") {
                path.remove(0);
            }
        }
    }
    path
}

/// Whether what follows `#` says that an item is there for tests alone.
fn is_for_tests(tokens: &[TokenTree]) -> bool {
    let Some(TokenTree::Group(group)) = tokens.first() else { return false };
    let text = group.stream().to_string().replace(' ', "");
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

/// The end of the item that begins there.
fn end_of_item(tokens: &[TokenTree], from: usize) -> usize {
    let is_block = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let is_end = |token: &TokenTree| is_mark(token, ';') || is_block(token);
    tokens[from..].iter().position(is_end).map_or(tokens.len(), |end| from + end + 1)
}

/// The path that begins with a word, and where it is over.
fn path_at(tokens: &[TokenTree], from: usize) -> (Module, usize) {
    let mut path = Vec::new();
    let mut at = from;
    while let Some(TokenTree::Ident(word)) = tokens.get(at) {
        path.push(word.to_string());
        let is_on = [at + 1, at + 2]
            .iter()
            .all(|&at| tokens.get(at).is_some_and(|token| is_mark(token, ':')));
        if !is_on {
            return (path, at + 1);
        }
        at += 3;
    }
    (path, at)
}

/// The names that a `use` takes, with the whole path of each.
fn leaves(tokens: &[TokenTree], before: &[String], taken: &mut Vec<(String, Module)>) {
    for part in tokens.split(|token| is_mark(token, ',')) {
        let (names, end) = path_at(part, 0);
        let mut path: Module = before.iter().chain(&names).cloned().collect();
        match part.get(end) {
            Some(TokenTree::Group(group)) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                leaves(&inner, &path, taken);
            }
            after => {
                if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
                    path.pop();
                }
                let alias = matches!(after, Some(TokenTree::Ident(word)) if word == "as");
                let name = match part.get(end + 1) {
                    Some(TokenTree::Ident(name)) if alias => Some(name.to_string()),
                    _ => path.last().cloned(),
                };
                taken.extend(name.filter(|_| !path.is_empty()).map(|name| (name, path)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn modules(files: &[(&str, &str)]) -> Modules {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Modules::read(folder.path()).unwrap()
    }

    fn used(files: &[(&str, &str)], by: &str) -> Vec<String> {
        let by: Module = by.split("::").map(str::to_owned).collect();
        modules(files).uses()[&by].iter().map(|module| module.join("::")).collect()
    }

    const LIB: (&str, &str) = ("lib.rs", "pub mod energy;\npub mod losses;\npub use energy::Kwh;");
    const ENERGY: (&str, &str) =
        ("energy.rs", "pub mod window;\npub use window::Window;\npub struct Kwh;");
    const WINDOW: (&str, &str) = ("energy/window.rs", "pub struct Window;");

    #[test]
    fn what_is_handed_on_is_of_the_file_that_has_it() {
        let losses = (
            "losses.rs",
            "use crate::energy::{Window, window as w};\nuse crate::Kwh;\nfn f(_: w::Window) {}",
        );
        assert_eq!(used(&[LIB, ENERGY, WINDOW, losses], "losses"), ["energy", "energy::window"]);
    }

    #[test]
    fn whole_paths_and_those_from_the_file_above_are_seen() {
        let losses = ("losses.rs", "mod of;\nfn f() -> crate::energy::window::Window { of::f() }");
        let of = (
            "losses/of.rs",
            "mod inner { fn f(_: super::super::super::Kwh) {} }\nfn f(_: super::f) {}",
        );
        let files = [LIB, ENERGY, WINDOW, losses, of];
        assert_eq!(used(&files, "losses"), ["energy::window", "losses::of"]);
        assert_eq!(used(&files, "losses::of"), ["energy", "losses"]);
    }

    #[test]
    fn what_tests_comments_and_other_crates_name_does_not_count() {
        let text = "// crate::energy\nuse chrono::energy;\npub(in crate::energy) struct S;\n\
                    fn f() { \"crate::energy\"; energy::now(); }\n\
                    #[cfg(test)]\nmod tests { use crate::energy::Window; }";
        assert!(used(&[LIB, ENERGY, WINDOW, ("losses.rs", text)], "losses").is_empty());
    }
}

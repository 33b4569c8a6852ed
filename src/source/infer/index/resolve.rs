//! How a path leads from the module it is written in to what it means.

use rustc_hash::FxHashMap;

use super::super::declared::{Module, Shape};
use super::super::paths;
use super::{Index, Target};

/// Imports lead to imports; no real chain is longer.
pub(super) const MAX_STEPS: u32 = 12;

impl Index {
    /// What a path means in a module.
    pub(in crate::source::infer) fn resolve(&self, module: &str, path: &str) -> Option<Target<'_>> {
        let mut search = Search { index: self, through_globs: FxHashMap::default() };
        search.resolve(module, path, MAX_STEPS)
    }
}

/// One search. Globs lead in circles and to each other in any order, so what they show of a name is
/// worked out once.
struct Search<'i> {
    index: &'i Index,
    /// By module and name; `None` while it is being worked out.
    through_globs: FxHashMap<(String, String), Option<Found<'i>>>,
}

/// `Ok(None)` where a module does not say what a name means.
type Found<'i> = Result<Option<Target<'i>>, Lost>;

impl<'i> Search<'i> {
    fn resolve(&mut self, module: &str, path: &str, steps: u32) -> Option<Target<'i>> {
        let steps = steps.checked_sub(1)?;
        if let Some(absolute) = path.strip_prefix("::") {
            return self.in_crate(absolute, steps);
        }
        let (first, rest) = match path.split_once("::") {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        let root = || module.split("::").next().unwrap_or_default();
        let from = match first {
            "crate" => Some(root().to_owned()),
            "self" => Some(module.to_owned()),
            "super" => Some(module.rsplit_once("::")?.0.to_owned()),
            _ => None,
        };
        if let Some(from) = from {
            return match rest {
                // `super::super`, or a name of that module.
                Some(rest) if rest == "super" || rest.starts_with("super::") => {
                    self.resolve(&from, rest, steps)
                }
                Some(rest) => self.within(Target::Module(from), rest, steps),
                None => Some(Target::Module(from)),
            };
        }
        // Where a path goes on, a small first name is a crate's before it is a glob's.
        let named = if rest.is_some() && first.starts_with(char::is_lowercase) {
            self.stated(module, first, steps).map(|(found, _)| found)
        } else {
            self.named(module, first, steps)
        };
        match (named, rest) {
            (Ok(Some(target)), Some(rest)) => self.within(target, rest, steps),
            (Ok(Some(target)), None) => Some(target),
            (Ok(None), Some(_)) => match paths::prelude(first) {
                Some(_) => None,
                None => self.in_crate(path, steps),
            },
            (Ok(None), None) => paths::prelude(first).map(|path| Target::External(path.to_owned())),
            (Err(Lost), _) => None,
        }
    }

    fn in_crate(&mut self, path: &str, steps: u32) -> Option<Target<'i>> {
        let (krate, rest) = path.split_once("::").unwrap_or((path, ""));
        self.index.asked.borrow_mut().about_crate(krate);
        if self.index.linked.modules.contains_key(krate) {
            let root = Target::Module(krate.to_owned());
            return if rest.is_empty() { Some(root) } else { self.within(root, rest, steps) };
        }
        Some(Target::External(path.to_owned()))
    }

    /// Follows a path below what its beginning leads to.
    fn within(&mut self, target: Target<'i>, path: &str, steps: u32) -> Option<Target<'i>> {
        let steps = steps.checked_sub(1)?;
        let (first, rest) = match path.split_once("::") {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        let next = match target {
            Target::Module(module) => match self.named(&module, first, steps) {
                Ok(Some(target)) => target,
                _ => return None,
            },
            Target::External(outside) => {
                return Some(Target::External(format!("{outside}::{path}")));
            }
            Target::Type(module, ty) => match &ty.shape {
                Shape::Enum(variants) if variants.iter().any(|(name, _)| name == first) => {
                    Target::Variant(module, ty, first.to_owned())
                }
                _ => return None,
            },
            _ => return None,
        };
        match rest {
            Some(rest) => self.within(next, rest, steps),
            None => Some(next),
        }
    }

    /// What a name means in a module: declared there, imported, or seen through a glob. `Ok(None)`
    /// where the module does not say; an error where it may mean more than one thing.
    fn named(&mut self, module: &str, name: &str, steps: u32) -> Found<'i> {
        match self.stated(module, name, steps)? {
            (Some(target), _) => Ok(Some(target)),
            (None, true) => self.through_globs(module, name, steps.saturating_sub(1)),
            (None, false) => Err(Lost),
        }
    }

    /// What a module itself says of a name, and whether the module is known at all.
    fn stated(
        &mut self,
        module: &str,
        name: &str,
        steps: u32,
    ) -> Result<(Option<Target<'i>>, bool), Lost> {
        let Some(steps) = steps.checked_sub(1) else { return Err(Lost) };
        self.index.asked.borrow_mut().about_name(module, name);
        let mut found: Option<Target<'i>> = None;
        let mut known = false;
        for module in self.index.modules(module) {
            known = true;
            if module.mentioned.iter().any(|mentioned| mentioned == name) {
                return Err(Lost);
            }
            for target in declared(module, name) {
                if found.replace(target).is_some() {
                    // Declared twice, under different conditions.
                    return Err(Lost);
                }
            }
            let mut imports = module.imports.iter().filter(|(known, _)| known == name);
            let Some((_, path)) = imports.next() else { continue };
            if matches!(found, Some(Target::Type(..) | Target::Function(..) | Target::Value(..))) {
                // Declared under one condition, imported under another.
                return Err(Lost);
            }
            if found.is_none() {
                let first = path.trim_start_matches("::").split("::").next().unwrap_or_default();
                let same = imports.all(|(_, other)| other == path);
                if !same {
                    return Err(Lost);
                }
                found = if first == name && !path.starts_with("::") {
                    // `use name;` or `use name::x as name`: the first name is the crate.
                    self.in_crate(path, steps)
                } else {
                    self.resolve(&module.path, path, steps)
                };
                if found.is_none() {
                    return Err(Lost);
                }
            }
        }
        Ok((found, known))
    }

    /// Where a circle leads back to this question, there is nothing more to be said.
    fn through_globs(&mut self, module: &str, name: &str, steps: u32) -> Found<'i> {
        self.index.asked.borrow_mut().about_globs(module);
        if self.index.modules(module).all(|module| module.globs.is_empty()) {
            return Ok(None);
        }
        let question = (module.to_owned(), name.to_owned());
        if let Some(known) = self.through_globs.get(&question) {
            return known.clone().unwrap_or(Ok(None));
        }
        self.through_globs.insert(question.clone(), None);
        let found = self.through_each(module, name, steps);
        self.through_globs.insert(question, Some(found.clone()));
        found
    }

    fn through_each(&mut self, module: &str, name: &str, steps: u32) -> Found<'i> {
        let (mut found, mut foreign): (Option<Target<'i>>, bool) = (None, false);
        for module in self.index.modules(module) {
            for glob in &module.globs {
                let target = match self.resolve_glob(&module.path, glob, steps) {
                    Some(Target::Module(inner)) if inner != module.path => {
                        match self.named(&inner, name, steps) {
                            // What the first one says holds, whether or not others can be told.
                            Err(Lost) if found.is_some() => continue,
                            said => said?,
                        }
                    }
                    Some(Target::Module(_)) => None,
                    Some(Target::Type(module, ty)) => match &ty.shape {
                        Shape::Enum(variants)
                            if variants.iter().any(|(variant, _)| variant == name) =>
                        {
                            Some(Target::Variant(module, ty, name.to_owned()))
                        }
                        _ => None,
                    },
                    Some(Target::External(path)) => {
                        foreign |= !paths::is_harmless_glob(&path);
                        None
                    }
                    _ => {
                        foreign = true;
                        None
                    }
                };
                match (&found, target) {
                    // Seen under one condition here, under another one there.
                    (Some(one), Some(other)) if !one.is(&other) => return Err(Lost),
                    (None, Some(target)) => found = Some(target),
                    _ => {}
                }
            }
        }
        if found.is_some() {
            return Ok(found);
        }
        if foreign { Err(Lost) } else { Ok(None) }
    }

    fn resolve_glob(&mut self, module: &str, glob: &str, steps: u32) -> Option<Target<'i>> {
        // A glob never leads through itself: `use a::*` finds `a` among the other names.
        let first = glob.split("::").next().unwrap_or_default();
        let plain = !matches!(first, "crate" | "self" | "super" | "");
        if plain {
            self.index.asked.borrow_mut().about_name(module, first);
        }
        if plain && !self.index.modules(module).any(|module| declares(module, first)) {
            return self.in_crate(glob, steps);
        }
        self.resolve(module, glob, steps)
    }
}

/// A name may mean more than one thing, or something that is not here.
#[derive(Clone, Copy)]
struct Lost;

fn declared<'i>(module: &'i Module, name: &str) -> Vec<Target<'i>> {
    let mut found = Vec::new();
    if let Some(ty) = module.types.iter().find(|ty| ty.name == name) {
        found.push(Target::Type(module, ty));
    }
    if let Some(function) = module.functions.iter().find(|known| known.name == name) {
        found.push(Target::Function(module, function));
    }
    if let Some((_, ty)) = module.values.iter().find(|(known, _)| known == name) {
        found.push(Target::Value(module, ty));
    }
    if found.is_empty() && module.children.iter().any(|child| child == name) {
        found.push(Target::Module(format!("{}::{name}", module.path)));
    }
    let twice = |count: usize| count > 1;
    if twice(module.types.iter().filter(|ty| ty.name == name).count())
        || twice(module.functions.iter().filter(|known| known.name == name).count())
        || twice(module.values.iter().filter(|(known, _)| known == name).count())
    {
        // Said twice: the caller gives up.
        found.extend(found.first().cloned());
    }
    found
}

fn declares(module: &Module, name: &str) -> bool {
    module.children.iter().any(|child| child == name)
        || module.types.iter().any(|ty| ty.name == name)
        || module.imports.iter().any(|(known, _)| known == name)
}

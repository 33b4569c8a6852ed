//! What all files of the workspace declare, and how a name leads from one to another.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::asked::{Asked, Question};
use super::declared::{Declared, FunctionDef, ImplDef, Module, Receiver, Shape, TypeDef};
use super::lower::{FUTURE, IMPL, PARAM};
use super::paths;
use crate::model::type_name::TypeName;

/// Imports lead to imports; no real chain is longer.
const MAX_STEPS: u32 = 12;

/// The declarations of the workspace, linked with each other.
#[derive(Debug, Default)]
pub struct Linked {
    files: Vec<Declared>,
    /// By path: file and module within it. More than one where `cfg` or targets repeat a path.
    modules: HashMap<String, Vec<(usize, usize)>>,
    /// By the path of the type: file, module, impl.
    impls: HashMap<String, Vec<(usize, usize, usize)>>,
    /// Macros that the workspace defines or imports.
    macros: HashSet<String>,
}

/// The declarations of the workspace, for one who asks about them: it remembers what was asked.
#[derive(Debug, Default)]
pub struct Index {
    linked: Arc<Linked>,
    asked: RefCell<Asked>,
}

/// What a path leads to.
#[derive(Clone, Debug)]
pub(super) enum Target<'i> {
    /// A type of the workspace, and the module it stands in.
    Type(&'i Module, &'i TypeDef),
    Function(&'i Module, &'i FunctionDef),
    Value(&'i Module, &'i TypeName),
    Module(String),
    /// A variant of an enum of the workspace.
    Variant(&'i Module, &'i TypeDef, String),
    /// A path that begins with the name of another crate.
    External(String),
}

/// Generic parameters and what stands for them.
pub(super) type Substitution = Vec<(String, TypeName)>;

impl Index {
    /// Links what files declare.
    pub fn new(files: Vec<Declared>) -> Index {
        let mut modules: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (file, declared) in files.iter().enumerate() {
            for (at, module) in declared.modules.iter().enumerate() {
                modules.entry(module.path.clone()).or_default().push((file, at));
            }
        }
        let macros = files.iter().flat_map(macros_of).collect();
        let linked = Linked { files, modules, macros, ..Linked::default() };
        let index = Index { linked: Arc::new(linked), ..Index::default() };
        let impls = index.linked_impls();
        let Index { mut linked, .. } = index;
        if let Some(linked) = Arc::get_mut(&mut linked) {
            linked.impls = impls;
        }
        Index::over(linked)
    }

    /// The same declarations, for another who asks.
    pub fn over(linked: Arc<Linked>) -> Index {
        Index { linked, ..Index::default() }
    }

    /// The declarations themselves, to be shared.
    pub fn linked(&self) -> Arc<Linked> {
        Arc::clone(&self.linked)
    }

    /// Everything that was asked of it, so that whoever asked can tell whether the answers are
    /// still the same.
    pub fn asked(&self) -> Vec<Question> {
        self.asked.take().into_questions()
    }

    fn linked_impls(&self) -> HashMap<String, Vec<(usize, usize, usize)>> {
        let mut impls: HashMap<String, Vec<(usize, usize, usize)>> = HashMap::new();
        for (file, declared) in self.linked.files.iter().enumerate() {
            for (at, module) in declared.modules.iter().enumerate() {
                for (number, found) in module.impls.iter().enumerate() {
                    let TypeName::Path { segments, .. } = &found.ty else { continue };
                    let path = segments.join("::");
                    if let Some(Target::Type(module, ty)) = self.resolve(&module.path, &path) {
                        let key = format!("{}::{}", module.path, ty.name);
                        impls.entry(key).or_default().push((file, at, number));
                    }
                }
            }
        }
        impls
    }

    pub(super) fn modules<'i>(&'i self, path: &str) -> impl Iterator<Item = &'i Module> + use<'i> {
        self.linked.modules(path)
    }

    /// What a path means in a module.
    pub(super) fn resolve(&self, module: &str, path: &str) -> Option<Target<'_>> {
        self.resolve_steps(module, path, MAX_STEPS)
    }

    fn resolve_steps(&self, module: &str, path: &str, steps: u32) -> Option<Target<'_>> {
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
                Some(rest) if rest.starts_with("super") => self.resolve_steps(&from, rest, steps),
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

    fn in_crate(&self, path: &str, steps: u32) -> Option<Target<'_>> {
        let (krate, rest) = path.split_once("::").unwrap_or((path, ""));
        self.asked.borrow_mut().about_crate(krate);
        if self.linked.modules.contains_key(krate) {
            let root = Target::Module(krate.to_owned());
            return if rest.is_empty() { Some(root) } else { self.within(root, rest, steps) };
        }
        Some(Target::External(path.to_owned()))
    }

    /// Follows a path below what its beginning leads to.
    fn within<'i>(&'i self, target: Target<'i>, path: &str, steps: u32) -> Option<Target<'i>> {
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
    fn named(&self, module: &str, name: &str, steps: u32) -> Result<Option<Target<'_>>, Lost> {
        match self.stated(module, name, steps)? {
            (Some(target), _) => Ok(Some(target)),
            (None, true) => self.through_globs(module, name, steps.saturating_sub(1)),
            (None, false) => Err(Lost),
        }
    }

    /// What a module itself says of a name, and whether the module is known at all.
    fn stated(
        &self,
        module: &str,
        name: &str,
        steps: u32,
    ) -> Result<(Option<Target<'_>>, bool), Lost> {
        let Some(steps) = steps.checked_sub(1) else { return Err(Lost) };
        self.asked.borrow_mut().about_name(module, name);
        let mut found: Option<Target<'_>> = None;
        let mut known = false;
        for module in self.modules(module) {
            known = true;
            if module.mentioned.iter().any(|mentioned| mentioned == name) {
                return Err(Lost);
            }
            for target in self.declared(module, name) {
                if found.replace(target).is_some() {
                    // Declared twice, under different conditions.
                    return Err(Lost);
                }
            }
            let mut imports = module.imports.iter().filter(|(known, _)| known == name);
            if let (None, Some((_, path))) = (&found, imports.next()) {
                let first = path.trim_start_matches("::").split("::").next().unwrap_or_default();
                let same = imports.all(|(_, other)| other == path);
                if !same {
                    return Err(Lost);
                }
                found = if first == name && path != name && !path.starts_with("::") {
                    // `use name::x as name`: the first name is the crate.
                    self.in_crate(path, steps)
                } else if path == name {
                    self.in_crate(path, steps)
                } else {
                    self.resolve_steps(&module.path, path, steps)
                };
                if found.is_none() {
                    return Err(Lost);
                }
            }
        }
        Ok((found, known))
    }

    fn declared<'i>(&'i self, module: &'i Module, name: &str) -> Vec<Target<'i>> {
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

    fn through_globs(
        &self,
        module: &str,
        name: &str,
        steps: u32,
    ) -> Result<Option<Target<'_>>, Lost> {
        self.asked.borrow_mut().about_globs(module);
        let mut foreign = false;
        for module in self.modules(module) {
            for glob in &module.globs {
                match self.resolve_glob(&module.path, glob, steps) {
                    Some(Target::Module(inner)) if inner != module.path => {
                        if let Some(target) = self.named(&inner, name, steps)? {
                            return Ok(Some(target));
                        }
                    }
                    Some(Target::Module(_)) => {}
                    Some(Target::Type(module, ty)) => {
                        if let Shape::Enum(variants) = &ty.shape
                            && variants.iter().any(|(variant, _)| variant == name)
                        {
                            return Ok(Some(Target::Variant(module, ty, name.to_owned())));
                        }
                    }
                    Some(Target::External(path)) => foreign |= !paths::is_harmless_glob(&path),
                    _ => foreign = true,
                }
            }
        }
        if foreign { Err(Lost) } else { Ok(None) }
    }

    fn resolve_glob(&self, module: &str, glob: &str, steps: u32) -> Option<Target<'_>> {
        // A glob never leads through itself: `use a::*` finds `a` among the other names.
        let first = glob.split("::").next().unwrap_or_default();
        let plain = !matches!(first, "crate" | "self" | "super" | "");
        if plain {
            self.asked.borrow_mut().about_name(module, first);
        }
        if plain && !self.modules(module).any(|module| declares(module, first)) {
            return self.in_crate(glob, steps);
        }
        self.resolve_steps(module, glob, steps)
    }

    /// The impls of a type of the workspace.
    pub(super) fn impls<'i>(
        &'i self,
        module: &Module,
        ty: &TypeDef,
    ) -> impl Iterator<Item = (&'i Module, &'i ImplDef)> + use<'i> {
        let path = format!("{}::{}", module.path, ty.name);
        self.asked.borrow_mut().about_impls(&path);
        self.linked.impls(&path)
    }

    /// A type written in a module, with its names resolved.
    pub(super) fn link(
        &self,
        written: &TypeName,
        module: &str,
        self_type: Option<&TypeName>,
        subst: &Substitution,
    ) -> TypeName {
        Linking { index: self, module, self_type, subst, steps: MAX_STEPS }.link(written)
    }

    /// The declaration of a type by its linked name.
    pub(super) fn definition(&self, name: &TypeName) -> Option<(&Module, &TypeDef)> {
        let TypeName::Path { segments, .. } = name else { return None };
        let (last, module) = segments.split_last()?;
        if module.is_empty() {
            return None;
        }
        let module = module.join("::");
        self.asked.borrow_mut().about_name(&module, last);
        self.modules(&module)
            .find_map(|module| Some((module, module.types.iter().find(|ty| ty.name == *last)?)))
    }

    /// Whether a name is that of a macro which the workspace defines, or imports from elsewhere
    /// than std.
    pub(super) fn defines_macro(&self, name: &str) -> bool {
        self.asked.borrow_mut().about_macro(name);
        self.linked.macros.contains(name)
    }
}

impl Linked {
    fn modules<'i>(&'i self, path: &str) -> impl Iterator<Item = &'i Module> + use<'i> {
        let found = self.modules.get(path).map(Vec::as_slice).unwrap_or_default();
        found.iter().filter_map(|&(file, at)| self.files.get(file)?.modules.get(at))
    }

    fn impls<'i>(
        &'i self,
        path: &str,
    ) -> impl Iterator<Item = (&'i Module, &'i ImplDef)> + use<'i> {
        let found = self.impls.get(path).map(Vec::as_slice).unwrap_or_default();
        found.iter().filter_map(|&(file, at, number)| {
            let module = self.files.get(file)?.modules.get(at)?;
            Some((module, module.impls.get(number)?))
        })
    }

    /// Stands for the answer to a question: as long as it stays, so does the answer.
    pub fn answer(&self, question: &Question) -> u64 {
        // Its keys are fixed: the same in the next process.
        let mut hash = DefaultHasher::new();
        match question {
            Question::Name(path, name) => {
                for module in self.modules(path) {
                    module.say(name, &mut hash);
                }
            }
            Question::Globs(path) => {
                for module in self.modules(path) {
                    module.globs.hash(&mut hash);
                }
            }
            Question::Crate(name) => self.modules.contains_key(name).hash(&mut hash),
            Question::Impls(path) => {
                for (module, found) in self.impls(path) {
                    (&module.path, found).hash(&mut hash);
                }
            }
            Question::Macro(name) => self.macros.contains(name).hash(&mut hash),
        }
        hash.finish()
    }
}

impl Module {
    /// Everything that it says of a name.
    fn say(&self, name: &str, hash: &mut DefaultHasher) {
        // That it is there says something too.
        self.path.hash(hash);
        self.types.iter().filter(|ty| ty.name == name).for_each(|ty| ty.hash(hash));
        let functions = self.functions.iter().filter(|function| function.name == name);
        functions.for_each(|function| function.hash(hash));
        self.values.iter().filter(|(known, _)| known == name).for_each(|value| value.hash(hash));
        self.imports.iter().filter(|(known, _)| known == name).for_each(|path| path.hash(hash));
        self.children.iter().any(|child| child == name).hash(hash);
        self.mentioned.iter().any(|mentioned| mentioned == name).hash(hash);
    }
}

fn macros_of(file: &Declared) -> Vec<String> {
    let mut found = Vec::new();
    for module in &file.modules {
        found.extend(module.macros.iter().cloned());
        let foreign = module.imports.iter().filter(|(_, path)| {
            let krate = path.trim_start_matches("::").split("::").next().unwrap_or_default();
            !paths::is_std(krate)
        });
        found.extend(foreign.map(|(name, _)| name.clone()));
    }
    found
}

/// A name may mean more than one thing, or something that is not here.
struct Lost;

fn declares(module: &Module, name: &str) -> bool {
    module.children.iter().any(|child| child == name)
        || module.types.iter().any(|ty| ty.name == name)
        || module.imports.iter().any(|(known, _)| known == name)
}

/// The name of a type of the workspace.
pub(super) fn own_type(module: &Module, ty: &TypeDef, args: Vec<TypeName>) -> TypeName {
    TypeName::generic(&format!("{}::{}", module.path, ty.name), args)
}

/// Parameters of a type with the arguments of one of its names.
pub(super) fn substitution(params: &[String], args: &[TypeName]) -> Substitution {
    let args = args.iter().cloned().chain(std::iter::repeat(TypeName::Unknown));
    params.iter().cloned().zip(args).collect()
}

struct Linking<'i> {
    index: &'i Index,
    module: &'i str,
    self_type: Option<&'i TypeName>,
    subst: &'i Substitution,
    steps: u32,
}

impl Linking<'_> {
    fn link(&self, written: &TypeName) -> TypeName {
        let boxed = |ty: &TypeName| Box::new(self.link(ty));
        let all = |types: &[TypeName]| types.iter().map(|ty| self.link(ty)).collect::<Vec<_>>();
        match written {
            TypeName::Unknown => TypeName::Unknown,
            TypeName::Never => TypeName::Never,
            TypeName::Fn => TypeName::Fn,
            TypeName::Ref { mutable, to } => TypeName::Ref { mutable: *mutable, to: boxed(to) },
            TypeName::Pointer(to) => TypeName::Pointer(boxed(to)),
            TypeName::Slice(to) => TypeName::Slice(boxed(to)),
            TypeName::Array(to, length) => TypeName::Array(boxed(to), *length),
            TypeName::Tuple(items) => TypeName::Tuple(all(items)),
            TypeName::Dyn(bounds) => TypeName::Dyn(all(bounds)),
            TypeName::Path { segments, args } => self.path(segments, all(args)),
        }
    }

    fn path(&self, segments: &[String], args: Vec<TypeName>) -> TypeName {
        match segments {
            [mark, name] if mark == PARAM => {
                let known = self.subst.iter().find(|(param, _)| param == name);
                return known.map_or_else(
                    || TypeName::Path { segments: segments.to_vec(), args },
                    |(_, ty)| ty.clone(),
                );
            }
            [mark] if mark == IMPL || mark == FUTURE => {
                return TypeName::Path { segments: segments.to_vec(), args };
            }
            [name] if name == "Self" => {
                return self.self_type.cloned().unwrap_or(TypeName::Unknown);
            }
            [name] if paths::is_primitive(name) => return TypeName::path(name),
            _ => {}
        }
        let Some(steps) = self.steps.checked_sub(1) else { return TypeName::Unknown };
        match self.index.resolve(self.module, &segments.join("::")) {
            Some(Target::Type(module, ty)) => match &ty.shape {
                Shape::Alias(written) => {
                    let subst = substitution(&ty.params, &args);
                    let module = &module.path;
                    let linking = Linking {
                        index: self.index,
                        module,
                        self_type: None,
                        subst: &subst,
                        steps,
                    };
                    linking.link(written)
                }
                _ => own_type(module, ty, args),
            },
            Some(Target::External(path)) => {
                paths::external(&path.split("::").collect::<Vec<_>>(), args)
            }
            _ => TypeName::Unknown,
        }
    }
}

impl Index {
    /// What the methods of this name of a type give, where they all agree.
    pub(super) fn method(&self, receiver: &TypeName, name: &str) -> Option<TypeName> {
        let (module, ty) = self.definition(receiver)?;
        let mut outputs = self
            .impls(module, ty)
            .flat_map(|(module, found)| {
                let functions = found.functions.iter();
                functions
                    .filter(|function| function.name == name && function.receiver != Receiver::None)
                    .map(move |function| (module, found, function))
            })
            .map(|(module, found, function)| self.output(receiver, module, found, function));
        let first = outputs.next()?;
        outputs.all(|other| other == first).then_some(first)
    }

    /// What an associated function gives.
    pub(super) fn associated(&self, owner: &TypeName, name: &str) -> Option<TypeName> {
        let (module, ty) = self.definition(owner)?;
        let mut outputs = self
            .impls(module, ty)
            .flat_map(|(module, found)| {
                let functions = found.functions.iter();
                functions
                    .filter(|function| function.name == name)
                    .map(move |function| (module, found, function))
            })
            .map(|(module, found, function)| self.output(owner, module, found, function));
        let first = outputs.next()?;
        outputs.all(|other| other == first).then_some(first)
    }

    fn output(
        &self,
        receiver: &TypeName,
        module: &Module,
        found: &ImplDef,
        function: &FunctionDef,
    ) -> TypeName {
        let mut subst: Substitution = Vec::new();
        for (written, actual) in found.ty.args().iter().zip(receiver.args()) {
            if let TypeName::Path { segments, .. } = written
                && let [mark, name] = segments.as_slice()
                && mark == PARAM
            {
                subst.push((name.clone(), actual.clone()));
            }
        }
        // What the call itself decides is not known here.
        let own = function.params.iter().chain(&found.params);
        subst.extend(own.map(|param| (param.clone(), TypeName::Unknown)));
        self.link(&function.output, &module.path, Some(receiver), &subst)
    }

    /// The type of a field.
    pub(super) fn field(&self, owner: &TypeName, field: &str) -> Option<TypeName> {
        let (module, ty) = self.definition(owner)?;
        let Shape::Struct(fields) = &ty.shape else { return None };
        let mut named = fields.iter().filter(|(name, _)| name == field);
        let ((_, written), None) = (named.next()?, named.next()) else {
            // Declared twice, under different conditions.
            return None;
        };
        let subst = substitution(&ty.params, owner.args());
        Some(self.link(written, &module.path, Some(owner), &subst))
    }

    /// Whether a variant of an enum has no fields.
    pub(super) fn is_unit_variant(&self, ty: &TypeDef, variant: &str) -> bool {
        match &ty.shape {
            Shape::Enum(variants) => {
                variants.iter().any(|(name, fields)| name == variant && fields.is_empty())
            }
            _ => false,
        }
    }

    /// What a smart pointer of the workspace gives when it is dereferenced.
    pub(super) fn deref_target(&self, owner: &TypeName) -> Option<TypeName> {
        let (module, ty) = self.definition(owner)?;
        let (module, found) = self.impls(module, ty).find(|(_, found)| found.target.is_some())?;
        let subst = substitution(&found.params, &[]);
        Some(self.link(found.target.as_ref()?, &module.path, Some(owner), &subst))
    }
}

//! What all files of the workspace declare, and how a name leads from one to another.

mod link;
mod members;
mod resolve;

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::asked::{Asked, Question};
use super::declared::{Declared, FunctionDef, ImplDef, Module, TypeDef};
use super::paths;
use crate::model::type_name::TypeName;
use crate::source::each::each;

pub(super) use link::{own_type, substitution};

/// The declarations of the workspace, linked with each other.
#[derive(Debug, Default)]
pub struct Linked {
    files: Vec<Arc<Declared>>,
    /// By path: file and module within it. More than one where `cfg` or targets repeat a path.
    modules: FxHashMap<String, Vec<(usize, usize)>>,
    /// By the path of the type: file, module, impl.
    impls: FxHashMap<String, Vec<(usize, usize, usize)>>,
    /// Macros that the workspace defines or imports.
    macros: FxHashSet<String>,
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

impl Target<'_> {
    /// Whether both are one and the same thing.
    fn is(&self, other: &Target<'_>) -> bool {
        use std::ptr::eq;
        match (self, other) {
            (Target::Type(_, a), Target::Type(_, b)) => eq(*a, *b),
            (Target::Function(_, a), Target::Function(_, b)) => eq(*a, *b),
            (Target::Value(_, a), Target::Value(_, b)) => eq(*a, *b),
            (Target::Variant(_, a, x), Target::Variant(_, b, y)) => eq(*a, *b) && x == y,
            (Target::Module(a), Target::Module(b)) => a == b,
            (Target::External(a), Target::External(b)) => a == b,
            _ => false,
        }
    }
}

/// Generic parameters and what stands for them.
pub(super) type Substitution = Vec<(String, TypeName)>;

/// The impls of all files, worked out on all processors.
fn linked_impls(linked: &Arc<Linked>) -> FxHashMap<String, Vec<(usize, usize, usize)>> {
    let files: Vec<usize> = (0..linked.files.len()).collect();
    let found = each(&files, |_, &file| Index::over(Arc::clone(linked)).impls_in(file));
    let mut impls: FxHashMap<String, Vec<(usize, usize, usize)>> = FxHashMap::default();
    for (path, place) in found.into_iter().flatten() {
        impls.entry(path).or_default().push(place);
    }
    impls
}

impl Index {
    /// Links what files declare.
    pub fn new(files: Vec<impl Into<Arc<Declared>>>) -> Index {
        let files: Vec<Arc<Declared>> = files.into_iter().map(Into::into).collect();
        let mut modules: FxHashMap<String, Vec<(usize, usize)>> = FxHashMap::default();
        for (file, declared) in files.iter().enumerate() {
            for (at, module) in declared.modules.iter().enumerate() {
                modules.entry(module.path.clone()).or_default().push((file, at));
            }
        }
        let macros = files.iter().flat_map(|file| macros_of(file)).collect();
        let linked = Linked { files, modules, macros, ..Linked::default() };
        let mut linked = Arc::new(linked);
        let impls = linked_impls(&linked);
        if let Some(linked) = Arc::get_mut(&mut linked) {
            linked.impls = impls;
        }
        Index::over(linked)
    }

    /// Where the impls of a file's modules belong: by the path of the type.
    fn impls_in(&self, file: usize) -> Vec<(String, (usize, usize, usize))> {
        let mut impls = Vec::new();
        for (at, module) in self.linked.files[file].modules.iter().enumerate() {
            for (number, found) in module.impls.iter().enumerate() {
                let TypeName::Path { segments, .. } = &found.ty else { continue };
                let path = segments.join("::");
                if let Some(Target::Type(module, ty)) = self.resolve(&module.path, &path) {
                    impls.push((format!("{}::{}", module.path, ty.name), (file, at, number)));
                }
            }
        }
        impls
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

    pub(super) fn modules<'i>(&'i self, path: &str) -> impl Iterator<Item = &'i Module> + use<'i> {
        self.linked.modules(path)
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
        // The same in the next process of the same program, which is all that is compared.
        let mut hash = FxHasher::default();
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
    fn say(&self, name: &str, hash: &mut FxHasher) {
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

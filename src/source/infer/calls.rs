//! Calls: constructors, functions and methods of the workspace and of std.

use syn::{Expr, ExprCall, ExprMethodCall};

use super::declared::Shape;
use super::generic::InFunction;
use super::index::{Target, own_type};
use super::lower::{FUTURE, PARAM};
use super::methods;
use super::{Infer, Witness};
use crate::model::type_name::TypeName;
use crate::source::tree::{Node, NodeId};

/// Smart pointers nest; no real chain is longer.
const MAX_DEREFS: usize = 8;

/// A call with what is known of its arguments.
pub(super) struct Call<'c, 's, 'a> {
    pub(super) infer: &'c Infer<'s, 'a>,
    pub(super) name: &'c str,
    pub(super) args: Vec<&'c Expr>,
    turbofish: Option<&'c syn::AngleBracketedGenericArguments>,
    at: NodeId,
}

impl Call<'_, '_, '_> {
    /// Type of an argument.
    pub(super) fn arg(&self, number: usize) -> TypeName {
        self.args.get(number).map_or(TypeName::Unknown, |arg| self.infer.infer(arg))
    }

    /// What the closure or function given as an argument returns.
    pub(super) fn output(&self, number: usize) -> TypeName {
        match self.args.get(number) {
            Some(Expr::Closure(closure)) => match &closure.output {
                syn::ReturnType::Type(_, ty) => self.infer.written(ty, self.at),
                syn::ReturnType::Default => match self.infer.infer(&closure.body) {
                    TypeName::Never => TypeName::Unknown,
                    body => body,
                },
            },
            Some(Expr::Path(path)) if path.qself.is_none() => {
                let call = Call {
                    infer: self.infer,
                    name: "",
                    args: Vec::new(),
                    turbofish: None,
                    at: self.at,
                };
                self.infer.function(&path.path, call, self.at).unwrap_or(TypeName::Unknown)
            }
            _ => TypeName::Unknown,
        }
    }

    /// The first generic argument of the call.
    pub(super) fn turbofish(&self) -> Option<TypeName> {
        match self.turbofish?.args.first()? {
            syn::GenericArgument::Type(ty) => Some(self.infer.written(ty, self.at)),
            _ => None,
        }
    }
}

impl<'s, 'a> Infer<'s, 'a> {
    pub(super) fn call(&self, call: &ExprCall, at: NodeId) -> Option<TypeName> {
        let Expr::Path(path) = &*call.func else { return None };
        let last = path.path.segments.last()?;
        let name = last.ident.to_string();
        if path.qself.is_none() && !self.is_constructor(&name) {
            let first = path.path.segments.first()?.ident.span();
            let ask = |witness: &dyn Witness, place| witness.call(place, &name);
            if let Some(name) = self.heard(first, at, ask) {
                return Some(name);
            }
        }
        if path.qself.is_some() {
            return None;
        }
        let args = call.args.iter().collect();
        let known = Call { infer: self, name: &name, args, turbofish: None, at };
        self.function(&path.path, known, at)
    }

    fn is_constructor(&self, name: &str) -> bool {
        name.starts_with(char::is_uppercase)
    }

    /// What a call of the function at a path gives.
    fn function(&self, path: &syn::Path, call: Call<'_, 's, 'a>, at: NodeId) -> Option<TypeName> {
        let last = path.segments.last()?;
        let name = last.ident.to_string();
        let turbofish = match &last.arguments {
            syn::PathArguments::AngleBracketed(list) => Some(list),
            _ => None,
        };
        let call = Call { name: &name, turbofish, ..call };
        if let Some(name) = path.get_ident()
            && self.local(at, &name.to_string()).is_some()
        {
            // A closure in a local.
            return None;
        }
        if let Some(owner) = self.owner(path, at) {
            if let Some(found) = self.associated(&owner, &call) {
                return Some(found);
            }
            if let Some(found) = self.index.associated(&owner, &name) {
                return Some(found);
            }
        }
        let written = self.value_path(path, at)?;
        match self.index.resolve(&self.module_at(at), &written) {
            Some(Target::Function(module, function)) => {
                let params = function.params.iter();
                let subst = params.map(|param| (param.clone(), TypeName::Unknown)).collect();
                Some(self.index.link(&function.output, &module.path, None, &subst))
            }
            Some(Target::Type(module, ty)) if matches!(ty.shape, Shape::Struct(_)) => {
                Some(own_type(module, ty, vec![TypeName::Unknown; ty.params.len()]))
            }
            Some(Target::Variant(module, ty, _)) => {
                Some(own_type(module, ty, vec![TypeName::Unknown; ty.params.len()]))
            }
            Some(Target::External(path)) => methods::function(&path, &call),
            Some(_) => None,
            None => match written.as_str() {
                "Some" => Some(TypeName::generic("std::option::Option", vec![call.arg(0)])),
                "Ok" => {
                    let args = vec![call.arg(0), TypeName::Unknown];
                    Some(TypeName::generic("std::result::Result", args))
                }
                "Err" => {
                    let args = vec![TypeName::Unknown, call.arg(0)];
                    Some(TypeName::generic("std::result::Result", args))
                }
                _ => None,
            },
        }
    }

    /// The type before the last name of a path: `Vec` of `Vec::new`.
    fn owner(&self, path: &syn::Path, at: NodeId) -> Option<TypeName> {
        let mut owner = path.clone();
        owner.segments.pop()?;
        owner.segments.pop_punct();
        if owner.segments.is_empty() {
            return None;
        }
        let name = self.written_path(&owner, at);
        (!name.is_unknown()).then(|| self.with_open_args(name))
    }

    fn associated(&self, owner: &TypeName, call: &Call<'_, 's, 'a>) -> Option<TypeName> {
        // `Arc::clone(&x)`, `Vec::len(&v)`: a method called by its path.
        if call.name == "clone" {
            let given = call.arg(0);
            let TypeName::Ref { to, .. } = given else { return None };
            return (to.name() == owner.name()).then_some(*to);
        }
        methods::constructor(owner, call)
    }

    /// A path in value position, with what a function around it imports for itself put in.
    pub(super) fn value_path(&self, path: &syn::Path, at: NodeId) -> Option<String> {
        let mut names = path.segments.iter().map(|segment| segment.ident.to_string());
        let first = names.next()?;
        let first = if first == "Self" {
            match self.self_type(at)? {
                TypeName::Path { segments, .. } => format!("::{}", segments.join("::")),
                _ => return None,
            }
        } else if path.leading_colon.is_some() {
            format!("::{first}")
        } else {
            match self.named_in_function(at, &first) {
                InFunction::Not => first,
                InFunction::Import(path) => path,
                InFunction::Item => return None,
            }
        };
        Some(std::iter::once(first).chain(names).collect::<Vec<_>>().join("::"))
    }

    pub(super) fn method_call(&self, call: &ExprMethodCall, at: NodeId) -> Option<TypeName> {
        let name = call.method.to_string();
        let ask = |witness: &dyn Witness, place| witness.call(place, &name);
        if let Some(name) = self.heard(call.method.span(), at, ask) {
            return Some(name);
        }
        let receiver = self.infer(&call.receiver);
        let args = call.args.iter().collect();
        let turbofish = call.turbofish.as_ref();
        let known = Call { infer: self, name: &name, args, turbofish, at };
        self.method(&receiver, &known)
    }

    fn method(&self, receiver: &TypeName, call: &Call<'_, 's, 'a>) -> Option<TypeName> {
        match call.name {
            "clone" if call.args.is_empty() => return self.cloned(receiver, MAX_DEREFS),
            "to_owned" if call.args.is_empty() => return self.owned(receiver),
            _ => {}
        }
        let mut current = receiver.clone();
        for _ in 0..MAX_DEREFS {
            if is_open(&current) {
                return None;
            }
            if let Some(found) = methods::method(&current, call) {
                return Some(found);
            }
            if self.index.definition(&current).is_some() {
                if let Some(found) = self.index.method(&current, call.name) {
                    return Some(found);
                }
                // Any trait may give it the method; what lies behind `Deref` comes after those.
                return None;
            }
            current = self.dereferenced(&current)?;
        }
        None
    }

    /// What `.clone()` gives: the first type on the way down that can be cloned.
    fn cloned(&self, receiver: &TypeName, steps: usize) -> Option<TypeName> {
        let steps = steps.checked_sub(1)?;
        if is_open(receiver) {
            return None;
        }
        match receiver {
            TypeName::Ref { to, mutable } => match self.is_clone(to) {
                Some(true) => Some((**to).clone()),
                Some(false) if !mutable => Some(receiver.clone()),
                Some(false) => self.cloned(to, steps),
                None => None,
            },
            _ => match self.is_clone(receiver)? {
                true => Some(receiver.clone()),
                false => {
                    let inner = self.dereferenced(receiver)?;
                    self.cloned(&inner, steps)
                }
            },
        }
    }

    fn owned(&self, receiver: &TypeName) -> Option<TypeName> {
        let inner = receiver.peeled();
        // One reference is looked through, more would be copied.
        if matches!(receiver, TypeName::Ref { to, .. } if to.is_reference()) {
            return None;
        }
        match inner {
            TypeName::Slice(element) => {
                Some(TypeName::generic("std::vec::Vec", vec![(**element).clone()]))
            }
            name if name.is_str() => Some(TypeName::path("std::string::String")),
            name if name.is_std("Path") => Some(TypeName::path("std::path::PathBuf")),
            name if name.is_std("OsStr") => Some(TypeName::path("std::ffi::OsString")),
            name => (self.is_clone(name)?).then(|| name.clone()),
        }
    }

    /// The type of a closure's parameter, by the method the closure is given to.
    pub(super) fn closure_parameter(&self, closure: NodeId, number: usize) -> TypeName {
        self.given_to_closure(closure, number).unwrap_or(TypeName::Unknown)
    }

    fn given_to_closure(&self, closure: NodeId, number: usize) -> Option<TypeName> {
        let outer = self.tree.parent(closure)?;
        if let Node::Expr(Expr::Call(call)) = self.tree.node(outer) {
            return self.given_by_function(outer, call);
        }
        let Node::Expr(Expr::MethodCall(call)) = self.tree.node(outer) else { return None };
        let position = call.args.iter().position(|arg| self.tree.id(arg) == Some(closure))?;
        let name = call.method.to_string();
        let mut current = self.infer(&call.receiver);
        let args = call.args.iter().collect();
        let known = Call { infer: self, name: &name, args, turbofish: None, at: outer };
        for _ in 0..MAX_DEREFS {
            if is_open(&current) {
                return None;
            }
            if let Some(found) = methods::closure_input(&current, &known, position, number) {
                return Some(found);
            }
            if self.index.definition(&current).is_some() {
                return None;
            }
            current = self.dereferenced(&current)?;
        }
        None
    }

    /// What a function of the standard library gives its closure.
    fn given_by_function(&self, at: NodeId, call: &syn::ExprCall) -> Option<TypeName> {
        let Expr::Path(function) = &*call.func else { return None };
        let written = self.value_path(&function.path, at)?;
        let found = self.index.resolve(&self.module_at(at), &written);
        let gives_scope =
            matches!(found, Some(Target::External(path)) if path == "std::thread::scope");
        gives_scope.then(|| TypeName::reference(TypeName::path("std::thread::Scope")))
    }
}

/// Nothing can be said of its methods.
fn is_open(name: &TypeName) -> bool {
    match name {
        TypeName::Unknown => true,
        TypeName::Path { segments, .. } => {
            segments.first().is_some_and(|first| first == PARAM || first == FUTURE)
        }
        _ => false,
    }
}

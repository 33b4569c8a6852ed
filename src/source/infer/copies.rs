//! Which types can be cloned, as far as is known.

use super::Infer;
use super::declared::Shape;
use super::lower::PARAM;
use crate::model::type_name::TypeName;

impl Infer<'_, '_> {
    /// Whether a type implements `Clone`; `None` where its definition is not at hand.
    pub(super) fn is_clone(&self, name: &TypeName) -> Option<bool> {
        let all = |types: &[TypeName]| -> Option<bool> {
            let known: Vec<Option<bool>> = types.iter().map(|ty| self.is_clone(ty)).collect();
            if known.contains(&Some(false)) {
                return Some(false);
            }
            known.iter().all(|clone| *clone == Some(true)).then_some(true)
        };
        match name {
            TypeName::Unknown => None,
            TypeName::Ref { mutable, .. } => Some(!mutable),
            TypeName::Pointer(_) | TypeName::Fn | TypeName::Never => Some(true),
            TypeName::Slice(_) | TypeName::Dyn(_) => Some(false),
            TypeName::Array(element, _) => self.is_clone(element),
            TypeName::Tuple(items) => all(items),
            TypeName::Path { segments, args } => {
                if segments.first().is_some_and(|first| first == PARAM) {
                    return None;
                }
                if name.is_number() || name.is_bool() || name.is_char() {
                    return Some(true);
                }
                if name.is_str() {
                    return Some(false);
                }
                match name.std_name() {
                    Some(known) => std_clone(known, args, &all),
                    None => self.own_clone(name, &all),
                }
            }
        }
    }

    fn own_clone(
        &self,
        name: &TypeName,
        all: &dyn Fn(&[TypeName]) -> Option<bool>,
    ) -> Option<bool> {
        if name.is_from("regex", "Regex") || name.is_from("bytes", "Bytes") {
            return Some(true);
        }
        let (module, ty) = self.index.definition(name)?;
        if matches!(ty.shape, Shape::Trait(_) | Shape::Alias(_)) {
            return None;
        }
        if ty.clone {
            return all(name.args());
        }
        let by_hand = self.index.impls(module, ty).any(|(_, found)| {
            let last = found.of_trait.as_deref().and_then(|path| path.rsplit("::").next());
            last == Some("Clone")
        });
        // A macro may implement it too: its absence proves nothing.
        (by_hand && ty.params.is_empty()).then_some(true)
    }
}

fn std_clone(
    name: &str,
    args: &[TypeName],
    all: &dyn Fn(&[TypeName]) -> Option<bool>,
) -> Option<bool> {
    match name {
        "Rc" | "Arc" | "Weak" | "Sender" | "SyncSender" | "String" | "PathBuf" | "OsString"
        | "CString" | "Duration" | "Instant" | "SystemTime" | "PhantomData" | "RandomState" => {
            Some(true)
        }
        "Vec" | "VecDeque" | "BinaryHeap" | "LinkedList" | "Option" | "Box" | "RefCell"
        | "Cell" | "BTreeSet" | "Range" | "RangeInclusive" | "RangeFrom" => all(args.get(..1)?),
        "Result" | "BTreeMap" => all(args.get(..2)?),
        "HashSet" => all(args.get(..1)?),
        "HashMap" => all(args.get(..2)?),
        "Cow" => Some(true),
        "Mutex" | "RwLock" | "MutexGuard" | "RwLockReadGuard" | "RwLockWriteGuard" | "Ref"
        | "RefMut" | "File" | "TcpStream" | "BufReader" | "BufWriter" | "Receiver"
        | "JoinHandle" | "Error" => Some(false),
        _ => None,
    }
}

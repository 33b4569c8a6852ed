//! What lints ask of a type.

use super::TypeName;

/// A lock type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lock {
    /// `std::sync`: blocks the thread, may be poisoned.
    Std,
    /// `parking_lot` (or `spin`, `lock_api`): blocks the thread, never poisoned.
    ParkingLot,
    /// `tokio`, `futures`, `async_lock`, `async_std`: meant to be held over `.await`.
    Async,
}

/// A lock's guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Guard {
    /// Whose.
    pub lock: Lock,
    /// A read guard: others may hold one too.
    pub shared: bool,
}

/// The parts of a map or set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Map<'a> {
    /// The key, or the element of a set.
    pub key: &'a TypeName,
    /// The value; `None` for a set.
    pub value: Option<&'a TypeName>,
    /// The hasher; `None` where it was not named or the map does not hash.
    pub hasher: Option<&'a TypeName>,
}

const STD: [&str; 3] = ["std", "core", "alloc"];
const INTEGERS: [&str; 12] =
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];
const DEFAULT_PARAMETERS: [&str; 2] = ["Global", "RandomState"];

impl TypeName {
    /// Last segment of a path.
    pub fn name(&self) -> Option<&str> {
        match self {
            TypeName::Path { segments, .. } => segments.last().map(String::as_str),
            _ => None,
        }
    }

    /// First segment of a path of two or more: the crate that defines the type.
    pub fn krate(&self) -> Option<&str> {
        match self {
            TypeName::Path { segments, .. } if segments.len() > 1 => {
                segments.first().map(String::as_str)
            }
            _ => None,
        }
    }

    /// Generic arguments of a path.
    pub fn args(&self) -> &[TypeName] {
        match self {
            TypeName::Path { args, .. } => args,
            _ => &[],
        }
    }

    /// Name of a type of the standard library: `Vec`, `HashMap`, `MutexGuard`.
    pub fn std_name(&self) -> Option<&str> {
        self.krate().filter(|krate| STD.contains(krate)).and(self.name())
    }

    /// A type of the standard library with this name.
    pub fn is_std(&self, name: &str) -> bool {
        self.std_name() == Some(name)
    }

    /// A type of this crate with this name, wherever the crate keeps it.
    pub fn is_from(&self, krate: &str, name: &str) -> bool {
        self.krate() == Some(krate) && self.name() == Some(name)
    }

    /// Whether `text` is among the path's segments: `io` of `std::io::Lines`.
    pub fn passes(&self, text: &str) -> bool {
        matches!(self, TypeName::Path { segments, .. } if segments.iter().any(|s| s == text))
    }

    /// The primitive with this name.
    pub fn is_primitive(&self, name: &str) -> bool {
        self.primitive() == Some(name)
    }

    /// The name of a path of one segment.
    pub fn primitive(&self) -> Option<&str> {
        match self {
            TypeName::Path { segments, args } if segments.len() == 1 && args.is_empty() => {
                segments.first().map(String::as_str)
            }
            _ => None,
        }
    }

    /// The type below all references.
    pub fn peeled(&self) -> &TypeName {
        let mut name = self;
        while let TypeName::Ref { to, .. } = name {
            name = to;
        }
        name
    }

    /// `&T` or `&mut T`.
    pub fn is_reference(&self) -> bool {
        matches!(self, TypeName::Ref { .. })
    }

    /// A reference or a `Cow`, at any depth.
    pub fn borrows(&self) -> bool {
        match self {
            TypeName::Ref { .. } => true,
            TypeName::Path { args, .. } => self.is_std("Cow") || args.iter().any(Self::borrows),
            TypeName::Tuple(parts) => parts.iter().any(Self::borrows),
            TypeName::Slice(of) | TypeName::Array(of, _) => of.borrows(),
            _ => false,
        }
    }

    /// `Vec`.
    pub fn is_vec(&self) -> bool {
        self.is_std("Vec")
    }

    /// `VecDeque`.
    pub fn is_vec_deque(&self) -> bool {
        self.is_std("VecDeque")
    }

    /// `String`.
    pub fn is_string(&self) -> bool {
        self.is_std("String")
    }

    /// `str`.
    pub fn is_str(&self) -> bool {
        self.is_primitive("str")
    }

    /// `String`, `str`, or a reference to one.
    pub fn is_text(&self) -> bool {
        let name = self.peeled();
        name.is_string() || name.is_str()
    }

    /// An integer type.
    pub fn is_integer(&self) -> bool {
        // A literal whose type its use decides is some integer.
        self.primitive().is_some_and(|name| name == "{integer}" || INTEGERS.contains(&name))
    }

    /// `f32` or `f64`.
    pub fn is_float(&self) -> bool {
        matches!(self.primitive(), Some("f32" | "f64" | "{float}"))
    }

    /// An integer or a float.
    pub fn is_number(&self) -> bool {
        self.is_integer() || self.is_float()
    }

    /// `bool`.
    pub fn is_bool(&self) -> bool {
        self.is_primitive("bool")
    }

    /// `char`.
    pub fn is_char(&self) -> bool {
        self.is_primitive("char")
    }

    /// Values own memory at most and nothing else, and borrow nothing.
    pub fn is_plain(&self) -> bool {
        const HOLDERS: [&str; 7] =
            ["Vec", "VecDeque", "HashMap", "HashSet", "BinaryHeap", "Option", "PathBuf"];
        if self.is_number() || self.is_bool() || self.is_char() || self.is_string() {
            return true;
        }
        match self {
            TypeName::Tuple(parts) => parts.iter().all(TypeName::is_plain),
            TypeName::Array(element, _) => element.is_plain(),
            TypeName::Path { args, .. } => {
                let mut held =
                    args.iter().filter(|arg| !matches!(arg.name(), Some("Global" | "RandomState")));
                self.std_name().is_some_and(|name| HOLDERS.contains(&name))
                    && (!args.is_empty() || self.is_std("PathBuf"))
                    && held.all(TypeName::is_plain)
            }
            _ => false,
        }
    }

    /// `Rc` or `Arc`: a clone copies a pointer and bumps a count.
    pub fn is_shared_pointer(&self) -> bool {
        self.is_std("Rc") || self.is_std("Arc") || self.is_from("triomphe", "Arc")
    }

    /// A type whose copy is a copy of its bytes; `None` where only its definition could tell.
    pub fn is_copy(&self) -> Option<bool> {
        match self {
            TypeName::Unknown => None,
            TypeName::Ref { mutable, .. } => Some(!mutable),
            TypeName::Pointer(_) | TypeName::Fn | TypeName::Never => Some(true),
            TypeName::Slice(_) | TypeName::Dyn(_) => Some(false),
            TypeName::Array(element, _) => element.is_copy(),
            TypeName::Tuple(items) => {
                let copies: Vec<Option<bool>> = items.iter().map(TypeName::is_copy).collect();
                if copies.contains(&Some(false)) {
                    return Some(false);
                }
                copies.iter().all(|copy| *copy == Some(true)).then_some(true)
            }
            TypeName::Path { args, .. } => {
                if self.is_number() || self.is_bool() || self.is_char() {
                    return Some(true);
                }
                match self.std_name() {
                    Some("Option") => args.first().and_then(TypeName::is_copy),
                    Some("Duration" | "Instant" | "SystemTime" | "NonNull" | "PhantomData") => {
                        Some(true)
                    }
                    Some(name) if self.owns_heap() || OWNING.contains(&name) => Some(false),
                    _ => None,
                }
            }
        }
    }

    /// A std collection or buffer that owns heap memory of its own.
    pub fn owns_heap(&self) -> bool {
        const COLLECTIONS: [&str; 14] = [
            "Vec",
            "VecDeque",
            "String",
            "BinaryHeap",
            "LinkedList",
            "HashMap",
            "HashSet",
            "BTreeMap",
            "BTreeSet",
            "PathBuf",
            "OsString",
            "CString",
            "Box",
            "Vector",
        ];
        self.std_name().is_some_and(|name| COLLECTIONS.contains(&name))
    }

    /// `HashMap` or `HashSet` of std or hashbrown, or `IndexMap`, `IndexSet`: with its parts.
    pub fn hash_map(&self) -> Option<Map<'_>> {
        let map = match self.name()? {
            "HashMap" | "IndexMap" => true,
            "HashSet" | "IndexSet" => false,
            _ => return None,
        };
        if self.std_name().is_none() && !matches!(self.krate()?, "hashbrown" | "indexmap") {
            return None;
        }
        Some(self.map_parts(map, true))
    }

    /// `BTreeMap` or `BTreeSet`, with its parts.
    pub fn btree_map(&self) -> Option<Map<'_>> {
        match self.std_name()? {
            "BTreeMap" => Some(self.map_parts(true, false)),
            "BTreeSet" => Some(self.map_parts(false, false)),
            _ => None,
        }
    }

    fn map_parts(&self, map: bool, hashes: bool) -> Map<'_> {
        let args = self.args();
        let at = |n: usize| args.get(n).unwrap_or(&TypeName::Unknown);
        let hasher = if hashes { args.get(if map { 2 } else { 1 }) } else { None };
        Map {
            key: at(0),
            value: map.then(|| at(1)),
            hasher: hasher.filter(|hasher| !hasher.is_unknown()),
        }
    }

    /// What the collection, slice, array or `Option` holds.
    pub fn element(&self) -> Option<&TypeName> {
        match self {
            TypeName::Slice(element) | TypeName::Array(element, _) => Some(element),
            TypeName::Path { args, .. } => match self.std_name()? {
                "Vec" | "VecDeque" | "BinaryHeap" | "LinkedList" | "HashSet" | "BTreeSet"
                | "Option" => args.first(),
                _ => None,
            },
            _ => None,
        }
    }

    /// A mutex or read-write lock.
    pub fn lock(&self) -> Option<Lock> {
        if !matches!(self.name()?, "Mutex" | "RwLock" | "FairMutex" | "ReentrantMutex") {
            return None;
        }
        self.lock_family()
    }

    /// A guard of a lock.
    pub fn guard(&self) -> Option<Guard> {
        let shared = match self.name()? {
            "MutexGuard"
            | "RwLockWriteGuard"
            | "OwnedMutexGuard"
            | "MappedMutexGuard"
            | "OwnedRwLockWriteGuard"
            | "RwLockUpgradableReadGuard"
            | "ReentrantMutexGuard"
            | "MappedRwLockWriteGuard"
            | "ArcMutexGuard" => false,
            "RwLockReadGuard" | "OwnedRwLockReadGuard" | "MappedRwLockReadGuard" => true,
            _ => return None,
        };
        Some(Guard { lock: self.lock_family()?, shared })
    }

    fn lock_family(&self) -> Option<Lock> {
        match self.krate()? {
            "std" => self.passes("sync").then_some(Lock::Std),
            "parking_lot" | "lock_api" | "spin" => Some(Lock::ParkingLot),
            "tokio" | "futures" | "futures_util" | "async_lock" | "async_std" => Some(Lock::Async),
            _ => None,
        }
    }

    /// A reader or writer where each call is a system call: a file, a socket, a pipe.
    pub fn is_unbuffered_io(&self) -> bool {
        match self.std_name() {
            Some("File") => self.passes("fs"),
            Some("TcpStream" | "UnixStream" | "UdpSocket") => true,
            Some("ChildStdin" | "ChildStdout" | "ChildStderr" | "PipeReader" | "PipeWriter") => {
                true
            }
            Some("Stderr" | "StderrLock") => self.passes("io"),
            _ => false,
        }
    }

    /// Standard output: flushed at each line end.
    pub fn is_stdout(&self) -> bool {
        matches!(self.std_name(), Some("Stdout" | "StdoutLock")) && self.passes("io")
    }

    /// A wrapper of std that buffers what it wraps.
    pub fn is_buffered_io(&self) -> bool {
        matches!(
            self.std_name(),
            Some("BufReader" | "BufWriter" | "LineWriter" | "Cursor" | "StdinLock")
        )
    }

    /// A closure's environment.
    pub fn is_closure(&self) -> bool {
        self.name().is_some_and(|name| name.starts_with("{closure"))
    }

    /// An allocator or hasher that stands there by default.
    pub(super) fn is_default_parameter(&self) -> bool {
        self.std_name().is_some_and(|name| DEFAULT_PARAMETERS.contains(&name))
    }
}

/// Other std types that are certainly not `Copy`.
const OWNING: [&str; 14] = [
    "Rc",
    "Arc",
    "Mutex",
    "RwLock",
    "MutexGuard",
    "RwLockReadGuard",
    "RwLockWriteGuard",
    "File",
    "BufReader",
    "BufWriter",
    "RefCell",
    "OnceCell",
    "Sender",
    "Receiver",
];

#[cfg(test)]
mod tests {
    use super::{Lock, TypeName};

    #[test]
    fn both_witnesses_names_of_a_type_answer_alike() {
        for name in ["alloc::vec::Vec<u8, alloc::alloc::Global>", "std::vec::Vec<u8>"] {
            let name = TypeName::parse(name);
            assert!(name.is_vec());
            assert!(name.element().is_some_and(TypeName::is_integer));
        }
        for name in ["std::sync::MutexGuard<u64>", "std::sync::poison::mutex::MutexGuard<u64>"] {
            assert_eq!(TypeName::parse(name).guard().map(|guard| guard.lock), Some(Lock::Std));
        }
    }

    #[test]
    fn a_type_of_the_same_name_from_elsewhere_is_another_type() {
        let name = TypeName::parse("bumpalo::collections::vec::Vec<u8>");
        assert!(!name.is_vec());
        assert_eq!(TypeName::parse("app::sync::MutexGuard<u8>").guard(), None);
    }

    #[test]
    fn a_map_names_its_hasher_only_where_it_was_said() {
        let said = TypeName::parse("std::collections::HashMap<u32, u8, rustc_hash::FxBuildHasher>");
        let map = said.hash_map().unwrap();
        assert!(map.key.is_integer());
        assert_eq!(map.hasher.and_then(TypeName::name), Some("FxBuildHasher"));
        let unsaid = TypeName::parse("std::collections::HashMap<u32, u8>");
        assert_eq!(unsaid.hash_map().unwrap().hasher, None);
    }

    #[test]
    fn copies_are_known_only_where_the_name_tells() {
        let copy = |name: &str| TypeName::parse(name).is_copy();
        assert_eq!(copy("&str"), Some(true));
        assert_eq!(copy("(u8, alloc::string::String)"), Some(false));
        assert_eq!(copy("core::option::Option<u8>"), Some(true));
        assert_eq!(copy("app::Id"), None);
    }
}

//! Associated functions and free functions of std.

use super::{io_result, named, option, result, str_ref, string, vec};
use crate::model::type_name::TypeName;
use crate::source::infer::calls::Call;

/// What `Owner::name(…)` gives.
pub(in crate::source::infer) fn constructor(
    owner: &TypeName,
    call: &Call<'_, '_, '_>,
) -> Option<TypeName> {
    if owner.primitive().is_some() {
        return primitive(owner, call);
    }
    if owner.is_from("regex", "Regex") {
        let error = TypeName::path("regex::Error");
        return (call.name == "new").then(|| result(owner.clone(), error));
    }
    if owner.lock().is_some() && call.name == "new" {
        return Some(filled(owner, vec![call.arg(0)]));
    }
    if owner.hash_map().is_some() || owner.btree_map().is_some() {
        return map(owner, call);
    }
    let makes = matches!(call.name, "new" | "default" | "with_capacity");
    let first_of = |name: &TypeName| name.element().cloned().unwrap_or(TypeName::Unknown);
    match owner.std_name()? {
        "String" => match call.name {
            "new" | "with_capacity" | "from" | "default" | "from_iter" => Some(string()),
            "from_utf8_lossy" => {
                Some(TypeName::generic("std::borrow::Cow", vec![TypeName::path("str")]))
            }
            "from_utf8" => Some(result(string(), TypeName::path("std::string::FromUtf8Error"))),
            _ => None,
        },
        "Vec" | "VecDeque" | "BinaryHeap" | "LinkedList" => match call.name {
            _ if makes => Some(filled(owner, vec![TypeName::Unknown])),
            "from" => {
                let element = first_of(call.arg(0).peeled());
                Some(filled(owner, vec![element]))
            }
            "from_iter" => Some(filled(owner, vec![TypeName::Unknown])),
            _ => None,
        },
        "Box" | "Rc" | "Arc" | "RefCell" | "Cell" | "Mutex" | "RwLock" | "ManuallyDrop" => {
            match call.name {
                "new" => Some(filled(owner, vec![call.arg(0)])),
                "from" | "default" => Some(filled(owner, vec![TypeName::Unknown])),
                _ => None,
            }
        }
        "PathBuf" if makes || call.name == "from" => Some(owner.clone()),
        "OsString" if makes || call.name == "from" => Some(owner.clone()),
        "Path" if call.name == "new" => Some(TypeName::reference(owner.clone())),
        "OsStr" if call.name == "new" => Some(TypeName::reference(owner.clone())),
        "File" if matches!(call.name, "open" | "create" | "create_new") => {
            Some(io_result(owner.clone()))
        }
        "File" if call.name == "options" => named("std::fs::OpenOptions"),
        "OpenOptions" if call.name == "new" => Some(owner.clone()),
        "TcpStream" | "UnixStream" if call.name == "connect" => Some(io_result(owner.clone())),
        "BufReader" | "BufWriter" | "LineWriter" | "Cursor" => match call.name {
            "new" => Some(filled(owner, vec![call.arg(0)])),
            "with_capacity" => Some(filled(owner, vec![call.arg(1)])),
            _ => None,
        },
        "Instant" | "SystemTime" if call.name == "now" => Some(owner.clone()),
        "Duration" if call.name.starts_with("from_") => Some(owner.clone()),
        "Cow" => match call.name {
            "Borrowed" => match call.arg(0) {
                TypeName::Ref { to, .. } => Some(filled(owner, vec![*to])),
                _ => Some(filled(owner, vec![TypeName::Unknown])),
            },
            "Owned" => Some(filled(owner, vec![TypeName::Unknown])),
            _ => None,
        },
        "Option" if call.name == "Some" => Some(option(call.arg(0))),
        "LazyLock" | "LazyCell" if call.name == "new" => Some(filled(owner, vec![call.output(0)])),
        "OnceLock" | "OnceCell" if call.name == "new" => {
            Some(filled(owner, vec![TypeName::Unknown]))
        }
        "Command" if call.name == "new" => Some(owner.clone()),
        _ => None,
    }
}

/// The owner with the arguments written, else those that the call tells.
fn filled(owner: &TypeName, args: Vec<TypeName>) -> TypeName {
    match owner {
        TypeName::Path { segments, args: written } if written.is_empty() => {
            TypeName::Path { segments: segments.clone(), args }
        }
        _ => owner.clone(),
    }
}

fn map(owner: &TypeName, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    let is_set = owner.name().is_some_and(|name| name.ends_with("Set"));
    let hashes = owner.hash_map().is_some();
    let mut args = owner.args().to_vec();
    args.resize(args.len().max(if is_set { 1 } else { 2 }), TypeName::Unknown);
    let named_hasher = args.len() > if is_set { 1 } else { 2 };
    let std_hasher = || {
        let std = owner.std_name().is_some() || owner.krate() == Some("indexmap");
        if std { TypeName::path("std::hash::RandomState") } else { TypeName::Unknown }
    };
    match call.name {
        "new" | "with_capacity" if hashes && !named_hasher => args.push(std_hasher()),
        "with_hasher" if hashes && !named_hasher => args.push(call.arg(0)),
        "with_capacity_and_hasher" if hashes && !named_hasher => args.push(call.arg(1)),
        "from" if hashes && !named_hasher => args.push(std_hasher()),
        "default" if hashes && !named_hasher => args.push(TypeName::Unknown),
        "new"
        | "with_capacity"
        | "with_hasher"
        | "with_capacity_and_hasher"
        | "default"
        | "from" => {}
        _ => return None,
    }
    match owner {
        TypeName::Path { segments, .. } => {
            Some(TypeName::Path { segments: segments.clone(), args })
        }
        _ => None,
    }
}

fn primitive(owner: &TypeName, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    match call.name {
        "from" if owner.is_number() || owner.is_char() => Some(owner.clone()),
        "from_str_radix" => Some(result(owner.clone(), TypeName::path("std::num::ParseIntError"))),
        "from_le_bytes" | "from_be_bytes" | "from_ne_bytes" => Some(owner.clone()),
        "try_from" => Some(result(owner.clone(), TypeName::Unknown)),
        "min" | "max" if owner.is_number() => Some(owner.clone()),
        "from_utf8" if owner.is_str() => Some(result(str_ref(), TypeName::Unknown)),
        _ => None,
    }
}

/// What a function of std gives, by its path.
pub(in crate::source::infer) fn function(path: &str, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    let (krate, rest) = path.split_once("::")?;
    if !matches!(krate, "std" | "core" | "alloc") {
        return None;
    }
    let pointee = |n: usize| match call.arg(n) {
        TypeName::Ref { to, .. } => Some(*to),
        _ => None,
    };
    match rest {
        "mem::take" | "mem::replace" => pointee(0),
        "mem::swap" | "mem::drop" | "thread::sleep" => Some(TypeName::unit()),
        "mem::size_of" | "mem::size_of_val" | "mem::align_of" => named("usize"),
        "cmp::min" | "cmp::max" => {
            let (first, second) = (call.arg(0), call.arg(1));
            Some(if first.is_primitive("{integer}") { second } else { first })
        }
        "fs::read" => Some(io_result(vec(TypeName::path("u8")))),
        "fs::read_to_string" | "io::read_to_string" => Some(io_result(string())),
        "fs::metadata" => Some(io_result(TypeName::path("std::fs::Metadata"))),
        "io::stdin" => named("std::io::Stdin"),
        "io::stdout" => named("std::io::Stdout"),
        "io::stderr" => named("std::io::Stderr"),
        "env::args" => named("std::env::Args"),
        "env::var" => Some(result(string(), TypeName::path("std::env::VarError"))),
        "str::from_utf8" => Some(result(str_ref(), TypeName::path("std::str::Utf8Error"))),
        "thread::spawn" => Some(TypeName::generic("std::thread::JoinHandle", vec![call.output(0)])),
        _ => None,
    }
}

//! How large a value is at least, as far as types tell.

use super::Infer;
use super::declared::Shape;
use crate::model::type_name::TypeName;

/// Types within types; no real value is nested deeper.
const MAX_NESTING: u32 = 8;

impl Infer<'_, '_> {
    /// The bytes that a value of the type takes at least, without what it keeps on the heap.
    pub fn size_at_least(&self, ty: &TypeName) -> u64 {
        // A file asks for few types, and for each of them often.
        if let Some(&size) = self.sizes.borrow().get(ty) {
            return size;
        }
        let size = self.size(ty, MAX_NESTING);
        self.sizes.borrow_mut().insert(ty.clone(), size);
        size
    }

    fn size(&self, ty: &TypeName, nesting: u32) -> u64 {
        let Some(nesting) = nesting.checked_sub(1) else { return 0 };
        match ty {
            TypeName::Array(element, Some(length)) => {
                self.size(element, nesting).saturating_mul(*length)
            }
            TypeName::Tuple(items) => sum(items.iter().map(|item| self.size(item, nesting))),
            TypeName::Ref { .. } | TypeName::Pointer(_) | TypeName::Fn => 8,
            TypeName::Path { segments, args } => match segments.as_slice() {
                [primitive] => primitive_size(primitive),
                _ => match ty.std_name() {
                    Some("Vec" | "String") => 24,
                    Some("Box" | "Rc" | "Arc") => 8,
                    Some("Option" | "Cell" | "RefCell" | "MaybeUninit") => {
                        args.first().map_or(0, |inner| self.size(inner, nesting))
                    }
                    Some(_) => 0,
                    None => self.declared_size(ty, nesting),
                },
            },
            _ => 0,
        }
    }

    fn declared_size(&self, ty: &TypeName, nesting: u32) -> u64 {
        let Some((_, declared)) = self.index.definition(ty) else { return 0 };
        let Shape::Struct(fields) = &declared.shape else { return 0 };
        sum(fields.iter().map(|(name, _)| {
            self.index.field(ty, name).map_or(0, |field| self.size(&field, nesting))
        }))
    }
}

fn sum(sizes: impl Iterator<Item = u64>) -> u64 {
    sizes.fold(0, u64::saturating_add)
}

fn primitive_size(name: &str) -> u64 {
    match name {
        "u8" | "i8" | "bool" => 1,
        "u16" | "i16" => 2,
        "u32" | "i32" | "f32" | "char" => 4,
        "u64" | "i64" | "f64" | "usize" | "isize" => 8,
        "u128" | "i128" => 16,
        _ => 0,
    }
}

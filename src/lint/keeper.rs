//! Cells that keep a value made on first use.

use super::site::Site;

/// What keeps a value that is made on first use.
pub enum Keeper {
    /// `std::sync::LazyLock`.
    LazyLock,
    /// `std::sync::OnceLock`.
    OnceLock,
    /// `once_cell::sync::Lazy`.
    Lazy,
    /// `lazy_static!`.
    LazyStatic,
}

impl Keeper {
    /// What the package can use: its oldest compiler and its dependencies tell.
    pub fn of(site: &Site<'_, '_>) -> Option<Keeper> {
        let package = &site.file.package;
        if package.has_std(80) {
            Some(Keeper::LazyLock)
        } else if package.has_std(70) {
            Some(Keeper::OnceLock)
        } else if package.depends_on("once_cell") {
            Some(Keeper::Lazy)
        } else {
            package.depends_on("lazy_static").then_some(Keeper::LazyStatic)
        }
    }

    /// The declaration, and the expression that stands for the value.
    pub fn write(&self, name: &str, ty: &str, made: &str) -> (String, String) {
        let lazy = |cell: &str| {
            (format!("static {name}: {cell}<{ty}> =\n    {cell}::new(|| {made});"), name.to_owned())
        };
        match self {
            Keeper::LazyLock => lazy("std::sync::LazyLock"),
            Keeper::Lazy => lazy("once_cell::sync::Lazy"),
            Keeper::OnceLock => {
                let cell = "std::sync::OnceLock";
                let declared = format!("static {name}: {cell}<{ty}> = {cell}::new();");
                (declared, format!("{name}.get_or_init(|| {made})"))
            }
            Keeper::LazyStatic => {
                let declared = format!(
                    "lazy_static::lazy_static! {{\n    static ref {name}: {ty} = {made};\n}}"
                );
                (declared, name.to_owned())
            }
        }
    }
}

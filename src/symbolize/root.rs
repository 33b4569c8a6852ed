//! Whether a function is where a program or a thread begins.

use addr2line::gimli::{
    BaseAddresses, EhFrame, EhFrameHdr, EndianSlice, Error, NativeEndian, Register, RegisterRule,
    UnwindContext, UnwindSection,
};

use super::space::Module;

/// The register that stands for the return address.
#[cfg(not(target_arch = "aarch64"))]
const RETURN_ADDRESS: Register = Register(16);
/// The register that stands for the return address.
#[cfg(target_arch = "aarch64")]
const RETURN_ADDRESS: Register = Register(30);

/// Names of functions that begin a program or a thread, for libraries without unwind tables
/// there.
const NAMES: [&str; 8] =
    ["_start", "_dl_start", "_dl_start_user", "clone", "__clone", "clone3", "__clone3", "_start_c"];

/// Whether a name is one of them.
pub(super) fn is_root_name(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Whether the unwind tables say that the code at an address has no caller.
///
/// The C library marks its entry and its thread start so. The dynamic linker's entry, which has
/// no unwind table, is taken for a root, too.
pub(super) fn has_no_caller(module: &Module, address: u64) -> bool {
    match return_address_rule(module, address) {
        Some(Ok(rule)) => rule == Some(RegisterRule::Undefined),
        Some(Err(Error::NoUnwindInfoForAddress)) => is_dynamic_linker(&module.path),
        Some(Err(_)) | None => false,
    }
}

type Rule = Result<Option<RegisterRule<usize>>, Error>;

fn return_address_rule(module: &Module, address: u64) -> Option<Rule> {
    let image = &module.image;
    let (frame, hdr) = (image.eh_frame.as_ref()?, image.eh_frame_hdr.as_ref()?);
    let bases = BaseAddresses::default()
        .set_eh_frame(frame.address.start)
        .set_eh_frame_hdr(hdr.address.start)
        .set_text(image.text_start())
        .set_got(image.got_start());
    let section = EhFrame::new(&frame.bytes, NativeEndian);
    let hdr: EhFrameHdr<EndianSlice<'_, NativeEndian>> = EhFrameHdr::new(&hdr.bytes, NativeEndian);
    let hdr = hdr.parse(&bases, 8).ok()?;
    let mut context = UnwindContext::new();
    let row = hdr.table()?.unwind_info_for_address(
        &section,
        &bases,
        &mut context,
        address,
        EhFrame::cie_from_offset,
    );
    Some(row.map(|row| row.register(RETURN_ADDRESS)))
}

fn is_dynamic_linker(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with("ld-") || name.starts_with("ld.so"))
}

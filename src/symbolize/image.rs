//! An executable, a library or the vdso: what unwinding needs of it.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use object::{Object, ObjectSection, ObjectSegment, ReadCache, ReadRef, SegmentFlags};

/// The name under which the kernel maps its own code into every process.
pub(super) const VDSO: &str = "[vdso]";

/// The parts of a file that tell how to unwind its code. Where the file cannot be read, there
/// are none, and its addresses stay without names.
#[derive(Clone, Debug, Default)]
pub(super) struct Image {
    segments: Vec<Segment>,
    text: Option<Range<u64>>,
    got: Option<Range<u64>>,
    pub(super) eh_frame: Option<Section>,
    pub(super) eh_frame_hdr: Option<Section>,
    debug_frame: Option<Section>,
    pub(super) build_id: String,
}

/// Bytes of a section, and where the file says they belong.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) address: Range<u64>,
    pub(super) bytes: Arc<[u8]>,
}

/// A part of the file that is mapped executable.
#[derive(Clone, Debug)]
struct Segment {
    file: Range<u64>,
    address: u64,
}

impl Image {
    /// Reads the sections of a file, or of the vdso.
    pub(super) fn read(path: &str) -> Image {
        if path == VDSO {
            return vdso().map(|bytes| parse(&*bytes)).unwrap_or_default();
        }
        match File::open(path) {
            // Only the parts that are looked at are read.
            Ok(file) if is_file(&file) => parse(&ReadCache::new(file)),
            _ => Image::default(),
        }
    }

    /// The address, as the file states it, of the first byte of an executable part that is mapped
    /// from `offset` on. A mapping begins at a page, so before its segment and perhaps within the
    /// one before.
    pub(super) fn address_of(&self, offset: u64, length: u64) -> Option<u64> {
        let end = offset.saturating_add(length);
        let within = |it: &&Segment| it.file.start < end && offset < it.file.end;
        let segment = self.segments.iter().find(within)?;
        Some(segment.address.wrapping_sub(segment.file.start).wrapping_add(offset))
    }

    /// What framehop asks for.
    pub(super) fn unwind_sections(&self) -> framehop::ExplicitModuleSectionInfo<Arc<[u8]>> {
        let bytes = |section: &Option<Section>| section.as_ref().map(|it| Arc::clone(&it.bytes));
        let range = |section: &Option<Section>| section.as_ref().map(|it| it.address.clone());
        framehop::ExplicitModuleSectionInfo {
            base_svma: 0,
            text_svma: self.text.clone(),
            got_svma: self.got.clone(),
            eh_frame_svma: range(&self.eh_frame),
            eh_frame: bytes(&self.eh_frame),
            eh_frame_hdr_svma: range(&self.eh_frame_hdr),
            eh_frame_hdr: bytes(&self.eh_frame_hdr),
            debug_frame: bytes(&self.debug_frame),
            ..framehop::ExplicitModuleSectionInfo::default()
        }
    }

    pub(super) fn text_start(&self) -> u64 {
        self.text.as_ref().map_or(0, |range| range.start)
    }

    pub(super) fn got_start(&self) -> u64 {
        self.got.as_ref().map_or(0, |range| range.start)
    }
}

/// A pipe or a device may stand where a file was.
fn is_file(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.is_file())
}

fn parse<'data>(data: impl ReadRef<'data>) -> Image {
    let Ok(object) = object::File::parse(data) else { return Image::default() };
    let section = |name: &str| {
        let section = object.section_by_name(name)?;
        let bytes = section.uncompressed_data().ok()?;
        let start = section.address();
        let address = start..start.checked_add(bytes.len() as u64)?;
        Some(Section { address, bytes: Arc::from(&*bytes) })
    };
    let range = |name: &str| {
        let section = object.section_by_name(name)?;
        Some(section.address()..section.address().checked_add(section.size())?)
    };
    let segments = object.segments().filter_map(|segment| {
        let SegmentFlags::Elf { p_flags, .. } = segment.flags() else { return None };
        if p_flags.0 & object::elf::PF_X.0 == 0 {
            return None;
        }
        let (offset, size) = segment.file_range();
        Some(Segment { file: offset..offset.checked_add(size)?, address: segment.address() })
    });
    let hex = |id: &[u8]| id.iter().map(|byte| format!("{byte:02x}")).collect();
    Image {
        segments: segments.collect(),
        text: range(".text"),
        got: range(".got"),
        eh_frame: section(".eh_frame"),
        eh_frame_hdr: section(".eh_frame_hdr"),
        debug_frame: section(".debug_frame"),
        build_id: object.build_id().ok().flatten().map(hex).unwrap_or_default(),
    }
}

/// The vdso's bytes. It is the same in every process, ours included.
pub(super) fn vdso() -> Option<Vec<u8>> {
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    let line = maps.lines().find(|line| line.ends_with(VDSO))?;
    let (start, end) = line.split_ascii_whitespace().next()?.split_once('-')?;
    let start = u64::from_str_radix(start, 16).ok()?;
    let size = u64::from_str_radix(end, 16).ok()?.checked_sub(start)?;
    let mut memory = File::open("/proc/self/mem").ok()?;
    memory.seek(SeekFrom::Start(start)).ok()?;
    let mut bytes = Vec::new();
    memory.take(size).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Whether the path can name a file; the kernel writes others for memory without one.
pub(super) fn names_a_file(path: &str) -> bool {
    // Opening a pipe would wait for somebody who writes.
    path == VDSO || (path.starts_with('/') && !path.starts_with("//") && Path::new(path).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_program_can_be_unwound() {
        let own = std::env::current_exe().unwrap();
        let image = Image::read(own.to_str().unwrap());
        assert!(image.eh_frame.is_some() && image.eh_frame_hdr.is_some());
        assert!(image.address_of(0, u64::MAX).is_some());
    }

    #[test]
    fn what_is_no_program_has_no_sections() {
        for path in ["/proc/self/maps", "/nowhere", "/dev/null", "/", "[anon]", ""] {
            assert!(Image::read(path).eh_frame.is_none(), "{path}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_vdso_is_read_from_our_own_memory() {
        assert!(Image::read(VDSO).eh_frame.is_some());
    }
}

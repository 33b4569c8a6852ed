//! Distinct addresses and distinct stacks, each kept once.

use std::collections::HashMap;

/// An address of a program: the module and the address as the module's file states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    pub(super) module: Option<u32>,
    /// Within the instruction that runs or calls; for a return address, one before it.
    pub(super) address: u64,
}

/// Stands where a part of the stack was not copied.
pub(super) const CUT: Frame = Frame { module: None, address: u64::MAX };

/// Index of a [`Frame`].
pub(super) type FrameId = u32;
/// Index of a stack.
pub(super) type StackId = u32;

/// The distinct frames and stacks of a profile.
#[derive(Debug, Default)]
pub(super) struct Stacks {
    frames: Vec<Frame>,
    frame_ids: HashMap<Frame, FrameId>,
    stacks: Vec<Box<[FrameId]>>,
    stack_ids: HashMap<Box<[FrameId]>, StackId>,
}

impl Stacks {
    pub(super) fn frame(&mut self, frame: Frame) -> FrameId {
        *self.frame_ids.entry(frame).or_insert_with(|| {
            self.frames.push(frame);
            self.frames.len() as FrameId - 1
        })
    }

    /// The id of a stack, innermost frame first.
    pub(super) fn stack(&mut self, frames: &[FrameId]) -> StackId {
        if let Some(&id) = self.stack_ids.get(frames) {
            return id;
        }
        let id = self.stacks.len() as StackId;
        self.stacks.push(frames.into());
        self.stack_ids.insert(frames.into(), id);
        id
    }

    pub(super) fn frames(&self) -> &[Frame] {
        &self.frames
    }

    pub(super) fn stacks(&self) -> &[Box<[FrameId]>] {
        &self.stacks
    }
}

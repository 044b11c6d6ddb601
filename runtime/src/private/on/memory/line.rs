//! A line at the end of a body, written in steps whose size is known when this is compiled.
//!
//! A step copies a whole block, however much of it counts: a few instructions, and no loop. The
//! memory behind the body is not zeroed before, and where the line ends is kept in registers.

#![expect(unsafe_code, reason = "memory counts as written without being zeroed first")]

use std::mem::{self, MaybeUninit};

/// Room that most lines have enough of.
const ROOM: usize = 1024;

/// What is left of the room for a line that is being written; nothing once there was too little.
pub(crate) struct Line<'a>(&'a mut [MaybeUninit<u8>]);

/// Something that can be written as a line, or as a part of one.
pub(crate) trait WriteLine: Copy {
    /// Writes it. This is done again if there was too little room.
    fn write(self, line: &mut Line<'_>);
}

/// Appends a line.
#[inline(always)]
pub(crate) fn append_line(body: &mut Vec<u8>, what: impl WriteLine) {
    let mut least = ROOM;
    loop {
        body.reserve(least);
        let room = body.spare_capacity_mut();
        let available = room.len();
        let mut line = Line(room);
        what.write(&mut line);
        let Line(rest) = line;
        if !rest.is_empty() {
            let length = available - rest.len();
            // SAFETY: so many bytes behind the body are its own. They have been written, because a
            // line only takes what it has written from the front of its room, or else all of it.
            return unsafe { body.set_len(body.len() + length) };
        }
        least = available * 2;
    }
}

impl Line<'_> {
    /// Appends the first bytes of a block, and writes over what follows.
    #[inline(always)]
    pub(crate) fn block<const N: usize>(&mut self, block: &[u8; N], length: usize) {
        let room = mem::take(&mut self.0);
        if let Some(place) = room.first_chunk_mut::<N>() {
            *place = block.map(MaybeUninit::new);
            self.0 = room.get_mut(length.min(N)..).unwrap_or_default();
        }
    }

    /// Appends a text.
    #[inline(always)]
    pub(crate) fn text(&mut self, text: &[u8]) {
        let room = mem::take(&mut self.0);
        if let Some((place, rest)) = room.split_at_mut_checked(text.len()) {
            place.write_copy_of_slice(text);
            self.0 = rest;
        }
    }
}

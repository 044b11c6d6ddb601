//! A body from its making until it is sent, kept small.
//!
//! Nothing is sent before a body is there as a whole, so that none is ever cut short by a panic. But
//! it is there compressed: in the client's coding, or else in our own, which is undone while it is
//! sent. So a scrape of a million series takes some megabytes, whoever asks for it.

use std::collections::VecDeque;
use std::io::{self, Write as _};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use zstd::bulk::{self, Compressor};

use super::coding::Coding;

/// How much of a body is taken out at once, and how much of it a connection is handed at once.
pub(super) const CHUNK: usize = 64 << 10;

/// How much of a body is kept as it is, where a client cannot decompress: more than most have.
const PLAIN: usize = 1 << 20;

/// Fast rather than small, since somebody waits for it.
const LEVEL: i32 = 1;

/// A body that is being made, in a coding.
pub(super) enum Maker {
    Zstd(zstd::Encoder<'static, Vec<u8>>),
    Gzip(GzEncoder<Vec<u8>>),
    Identity(Packer),
}

impl Maker {
    pub(super) fn new(coding: Coding) -> io::Result<Self> {
        Ok(match coding {
            Coding::Zstd => Self::Zstd(zstd::Encoder::new(Vec::new(), LEVEL)?),
            Coding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), Compression::fast())),
            Coding::Identity => Self::Identity(Packer::new()?),
        })
    }

    /// Appends a part of any size.
    pub(super) fn append(&mut self, part: &[u8]) -> io::Result<()> {
        match self {
            Self::Zstd(encoder) => encoder.write_all(part),
            Self::Gzip(encoder) => encoder.write_all(part),
            Self::Identity(packer) => part.chunks(CHUNK).try_for_each(|chunk| packer.append(chunk)),
        }
    }

    /// The whole body.
    pub(super) fn finish(self) -> io::Result<Pieces> {
        match self {
            Self::Zstd(encoder) => encoder.finish().map(Pieces::compressed),
            Self::Gzip(encoder) => encoder.finish().map(Pieces::compressed),
            Self::Identity(packer) => Ok(packer.pieces),
        }
    }
}

/// Keeps a body in pieces, of which those past the first megabyte are packed.
pub(super) struct Packer {
    pieces: Pieces,
    compressor: Compressor<'static>,
    /// Where a piece is packed, before it is known how large it becomes.
    packed: Vec<u8>,
}

impl Packer {
    fn new() -> io::Result<Self> {
        let (pieces, compressor) = (Pieces::default(), Compressor::new(LEVEL)?);
        Ok(Self { pieces, compressor, packed: Vec::new() })
    }

    fn append(&mut self, chunk: &[u8]) -> io::Result<()> {
        let Self { pieces, compressor, packed } = self;
        let piece = if pieces.length < PLAIN {
            Piece::Plain(Bytes::copy_from_slice(chunk))
        } else {
            packed.resize(zstd::zstd_safe::compress_bound(chunk.len()), 0);
            let length = compressor.compress_to_buffer(chunk, &mut packed[..])?;
            Piece::Packed { packed: packed[..length].into(), length: chunk.len() }
        };
        pieces.length += chunk.len();
        pieces.pieces.push_back(piece);
        Ok(())
    }
}

/// A body that is there as a whole, and goes piece by piece.
#[derive(Default)]
pub(super) struct Pieces {
    pieces: VecDeque<Piece>,
    /// The bytes of all that is left.
    length: usize,
}

enum Piece {
    Plain(Bytes),
    Packed { packed: Box<[u8]>, length: usize },
}

impl Pieces {
    fn compressed(body: Vec<u8>) -> Self {
        let (length, mut body) = (body.len(), Bytes::from(body));
        let mut pieces = VecDeque::new();
        while !body.is_empty() {
            pieces.push_back(Piece::Plain(body.split_to(body.len().min(CHUNK))));
        }
        Self { pieces, length }
    }

    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// The next piece as it is sent, if there is one more.
    pub(super) fn next(&mut self) -> Option<io::Result<Bytes>> {
        let piece = match self.pieces.pop_front()? {
            Piece::Plain(piece) => Ok(piece),
            Piece::Packed { packed, length } => bulk::decompress(&packed, length).map(Bytes::from),
        };
        Some(piece.inspect(|piece| self.length -= piece.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a body of parts of so many bytes; returns it as it was made, and how it is kept.
    fn made(coding: Coding, parts: usize, size: usize) -> (Vec<u8>, Pieces) {
        let mut maker = Maker::new(coding).expect("there is memory");
        let mut body = Vec::new();
        for part in 0..parts {
            let part = format!("part {part} ").repeat(size)[..size].to_owned();
            maker.append(part.as_bytes()).expect("a body can be compressed");
            body.extend_from_slice(part.as_bytes());
        }
        (body, maker.finish().expect("a body can be compressed"))
    }

    fn sent(mut pieces: Pieces) -> Vec<u8> {
        let mut body = Vec::new();
        while let Some(piece) = pieces.next() {
            let piece = piece.expect("what was packed can be unpacked");
            assert!(piece.len() <= CHUNK);
            body.extend_from_slice(&piece);
        }
        assert_eq!(pieces.length, 0);
        body
    }

    fn kept(pieces: &Pieces) -> usize {
        let kept = pieces.pieces.iter().map(|piece| match piece {
            Piece::Plain(piece) => piece.len(),
            Piece::Packed { packed, .. } => packed.len(),
        });
        kept.sum()
    }

    #[test]
    fn what_was_made_is_sent() {
        for (parts, size) in [(0, 0), (1, 10), (3, CHUNK - 1), (50, CHUNK), (2, 20 * CHUNK + 1)] {
            let (body, pieces) = made(Coding::Identity, parts, size);
            assert_eq!(pieces.length(), body.len());
            assert_eq!(sent(pieces), body, "{parts} parts of {size} bytes");
            let (body, pieces) = made(Coding::Zstd, parts, size);
            assert_eq!(zstd::decode_all(&*sent(pieces)).expect("it is zstd"), body);
        }
    }

    #[test]
    fn a_large_body_is_kept_small_and_a_small_one_as_it_is() {
        let (body, pieces) = made(Coding::Identity, 16, CHUNK);
        assert_eq!(kept(&pieces), body.len());
        let (body, pieces) = made(Coding::Identity, 800, CHUNK);
        assert!(kept(&pieces) < body.len() / 20, "{}", kept(&pieces));
    }
}

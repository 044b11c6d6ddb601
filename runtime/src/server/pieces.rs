//! A body from its making until it is sent, kept small.
//!
//! Nothing is sent before a body is there as a whole, so that none is ever cut short by a panic. But
//! it is there compressed: in the client's coding, or else in our own, which is undone while it is
//! sent. So a scrape of a million series takes some megabytes, whoever asks for it.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::mem;

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

/// A body that is being made.
pub(super) struct Maker {
    coder: Coder,
    /// What comes behind so many bytes that have not been taken yet.
    aside: Packer,
    from: usize,
}

impl Maker {
    pub(super) fn new(coding: Coding) -> io::Result<Self> {
        Ok(Self { coder: Coder::new(coding)?, aside: Packer::new(0)?, from: 0 })
    }

    /// Takes what is in a body behind so many bytes, if that is enough to be worth it.
    pub(super) fn take(&mut self, body: &mut Vec<u8>, from: usize) -> io::Result<()> {
        if from > 0 {
            if body.len() - from >= CHUNK {
                self.aside.append(&body[from..])?;
                body.truncate(from);
                self.from = from;
            }
        } else if body.len() >= CHUNK || self.from > 0 {
            self.append(body)?;
            body.clear();
        }
        Ok(())
    }

    /// The whole body, of which this is the rest.
    pub(super) fn finish(mut self, rest: &[u8]) -> io::Result<Pieces> {
        self.append(rest)?;
        self.coder.finish()
    }

    fn append(&mut self, part: &[u8]) -> io::Result<()> {
        let Self { coder, aside, from } = self;
        let (before, after) = part.split_at(mem::take(from));
        coder.append(before)?;
        while let Some(piece) = aside.pieces.next() {
            coder.append(&piece?)?;
        }
        coder.append(after)
    }
}

/// Brings a body into the coding in which it is sent.
enum Coder {
    Zstd(zstd::Encoder<'static, Vec<u8>>),
    Gzip(GzEncoder<Vec<u8>>),
    Identity(Packer),
}

impl Coder {
    fn new(coding: Coding) -> io::Result<Self> {
        Ok(match coding {
            Coding::Zstd => Self::Zstd(zstd::Encoder::new(Vec::new(), LEVEL)?),
            Coding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), Compression::fast())),
            Coding::Identity => Self::Identity(Packer::new(PLAIN)?),
        })
    }

    fn append(&mut self, part: &[u8]) -> io::Result<()> {
        match self {
            Self::Zstd(encoder) => encoder.write_all(part),
            Self::Gzip(encoder) => encoder.write_all(part),
            Self::Identity(packer) => packer.append(part),
        }
    }

    fn finish(self) -> io::Result<Pieces> {
        match self {
            Self::Zstd(encoder) => encoder.finish().map(Pieces::compressed),
            Self::Gzip(encoder) => encoder.finish().map(Pieces::compressed),
            Self::Identity(packer) => Ok(packer.pieces),
        }
    }
}

/// Keeps bytes in pieces, of which those past the first ones are packed.
struct Packer {
    pieces: Pieces,
    /// How many bytes are kept as they are.
    plain: usize,
    compressor: Compressor<'static>,
    /// Where a piece is packed, before it is known how large it becomes.
    packed: Vec<u8>,
}

impl Packer {
    fn new(plain: usize) -> io::Result<Self> {
        let (pieces, compressor) = (Pieces::default(), Compressor::new(LEVEL)?);
        Ok(Self { pieces, plain, compressor, packed: Vec::new() })
    }

    fn append(&mut self, part: &[u8]) -> io::Result<()> {
        let Self { pieces, plain, compressor, packed } = self;
        for chunk in part.chunks(CHUNK) {
            let piece = if pieces.length < *plain {
                Piece::Plain(Bytes::copy_from_slice(chunk))
            } else {
                packed.resize(zstd::zstd_safe::compress_bound(chunk.len()), 0);
                let length = compressor.compress_to_buffer(chunk, &mut packed[..])?;
                Piece::Packed { packed: packed[..length].into(), length: chunk.len() }
            };
            pieces.length += chunk.len();
            pieces.pieces.push_back(piece);
        }
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
        let (mut body, mut rest) = (Vec::new(), Vec::new());
        for part in 0..parts {
            let part = format!("part {part} ").repeat(size)[..size].to_owned();
            body.extend_from_slice(part.as_bytes());
            rest.extend_from_slice(part.as_bytes());
            maker.take(&mut rest, 0).expect("a body can be compressed");
        }
        (body, maker.finish(&rest).expect("a body can be compressed"))
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
    fn what_stands_before_comes_before_though_it_is_taken_later() {
        let mut maker = Maker::new(Coding::Identity).expect("there is memory");
        let (series, mut body) = ("series".repeat(CHUNK / 4), b"before length ".to_vec());
        for _ in 0..3 {
            body.extend_from_slice(series.as_bytes());
            maker.take(&mut body, 14).expect("it can be compressed");
            assert_eq!(body.len(), 14);
        }
        body[7..13].copy_from_slice(b"LENGTH");
        body.extend_from_slice(b" unit, ");
        maker.take(&mut body, 0).expect("it can be compressed");
        assert_eq!(body, b"");
        let pieces = maker.finish(b"end").expect("it can be compressed");
        let expected = format!("before LENGTH {} unit, end", series.repeat(3));
        assert_eq!(String::from_utf8_lossy(&sent(pieces)), expected);
    }

    #[test]
    fn a_large_body_is_kept_small_and_a_small_one_as_it_is() {
        let (body, pieces) = made(Coding::Identity, 16, CHUNK);
        assert_eq!(kept(&pieces), body.len());
        let (body, pieces) = made(Coding::Identity, 800, CHUNK);
        assert!(kept(&pieces) < body.len() / 20, "{}", kept(&pieces));
    }
}

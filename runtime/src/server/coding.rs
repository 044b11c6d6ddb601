//! How a body is compressed for who can read that.

use super::wish::Wish;

/// A compression of bodies; the ones above are preferred where a client likes two equally well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Zstd,
    Gzip,
    Identity,
}

impl Coding {
    /// The one for an `Accept-Encoding` header.
    pub(super) fn of(accept: &str) -> Self {
        let mut best = (Self::Identity, 0.0);
        for coding in [Self::Zstd, Self::Gzip] {
            let quality =
                accept.split(',').filter_map(|wish| coding.quality(wish)).fold(0.0, f64::max);
            if quality > best.1 {
                best = (coding, quality);
            }
        }
        best.0
    }

    /// Its name in `Content-Encoding`.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Zstd => Some("zstd"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// How much a wish likes it, if it is about it.
    fn quality(self, wish: &str) -> Option<f64> {
        let Wish { name, quality, .. } = Wish::of(wish)?;
        (self.name()? == name).then_some(quality)
    }
}

#[cfg(test)]
mod tests {
    use super::Coding::{self, Gzip, Identity, Zstd};

    #[test]
    fn everybody_gets_what_they_can_read() {
        for (accept, expected) in [
            ("", Identity),
            ("identity", Identity),
            ("br, deflate, *", Identity),
            ("gzip", Gzip),
            ("GZip;Q=0.5", Gzip),
            ("gzip;q=0", Identity),
            ("gzip;q=much", Identity),
            ("gzip, deflate, br, zstd", Zstd),
            ("zstd;q=0.5, gzip;q=0.8", Gzip),
            (",;q=1,", Identity),
        ] {
            assert_eq!(Coding::of(accept), expected, "{accept}");
        }
    }
}

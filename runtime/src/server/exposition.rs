//! What can be served.

use crate::{Format, Registry};

/// Something whose metrics can be served.
pub trait Exposition: Send + Sync + 'static {
    /// Appends every family in a format, without the line that ends a body.
    fn families(&self, format: Format, body: &mut Vec<u8>);

    /// The same where a large body is never there as a whole: `take` is called now and then, and may
    /// take out what is in the body so far behind so many bytes.
    ///
    /// Those before it still change, as a length does that stands before its message: they are taken
    /// by the next call that says 0, and what was taken meanwhile comes behind them. Unless it is
    /// written otherwise, `take` is called once, at the end.
    fn pieces(&self, format: Format, body: &mut Vec<u8>, take: Take<'_>) {
        self.families(format, body);
        take(body, 0);
    }
}

/// What takes out pieces of a body while it is written.
type Take<'a> = &'a mut dyn FnMut(&mut Vec<u8>, usize);

impl Exposition for Registry {
    fn families(&self, format: Format, body: &mut Vec<u8>) {
        self.encode_families(format, body, &mut |_, _| {});
    }

    fn pieces(&self, format: Format, body: &mut Vec<u8>, take: Take<'_>) {
        self.encode_families(format, body, take);
    }
}

impl Exposition for prometheus_client::registry::Registry {
    fn families(&self, format: Format, body: &mut Vec<u8>) {
        crate::__private::on::encode_foreign(self, format, body);
    }
}

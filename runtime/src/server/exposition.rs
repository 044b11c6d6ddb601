//! What can be served.

use crate::{Format, Registry};

/// Something whose metrics can be served.
pub trait Exposition: Send + Sync + 'static {
    /// Appends every family in a format, without the line that ends a body.
    fn families(&self, format: Format, body: &mut Vec<u8>);

    /// The same where a large body is never there as a whole: `take` is called now and then, between
    /// two lines or messages, and may take out what is in the body so far.
    ///
    /// Unless it is written otherwise, that is once, at the end.
    fn pieces(&self, format: Format, body: &mut Vec<u8>, take: &mut dyn FnMut(&mut Vec<u8>)) {
        self.families(format, body);
        take(body);
    }
}

impl Exposition for Registry {
    fn families(&self, format: Format, body: &mut Vec<u8>) {
        self.encode_families(format, body, &mut |_| {});
    }

    fn pieces(&self, format: Format, body: &mut Vec<u8>, take: &mut dyn FnMut(&mut Vec<u8>)) {
        self.encode_families(format, body, take);
    }
}

impl Exposition for prometheus_client::registry::Registry {
    fn families(&self, format: Format, body: &mut Vec<u8>) {
        crate::__private::on::encode_foreign(self, format, body);
    }
}

//! What can be served.

use crate::{Format, Registry};

/// Something whose metrics can be served.
pub trait Exposition: Send + Sync + 'static {
    /// Appends every family in a format, without the line that ends a body.
    fn families(&self, format: Format, body: &mut Vec<u8>);
}

impl Exposition for Registry {
    fn families(&self, format: Format, body: &mut Vec<u8>) {
        self.encode_families(format, body);
    }
}

impl Exposition for prometheus_client::registry::Registry {
    fn families(&self, format: Format, body: &mut Vec<u8>) {
        crate::__private::on::encode_foreign(self, format, body);
    }
}

//! Our own registry: it knows what it holds, and can be read in every format.

#[cfg(feature = "metrics")]
use std::sync::Arc;

use crate::Format;
#[cfg(feature = "metrics")]
use crate::{__private::on::Store, RegisterError, descriptor::Component};

/// A registry of components.
///
/// Without the feature `metrics` it has the same methods and is always empty.
///
/// ```
/// use streamhouse_metrics::{Format, Registry};
///
/// let registry = Registry::new();
/// assert_eq!(registry.encode(Format::OpenMetrics), "# EOF\n");
/// assert_eq!(registry.encode(Format::Prometheus), "");
/// ```
#[derive(Debug, Default)]
pub struct Registry {
    #[cfg(feature = "metrics")]
    stores: Vec<Arc<Store>>,
}

impl Registry {
    /// An empty registry.
    #[inline(always)]
    pub fn new() -> Self {
        Self::default()
    }

    /// The whole exposition: components in the order of their registration, families in the order
    /// of the specification, series in the order of their creation. Families without a series are
    /// left out.
    pub fn encode(&self, format: Format) -> String {
        let mut body = String::new();
        self.encode_into(format, &mut body);
        body
    }

    /// Appends what [`encode`](Self::encode) returns, so that one buffer can serve every scrape.
    pub fn encode_into(&self, format: Format, body: &mut String) {
        #[cfg(feature = "metrics")]
        for store in &self.stores {
            crate::__private::on::encode(store, format, body);
        }
        body.push_str(format.end());
    }
}

#[cfg(feature = "metrics")]
impl Registry {
    /// The cells of a component: those it already has here, or new ones if its names are free.
    pub(crate) fn add(
        &mut self,
        component: &'static Component,
    ) -> Result<Arc<Store>, RegisterError> {
        for store in &self.stores {
            let held = store.component();
            if held == component {
                return Ok(Arc::clone(store));
            }
            let mut taken = component.exposed_names();
            if let Some(name) = taken.find(|name| held.exposed_names().any(|held| held == *name)) {
                return Err(RegisterError { name, component: component.name, holder: held.name });
            }
        }
        let store = Arc::new(Store::new(component));
        self.stores.push(Arc::clone(&store));
        Ok(store)
    }
}

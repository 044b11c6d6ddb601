//! Our own registry: it knows what it holds, and can be read in every format.

#[cfg(feature = "metrics")]
use std::sync::Arc;

use crate::Format;
#[cfg(feature = "metrics")]
use crate::{__private::on::Store, RegisterError, descriptor::Component};

/// A registry of components, and of foreign metrics beside them.
///
/// Without the feature `metrics` it has the same methods and is always empty.
///
/// ```
/// use streamhouse_metrics::{Format, Registry};
///
/// let registry = Registry::new();
/// assert_eq!(registry.to_text(), "# EOF\n");
/// assert_eq!(registry.encode(Format::Prometheus), b"");
/// ```
#[derive(Debug, Default)]
pub struct Registry {
    #[cfg(feature = "metrics")]
    stores: Vec<Arc<Store>>,
    #[cfg(feature = "metrics")]
    foreign: prometheus_client::registry::Registry,
}

impl Registry {
    /// An empty registry.
    #[inline(always)]
    pub fn new() -> Self {
        Self::default()
    }

    /// The whole exposition: components in the order of their registration, families in the order
    /// of the specification, series in the order of their creation; then foreign metrics. Families
    /// without a series are left out.
    pub fn encode(&self, format: Format) -> Vec<u8> {
        let mut body = Vec::new();
        self.encode_into(format, &mut body);
        body
    }

    /// Appends what [`encode`](Self::encode) returns, so that one buffer can serve every scrape.
    pub fn encode_into(&self, format: Format, body: &mut Vec<u8>) {
        #[cfg(feature = "metrics")]
        self.encode_families(format, body, &mut |_, _| {});
        body.extend_from_slice(format.end().as_bytes());
    }

    /// The whole exposition in [`Format::OpenMetrics`], for people and tests.
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.encode(Format::OpenMetrics)).into_owned()
    }
}

#[cfg(feature = "metrics")]
impl Registry {
    /// Where metrics that are none of a specification are registered: they appear in the same body.
    ///
    /// Their names are not compared with those of components.
    ///
    /// ```
    /// use prometheus_client::metrics::counter::Counter;
    /// use streamhouse_metrics::Registry;
    ///
    /// let mut registry = Registry::new();
    /// let restarts: Counter = Counter::default();
    /// registry.prometheus_client().register("restarts", "Restarts", restarts.clone());
    /// restarts.inc();
    /// assert!(registry.to_text().contains("\nrestarts_total 1\n"));
    /// ```
    pub fn prometheus_client(&mut self) -> &mut prometheus_client::registry::Registry {
        &mut self.foreign
    }

    /// The exposition without the line that ends it. `take` is asked now and then, and may take out
    /// what is in the body behind so many bytes.
    pub(crate) fn encode_families(
        &self,
        format: Format,
        body: &mut Vec<u8>,
        take: &mut dyn FnMut(&mut Vec<u8>, usize),
    ) {
        use crate::__private::on;
        self.stores.iter().for_each(|store| on::encode(store, format, body, take));
        on::encode_foreign(&self.foreign, format, body);
    }

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

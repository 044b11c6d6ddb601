//! Where a recorder becomes visible: any registry it can be registered with.

use std::sync::Arc;

use super::exposition::StoreCollector;
use super::store::Store;
use crate::descriptor::Component;
use crate::error::RegisterError;

/// A registry that components can be registered with.
///
/// - [`streamhouse_metrics::Registry`](crate::Registry) knows what it holds. The same component
///   registered twice shares its cells; a component that exposes a name of another one is refused
///   by `try_new`, and by `new` recorded but not exposed.
/// - [`prometheus_client::registry::Registry`] cannot be asked what it holds, so nothing is
///   refused: a component registered twice has cells of its own each time and its families appear
///   twice, which Prometheus does not accept. Register a component once and clone it.
///
/// Without the feature `metrics`, everything is a registry.
pub trait Registrar: Sealed {}

/// Seals [`Registrar`], and does its work out of sight.
pub trait Sealed {
    /// The cells of a component: new ones, or those it already has here.
    fn store(&mut self, component: &'static Component) -> Result<Arc<Store>, RegisterError>;
}

impl Registrar for prometheus_client::registry::Registry {}

impl Sealed for prometheus_client::registry::Registry {
    fn store(&mut self, component: &'static Component) -> Result<Arc<Store>, RegisterError> {
        let store = Arc::new(Store::new(component));
        self.register_collector(Box::new(StoreCollector(Arc::clone(&store))));
        Ok(store)
    }
}

impl Registrar for crate::Registry {}

impl Sealed for crate::Registry {
    fn store(&mut self, component: &'static Component) -> Result<Arc<Store>, RegisterError> {
        self.add(component)
    }
}

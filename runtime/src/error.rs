//! The one way in which registration can fail.

use std::{error, fmt};

/// A component exposes a name that another component of the registry exposes already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterError {
    pub(crate) name: String,
    pub(crate) component: &'static str,
    pub(crate) holder: &'static str,
}

impl fmt::Display for RegisterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, component, holder } = self;
        write!(
            formatter,
            "component `{component}` exposes `{name}`, which this registry already exposes for \
             component `{holder}`"
        )
    }
}

impl error::Error for RegisterError {}

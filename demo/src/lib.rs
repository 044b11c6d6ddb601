//! What the demo shares with the tests: generated configuration [at another pace](scaled).

mod pace;

pub use pace::scaled;

//! What the derive generates, as reviewers see it.

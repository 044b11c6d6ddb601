//! What a client would like, as `Accept` and `Accept-Encoding` say it: `gzip;q=0.5`.

/// One thing that is liked.
pub(super) struct Wish<'w> {
    /// Its name, in lower case.
    pub(super) name: String,
    /// How much, from not at all to 1; what is no such number is no wish.
    pub(super) quality: f64,
    /// What else is said of it, names in lower case.
    pub(super) parameters: Vec<(String, &'w str)>,
}

impl<'w> Wish<'w> {
    /// None where nothing is named.
    pub(super) fn of(text: &'w str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
        let mut wish = Self { name, quality: 1.0, parameters: Vec::new() };
        for (name, value) in parts.filter_map(|parameter| parameter.split_once('=')) {
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"'));
            if name == "q" {
                let quality = value.parse().unwrap_or(0.0);
                wish.quality = if (0.0..=1.0).contains(&quality) { quality } else { 0.0 };
            } else {
                wish.parameters.push((name, value));
            }
        }
        Some(wish)
    }
}

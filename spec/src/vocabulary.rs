//! The closed vocabularies of the specification language: each word written once.
//!
//! The parser's list of words, the enum that a word becomes, and the text that outputs show all
//! come from one table.

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$word_doc])* $variant,)* }

        impl $name {
            /// Every word, in the order of the variants.
            pub const WORDS: &[&str] = &[$($word),*];

            /// Everything that there is a word for, in the order of the variants.
            pub const ALL: [Self; Self::WORDS.len()] = [$(Self::$variant),*];

            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

vocabulary! {
    /// The kind of a metric family.
    Kind {
        /// A monotonically increasing count.
        Counter "counter",
        /// A value that goes up and down.
        Gauge "gauge",
        /// A distribution over buckets.
        Histogram "histogram",
        /// A constant 1 whose labels carry text.
        Info "info",
    }
}

vocabulary! {
    /// The Rust type that an open label's value has.
    LabelType {
        /// `&str`.
        String "string",
        /// `u32`.
        U32 "u32",
        /// `u64`.
        U64 "u64",
        /// `i64`.
        I64 "i64",
    }
}

vocabulary! {
    /// How much a metric's readers may rely on it.
    Stability {
        /// Name, type, labels and unit stay.
        Stable "stable",
        /// Anything may change.
        Experimental "experimental",
    }
}

vocabulary! {
    /// How urgent an alert is.
    Severity {
        /// Somebody gets out of bed.
        Critical "critical",
        /// Somebody looks today.
        Warning "warning",
        /// Nobody is notified.
        Info "info",
    }
}

vocabulary! {
    /// The time over which an SLO is to hold.
    Window {
        /// Four weeks, which have as many weekends each.
        Days28 "28d",
        /// About a month.
        Days30 "30d",
    }
}

vocabulary! {
    /// How a panel draws a query.
    PanelKind {
        /// Lines over time.
        TimeSeries "timeseries",
        /// The newest value of each line, as a number.
        Stat "stat",
        /// The newest value of each line, as a bar.
        BarGauge "bargauge",
        /// The newest value of each line, with its labels as columns.
        Table "table",
    }
}

vocabulary! {
    /// How bad a finding is.
    Level {
        /// Not reported.
        Allow "allow",
        /// Worth knowing.
        Info "info",
        /// Probably a mistake; nothing is refused.
        Warning "warn",
        /// Nothing is generated.
        Error "error",
    }
}

//! A dashboard as people think of it: what it shows, in which order, and where it leads.
//!
//! How a version of Grafana writes that down is up to the emitters; where panels stand is up to
//! [`super::layout`].

/// A dashboard.
#[derive(Clone, Debug)]
pub(super) struct Dashboard {
    /// Its file, and before shortening its uid.
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
    /// The tag that all dashboards of the service have.
    pub(super) tag: String,
    pub(super) is_editable: bool,
    pub(super) refresh: String,
    /// Other dashboards, each by its title and name.
    pub(super) links: Vec<(String, String)>,
    pub(super) variables: Vec<Variable>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) sections: Vec<Section>,
}

/// Panels under a heading, or on top without one.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    pub(super) title: Option<String>,
    /// Whether the panels are there only when somebody asks for them.
    pub(super) is_collapsed: bool,
    pub(super) panels: Vec<Panel>,
}

/// A panel.
#[derive(Clone, Debug)]
pub(super) struct Panel {
    /// What its id follows from; no other panel of the dashboard has it.
    pub(super) key: String,
    pub(super) kind: Kind,
    /// Plain text.
    pub(super) title: String,
    /// What it shows and what to do about it, in Markdown.
    pub(super) description: String,
    /// Grafana's id of the values' unit.
    pub(super) unit: &'static str,
    /// Columns of 24, and rows of Grafana's grid.
    pub(super) size: (u32, u32),
    pub(super) queries: Vec<Query>,
    /// Whether the axis begins at zero.
    pub(super) starts_at_zero: bool,
    /// Where the axis ends, if that is known.
    pub(super) ends_at: Option<f64>,
    /// Which values are how good, the lowest first.
    pub(super) steps: Vec<Step>,
    /// Up to where the axis reaches at least, so that a bound is on it.
    pub(super) reaches: Option<f64>,
    pub(super) links: Vec<Link>,
}

/// Columns of a panel that has nothing to say about it.
pub(super) const WIDTH: u32 = 12;

/// Columns of one number.
pub(super) const NUMBER_WIDTH: u32 = 4;

/// How a panel shows its queries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Lines over time.
    TimeSeries,
    /// One number, on a background of the colour of its step, with or without its course.
    Stat { has_trend: bool },
    /// A bar for each series.
    BarGauge,
    /// A distribution over time.
    Heatmap,
    /// The labels of each series, and its value if that says anything.
    Table { has_values: bool },
    /// Markdown, which is no query's.
    Text(String),
}

/// A query with the legend of its series.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) expr: String,
    pub(super) legend: String,
    /// Whether traces that were kept with the samples are shown.
    pub(super) has_exemplars: bool,
}

/// From which value on what colour holds; the first holds from everywhere below.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) from: Option<f64>,
    pub(super) colour: &'static str,
}

/// Where a panel leads.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) title: String,
    pub(super) url: String,
}

/// What people choose on top of a dashboard.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) label: String,
    /// Which values there are, in the language of Grafana's Prometheus; none of the data source,
    /// which is any Prometheus.
    pub(super) values: Option<String>,
}

/// What is marked on every panel.
#[derive(Clone, Debug)]
pub(super) struct Annotation {
    pub(super) name: &'static str,
    pub(super) expr: String,
    pub(super) title: String,
    pub(super) colour: &'static str,
}

impl Panel {
    /// A panel that shows queries; everything else is left to be said.
    pub(super) fn new(
        key: impl Into<String>,
        kind: Kind,
        title: impl Into<String>,
        queries: Vec<Query>,
    ) -> Self {
        Self {
            key: key.into(),
            kind,
            title: title.into(),
            description: String::new(),
            unit: "short",
            size: (WIDTH, 9),
            queries,
            starts_at_zero: false,
            ends_at: None,
            steps: Vec::new(),
            reaches: None,
            links: Vec::new(),
        }
    }
}

impl Panel {
    /// What it asks.
    pub(super) fn asks(&self) -> Vec<&str> {
        self.queries.iter().map(|query| &*query.expr).collect()
    }
}

impl Query {
    pub(super) fn new(expr: impl Into<String>, legend: impl Into<String>) -> Self {
        Self { expr: expr.into(), legend: legend.into(), has_exemplars: false }
    }
}

impl Section {
    pub(super) fn new(title: impl Into<String>, panels: Vec<Panel>) -> Self {
        Self { title: Some(title.into()), is_collapsed: false, panels }
    }

    /// Spreads panels over whole lines, where none of them has a width of its own.
    pub(super) fn justified(mut self) -> Self {
        let number = self.panels.len();
        let has = |width| self.panels.iter().all(|panel| panel.size.0 == width);
        let widths = match number {
            1 if has(WIDTH) => vec![24],
            _ if has(WIDTH) && number % 2 == 1 => [vec![WIDTH; number - 3], vec![8; 3]].concat(),
            1 | 2 if has(NUMBER_WIDTH) => vec![8; number],
            3..6 if has(NUMBER_WIDTH) => {
                let (each, rest) = (24 / number, 24 % number);
                (0..number).map(|at| (each + usize::from(at < rest)) as u32).collect()
            }
            _ => return self,
        };
        for (panel, width) in self.panels.iter_mut().zip(widths) {
            panel.size.0 = width;
        }
        self
    }

    /// How many queries it asks.
    pub(super) fn targets(&self) -> usize {
        self.panels.iter().map(|panel| panel.queries.len()).sum()
    }
}

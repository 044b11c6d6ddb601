//! Scrape jobs: components that are exposed together.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Component;

/// A scrape job.
pub(in crate::emit) struct Job<'c> {
    /// Its name, which is the label `job` of every series.
    pub(in crate::emit) name: &'c str,
    /// What it scrapes; never empty.
    pub(in crate::emit) components: Vec<&'c Component>,
}

/// Every job, in the order of its first component.
pub(in crate::emit) fn jobs(catalog: &Catalog) -> Vec<Job<'_>> {
    let mut jobs: Vec<Job<'_>> = Vec::new();
    for component in &catalog.components {
        let name = catalog.job(component);
        match jobs.iter_mut().find(|job| job.name == name) {
            Some(job) => job.components.push(component),
            None => jobs.push(Job { name, components: vec![component] }),
        }
    }
    jobs
}

impl Job<'_> {
    /// Where its processes are scraped, each once.
    pub(in crate::emit) fn targets(&self) -> Vec<&str> {
        let mut targets: Vec<&str> = Vec::new();
        for target in self.components.iter().flat_map(|component| &component.targets) {
            if !targets.contains(&&**target) {
                targets.push(target);
            }
        }
        targets
    }
}

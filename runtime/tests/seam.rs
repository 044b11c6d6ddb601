//! The seam between the derive and the runtime, expanded by hand.
//!
//! What stands in [`expansion`] is what the derive writes, item by item. The same file runs with
//! and without `--features metrics`, since the generated code is the same but for its gates.

#[allow(dead_code, unreachable_pub, missing_docs, reason = "lints skip what a derive writes")]
mod service {
    // All that a service author types.
    // #[derive(StreamhouseMetrics)]
    // #[metrics(component = "producer")]
    #[derive(Clone, Debug)]
    pub struct ProducerMetrics(pub(crate) ProducerRecorder);

    include!("seam/expansion.rs");
}

use std::mem::size_of;
use std::time::Duration;

use service::ProducerMetrics;
use service::producer::{ErrorType, LeaseStatus, Topic, TopicErrorType, TopicPartition};
use streamhouse_metrics::{Format, Registry};

const ON: bool = cfg!(feature = "metrics");

/// Records once through every way that there is.
fn record(metrics: &ProducerMetrics) -> Result<(), std::num::ParseIntError> {
    metrics.records_sent(TopicPartition { topic: "orders", partition: 3 }).inc();
    metrics.send_errors(TopicErrorType { topic: "orders", error_type: ErrorType::Timeout }).inc();
    metrics.lease_renewals(LeaseStatus::Renewed).inc();
    metrics.active_connections().set(2);
    metrics.bytes_in_flight_ratio(Topic { topic: "orders" }).set(0.25);
    metrics.batch_size_records(Topic { topic: "orders" }).observe(3);

    let topic = || String::from("ignored");
    let timer = metrics.send_duration_seconds(Topic { topic: &topic() }).start_timer();
    timer.discard();
    let timer = metrics.send_duration_seconds(Topic { topic: "slow" }).start_timer();
    "7".parse::<u32>()?;
    timer.stop();

    let orders = metrics.bind(TopicPartition { topic: "orders", partition: 3 });
    orders.records_sent().inc_by(500);
    let errors = metrics.bind(TopicErrorType { topic: "", error_type: ErrorType::NotLeader });
    errors.send_errors().inc();
    metrics.bind(LeaseStatus::Lost).lease_renewals().inc_by(2);
    let orders = metrics.bind(Topic { topic: "orders" });
    orders.send_duration_seconds().observe(Duration::from_millis(100));
    orders.batch_size_records().observe(100);
    Ok(())
}

#[test]
fn every_call_compiles_and_is_counted_exactly_when_on() {
    let mut registry = Registry::new();
    let metrics = ProducerMetrics::new(&mut registry);
    record(&metrics).unwrap();

    let orders = metrics.records_sent(TopicPartition { topic: "orders", partition: 3 });
    assert_eq!(orders.get(), if ON { 501 } else { 0 });
    assert_eq!(metrics.lease_renewals(LeaseStatus::Lost).get(), if ON { 2 } else { 0 });
    assert_eq!(metrics.active_connections().get(), if ON { 2 } else { 0 });
    let slow = metrics.send_duration_seconds(Topic { topic: "slow" });
    assert_eq!(slow.count(), u64::from(ON));
    assert_eq!(registry.encode(Format::OpenMetrics).len() > "# EOF\n".len(), ON);
}

#[test]
fn a_recorder_is_a_value_to_be_cloned_and_sent() {
    fn check<T: Clone + Send + Sync + 'static>() {}
    check::<ProducerMetrics>();
    check::<service::producer::BoundTopic>();
}

#[test]
fn a_recorder_that_is_off_has_no_size() {
    let bound = size_of::<service::producer::BoundTopic>();
    let handles = size_of::<streamhouse_metrics::Counter<'_, u64>>()
        + size_of::<streamhouse_metrics::Timer<'_>>();
    let sizes = size_of::<ProducerMetrics>() + bound + handles + size_of::<Registry>();
    assert_eq!(sizes == 0, !ON);
}

#[cfg(not(feature = "metrics"))]
#[test]
fn a_recorder_that_is_off_registers_with_anything() {
    record(&ProducerMetrics::new(&mut ())).unwrap();
    record(&ProducerMetrics::new("even this".to_owned().as_mut_str())).unwrap();
    assert!(ProducerMetrics::try_new(&mut [0_u8; 4]).is_ok());
}

#[cfg(feature = "metrics")]
#[test]
fn both_modes_live_in_one_binary() {
    use streamhouse_metrics::__private::off;
    static COMPONENT: off::Component = off::Component;
    let recorder = off::Recorder::new(&mut Registry::new(), &COMPONENT);
    let counter: off::Counter<'_, u64, off::Direct<'_, _>> =
        recorder.get(off::NoLabels::<0>, off::Slot::new(0));
    counter.inc();
    assert_eq!(counter.get(), 0);
}

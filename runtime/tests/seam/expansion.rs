// What the derive writes for `ProducerMetrics`, where the specification says:
//
//     [labels]
//     topic        = { help = "Topic name", limit = 100 }
//     partition    = { help = "Partition index", type = "u32", limit = 256 }
//     error_type   = { help = "Why a send failed", values = ["timeout", "not_leader"] }
//     lease_status = { name = "status", help = "How it ended", values = ["renewed", "lost"] }
//

/// The labels and label sets of the component `producer`.
pub(crate) mod producer {
    // Gate: the feature of the deriving crate, `metrics` unless `#[metrics(feature = "…")]`.
    #[doc(hidden)]
    #[cfg(not(feature = "metrics"))]
    pub use ::streamhouse_metrics::__private::off as __rt;
    #[doc(hidden)]
    #[cfg(feature = "metrics")]
    pub use ::streamhouse_metrics::__private::on as __rt;

    // Says which component a label set belongs to. It is never a value.
    #[doc(hidden)]
    pub enum __Component {}

    // An open label by itself is a struct like any other set.
    /// Labels of the metrics by `topic`.
    #[derive(Clone, Copy)]
    pub struct Topic<'a> {
        /// Topic name.
        pub topic: &'a str,
    }

    impl __rt::LabelSet for Topic<'_> {
        type Component = __Component;
        type Bound = BoundTopic;
        type Open<'v>
            = [__rt::Value<'v>; 1]
        where
            Self: 'v;
        const SET: usize = 1;
        #[inline(always)]
        fn open(&self) -> Self::Open<'_> {
            [__rt::Value::Text(self.topic)]
        }
        #[inline(always)]
        fn closed(&self) -> usize {
            0
        }
    }

    /// The metrics by `topic`, for one combination of labels.
    #[derive(Clone)]
    pub struct BoundTopic(__rt::Bound);

    impl ::core::convert::From<__rt::Bound> for BoundTopic {
        #[inline(always)]
        fn from(bound: __rt::Bound) -> Self {
            Self(bound)
        }
    }

    // One bound method a metric of the set.
    impl BoundTopic {
        #[inline(always)]
        pub fn send_duration_seconds(&self) -> __rt::Histogram<'_, ::core::time::Duration, __rt::Pinned<'_>> {
            self.0.get(super::ProducerRecorder::send_duration_seconds())
        }
        #[inline(always)]
        pub fn batch_size_records(&self) -> __rt::Histogram<'_, u64, __rt::Pinned<'_>> {
            self.0.get(super::ProducerRecorder::batch_size_records())
        }
        #[inline(always)]
        pub fn bytes_in_flight_ratio(&self) -> __rt::Gauge<'_, f64, __rt::Pinned<'_>> {
            self.0.get(super::ProducerRecorder::bytes_in_flight_ratio())
        }
    }

    /// Labels of the metrics by `topic` and `partition`.
    #[derive(Clone, Copy)]
    pub struct TopicPartition<'a> {
        /// Topic name.
        pub topic: &'a str,
        /// Partition index.
        pub partition: u32,
    }

    impl __rt::LabelSet for TopicPartition<'_> {
        type Component = __Component;
        type Bound = BoundTopicPartition;
        type Open<'v>
            = [__rt::Value<'v>; 2]
        where
            Self: 'v;
        const SET: usize = 2;
        #[inline(always)]
        fn open(&self) -> Self::Open<'_> {
            [__rt::Value::Text(self.topic), __rt::Value::Unsigned(self.partition as u64)]
        }
        #[inline(always)]
        fn closed(&self) -> usize {
            0
        }
    }

    /// The metrics by `topic` and `partition`, for one combination of labels.
    #[derive(Clone)]
    pub struct BoundTopicPartition(__rt::Bound);

    impl ::core::convert::From<__rt::Bound> for BoundTopicPartition {
        #[inline(always)]
        fn from(bound: __rt::Bound) -> Self {
            Self(bound)
        }
    }

    impl BoundTopicPartition {
        #[inline(always)]
        pub fn records_sent(&self) -> __rt::Counter<'_, u64, __rt::Pinned<'_>> {
            self.0.get(super::ProducerRecorder::records_sent())
        }
    }

    // A closed label is an enum, whose discriminants are positions in `Label::values`.
    /// Why a send failed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum ErrorType {
        /// `timeout`
        Timeout,
        /// `not_leader`
        NotLeader,
    }

    // A mixed set: the open values, and the row-major index of the closed ones. With two closed
    // labels it is `self.first as usize * NUMBER_OF_SECOND + self.second as usize`.
    /// Labels of the metrics by `topic` and `error_type`.
    #[derive(Clone, Copy)]
    pub struct TopicErrorType<'a> {
        /// Topic name.
        pub topic: &'a str,
        /// Why a send failed.
        pub error_type: ErrorType,
    }

    impl __rt::LabelSet for TopicErrorType<'_> {
        type Component = __Component;
        type Bound = BoundTopicErrorType;
        type Open<'v>
            = [__rt::Value<'v>; 1]
        where
            Self: 'v;
        const SET: usize = 3;
        #[inline(always)]
        fn open(&self) -> Self::Open<'_> {
            [__rt::Value::Text(self.topic)]
        }
        #[inline(always)]
        fn closed(&self) -> usize {
            self.error_type as usize
        }
    }

    /// The metrics by `topic` and `error_type`, for one combination of labels.
    #[derive(Clone)]
    pub struct BoundTopicErrorType(__rt::Bound);

    impl ::core::convert::From<__rt::Bound> for BoundTopicErrorType {
        #[inline(always)]
        fn from(bound: __rt::Bound) -> Self {
            Self(bound)
        }
    }

    impl BoundTopicErrorType {
        #[inline(always)]
        pub fn send_errors(&self) -> __rt::Counter<'_, u64, __rt::Pinned<'_>> {
            self.0.get(super::ProducerRecorder::send_errors())
        }
    }

    // A set of one closed label is the enum itself.
    /// How a lease renewal ended.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum LeaseStatus {
        /// `renewed`
        Renewed,
        /// `lost`
        Lost,
    }

    impl __rt::LabelSet for LeaseStatus {
        type Component = __Component;
        type Bound = BoundLeaseStatus;
        type Open<'v>
            = [__rt::Value<'v>; 0]
        where
            Self: 'v;
        const SET: usize = 4;
        #[inline(always)]
        fn open(&self) -> Self::Open<'_> {
            []
        }
        #[inline(always)]
        fn closed(&self) -> usize {
            *self as usize
        }
    }

    /// The metrics by `lease_status`, for one combination of labels.
    #[derive(Clone)]
    pub struct BoundLeaseStatus(__rt::Bound);

    impl ::core::convert::From<__rt::Bound> for BoundLeaseStatus {
        #[inline(always)]
        fn from(bound: __rt::Bound) -> Self {
            Self(bound)
        }
    }

    impl BoundLeaseStatus {
        #[inline(always)]
        pub fn lease_renewals(&self) -> __rt::Counter<'_, u64, __rt::Pinned<'_>> {
            self.0.get(super::ProducerRecorder::lease_renewals())
        }
    }

    // Off, the description is not even compiled in.
    #[cfg(not(feature = "metrics"))]
    pub(super) static COMPONENT: __rt::Component = __rt::Component;

    #[cfg(feature = "metrics")]
    pub(super) static COMPONENT: __rt::Component = __rt::Component {
        name: "streamhouse_producer",
        labels: &[
            __rt::Label { name: "topic", values: &[], limit: 100 },
            __rt::Label { name: "partition", values: &[], limit: 256 },
            __rt::Label { name: "error_type", values: &["timeout", "not_leader"], limit: 0 },
            __rt::Label { name: "status", values: &["renewed", "lost"], limit: 0 },
        ],
        // Only sets that are used, in any order; `LabelSet::SET`, `Metric::set` and
        // `NoLabels<SET>` are positions here.
        sets: &[&[], &[0], &[0, 1], &[0, 2], &[3]],
        metrics: &[
            __rt::Metric {
                name: "streamhouse_producer_records_sent",
                help: "Total records sent",
                unit: ::core::option::Option::None,
                kind: __rt::Kind::Counter,
                number: __rt::Number::Integer,
                set: 2,
                const_labels: &[],
                buckets: &[],
                native: false,
                exemplars: false,
                sample: 1,
                series_limit: 0,
            },
            __rt::Metric {
                name: "streamhouse_producer_send_duration_seconds",
                help: "Latency of send() calls",
                unit: ::core::option::Option::Some("seconds"),
                kind: __rt::Kind::Histogram,
                number: __rt::Number::Duration,
                set: 1,
                const_labels: &[],
                buckets: &[(0.001, "0.001"), (0.1, "0.1"), (1.0, "1.0")],
                native: false,
                exemplars: false,
                sample: 1,
                series_limit: 0,
            },
            __rt::Metric {
                name: "streamhouse_producer_batch_size_records",
                help: "Records in a batch",
                unit: ::core::option::Option::Some("records"),
                kind: __rt::Kind::Histogram,
                number: __rt::Number::Integer,
                set: 1,
                const_labels: &[],
                buckets: &[(1.0, "1.0"), (16.0, "16.0")],
                native: false,
                exemplars: false,
                sample: 1,
                series_limit: 0,
            },
            __rt::Metric {
                name: "streamhouse_producer_send_errors",
                help: "Sends that failed",
                unit: ::core::option::Option::None,
                kind: __rt::Kind::Counter,
                number: __rt::Number::Integer,
                set: 3,
                const_labels: &[],
                buckets: &[],
                native: false,
                exemplars: false,
                sample: 1,
                series_limit: 0,
            },
            __rt::Metric {
                name: "streamhouse_producer_active_connections",
                help: "Open connections",
                unit: ::core::option::Option::None,
                kind: __rt::Kind::Gauge,
                number: __rt::Number::Integer,
                set: 0,
                const_labels: &[],
                buckets: &[],
                native: false,
                exemplars: false,
                sample: 1,
                series_limit: 0,
            },
            __rt::Metric {
                name: "streamhouse_producer_lease_renewals",
                help: "Lease renewals by outcome",
                unit: ::core::option::Option::None,
                kind: __rt::Kind::Counter,
                number: __rt::Number::Integer,
                set: 4,
                const_labels: &[("region", "eu")],
                buckets: &[],
                native: false,
                exemplars: false,
                sample: 1,
                series_limit: 0,
            },
            __rt::Metric {
                name: "streamhouse_producer_bytes_in_flight_ratio",
                help: "Share of the window in use",
                unit: ::core::option::Option::None,
                kind: __rt::Kind::Gauge,
                number: __rt::Number::Float,
                set: 1,
                const_labels: &[],
                buckets: &[],
                native: false,
                exemplars: false,
                sample: 1,
                series_limit: 0,
            },
        ],
        idle_timeout: ::core::option::Option::None,
        overflow: __rt::OwnMetric {
            name: "streamhouse_producer_metrics_overflow",
            help: "Records past a limit",
            label: "label",
            values: &["topic", "partition"],
            const_labels: &[],
        },
        errors: __rt::OwnMetric {
            name: "streamhouse_producer_metrics_errors",
            help: "Recorded values that were dropped",
            label: "reason",
            values: &["invalid_value"],
            const_labels: &[],
        },
    };
}

// Expands to nothing, unless the feature does not reach the runtime.
#[cfg(feature = "metrics")]
::streamhouse_metrics::__private::require_forwarded!("metrics");

/// Records the metrics of the component `producer`.
#[derive(Clone, Debug)]
pub(crate) struct ProducerRecorder(producer::__rt::Recorder);

// One marker a metric: its position among the metrics of the component. Each has a block of its
// own and the span of the user's field type, so that `dead_code` names it if nobody records it.
impl ProducerRecorder {
    #[inline(always)]
    const fn records_sent() -> producer::__rt::Slot {
        producer::__rt::Slot::new(0)
    }
}
impl ProducerRecorder {
    #[inline(always)]
    const fn send_duration_seconds() -> producer::__rt::Slot {
        producer::__rt::Slot::new(1)
    }
}
impl ProducerRecorder {
    #[inline(always)]
    const fn batch_size_records() -> producer::__rt::Slot {
        producer::__rt::Slot::new(2)
    }
}
impl ProducerRecorder {
    #[inline(always)]
    const fn send_errors() -> producer::__rt::Slot {
        producer::__rt::Slot::new(3)
    }
}
impl ProducerRecorder {
    #[inline(always)]
    const fn active_connections() -> producer::__rt::Slot {
        producer::__rt::Slot::new(4)
    }
}
impl ProducerRecorder {
    #[inline(always)]
    const fn lease_renewals() -> producer::__rt::Slot {
        producer::__rt::Slot::new(5)
    }
}
impl ProducerRecorder {
    #[inline(always)]
    const fn bytes_in_flight_ratio() -> producer::__rt::Slot {
        producer::__rt::Slot::new(6)
    }
}

impl ProducerMetrics {
    /// A recorder whose metrics appear in `registry`.
    pub fn new<R: producer::__rt::Registrar + ?::core::marker::Sized>(registry: &mut R) -> Self {
        Self(ProducerRecorder(producer::__rt::Recorder::new(registry, &producer::COMPONENT)))
    }

    /// A recorder whose metrics appear in `registry`, or the name that is taken there.
    pub fn try_new<R: producer::__rt::Registrar + ?::core::marker::Sized>(
        registry: &mut R,
    ) -> ::core::result::Result<Self, producer::__rt::RegisterError> {
        match producer::__rt::Recorder::try_new(registry, &producer::COMPONENT) {
            ::core::result::Result::Ok(recorder) => {
                ::core::result::Result::Ok(Self(ProducerRecorder(recorder)))
            }
            ::core::result::Result::Err(error) => ::core::result::Result::Err(error),
        }
    }

    /// The metrics of one label set for these labels, resolved once.
    #[inline(always)]
    pub fn bind<L>(&self, labels: L) -> L::Bound
    where
        L: producer::__rt::LabelSet<Component = producer::__Component>,
        L::Bound: ::core::convert::From<producer::__rt::Bound>,
    {
        ::core::convert::From::from(self.0.0.bind(labels))
    }

    /// Removes the series of these labels, and says whether there were any.
    #[inline(always)]
    pub fn remove<L: producer::__rt::LabelSet<Component = producer::__Component>>(
        &self,
        labels: L,
    ) -> bool {
        self.0.0.remove(labels)
    }

    // One direct method a metric, with the visibility of the user's field. The labels are called
    // `labels` where they are a struct, and by the label's name where they are one enum.
    #[inline(always)]
    pub(crate) fn records_sent<'l>(
        &self,
        labels: producer::TopicPartition<'l>,
    ) -> producer::__rt::Counter<'_, u64, producer::__rt::Direct<'_, producer::TopicPartition<'l>>> {
        self.0.0.get(labels, ProducerRecorder::records_sent())
    }
    #[inline(always)]
    pub(crate) fn send_duration_seconds<'l>(
        &self,
        labels: producer::Topic<'l>,
    ) -> producer::__rt::Histogram<'_, ::core::time::Duration, producer::__rt::Direct<'_, producer::Topic<'l>>> {
        self.0.0.get(labels, ProducerRecorder::send_duration_seconds())
    }
    #[inline(always)]
    pub(crate) fn batch_size_records<'l>(
        &self,
        labels: producer::Topic<'l>,
    ) -> producer::__rt::Histogram<'_, u64, producer::__rt::Direct<'_, producer::Topic<'l>>> {
        self.0.0.get(labels, ProducerRecorder::batch_size_records())
    }
    #[inline(always)]
    pub(crate) fn send_errors<'l>(
        &self,
        labels: producer::TopicErrorType<'l>,
    ) -> producer::__rt::Counter<'_, u64, producer::__rt::Direct<'_, producer::TopicErrorType<'l>>> {
        self.0.0.get(labels, ProducerRecorder::send_errors())
    }
    #[inline(always)]
    pub(crate) fn active_connections(&self) -> producer::__rt::Gauge<'_, i64, producer::__rt::Direct<'_, producer::__rt::NoLabels<0>>> {
        self.0.0.get(producer::__rt::NoLabels::<0>, ProducerRecorder::active_connections())
    }
    #[inline(always)]
    pub(crate) fn lease_renewals(
        &self,
        lease_status: producer::LeaseStatus,
    ) -> producer::__rt::Counter<'_, u64, producer::__rt::Direct<'_, producer::LeaseStatus>> {
        self.0.0.get(lease_status, ProducerRecorder::lease_renewals())
    }
    #[inline(always)]
    pub(crate) fn bytes_in_flight_ratio<'l>(
        &self,
        labels: producer::Topic<'l>,
    ) -> producer::__rt::Gauge<'_, f64, producer::__rt::Direct<'_, producer::Topic<'l>>> {
        self.0.0.get(labels, ProducerRecorder::bytes_in_flight_ratio())
    }
}

impl ::core::convert::From<::std::sync::Arc<ProducerMetrics>> for ProducerMetrics {
    fn from(metrics: ::std::sync::Arc<ProducerMetrics>) -> Self {
        ::core::clone::Clone::clone(&metrics)
    }
}

"""Reads a body on standard input, in the format that the argument names, and prints every sample.

As JSON: name, labels, value, and the labels of the exemplar if there is one. Samples of protobuf
are called as those of text; of a histogram there, buckets appear only if they have an exemplar.
Exits 3 when the body is refused; any other failure is not a judgement.
"""

import io
import json
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, proto
from google.protobuf.message import DecodeError
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

# The part of io.prometheus.client that is read: fields by their numbers, `*` is a list.
MESSAGES = {
    "MetricFamily": {1: "name string", 4: "metric Metric*"},
    "Metric": {
        1: "label LabelPair*",
        2: "gauge Gauge",
        3: "counter Counter",
        7: "histogram Histogram",
    },
    "LabelPair": {1: "name string", 2: "value string"},
    "Gauge": {1: "value double"},
    "Counter": {1: "value double", 2: "exemplar Exemplar"},
    "Histogram": {1: "sample_count uint64", 2: "sample_sum double", 3: "bucket Bucket*"},
    "Bucket": {1: "cumulative_count uint64", 3: "exemplar Exemplar"},
    "Exemplar": {1: "label LabelPair*", 2: "value double"},
}


def metric_family():
    """The class of Google's library that decodes a family."""
    field_type = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="metrics.proto", package="io")
    for message, fields in MESSAGES.items():
        described = file.message_type.add(name=message)
        for number, field in fields.items():
            name, kind = field.split()
            label = "LABEL_REPEATED" if kind.endswith("*") else "LABEL_OPTIONAL"
            kind = kind.rstrip("*")
            added = described.field.add(name=name, number=number, label=label)
            if kind in MESSAGES:
                added.type, added.type_name = field_type.TYPE_MESSAGE, f".io.{kind}"
            else:
                added.type = f"TYPE_{kind.upper()}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("io.MetricFamily"))


def labels(pairs):
    """Labels as an object; a name that comes twice is no set of labels."""
    read = {pair.name: pair.value for pair in pairs}
    if len(read) != len(pairs):
        raise ValueError(f"a label comes twice: {pairs}")
    return read


def exemplar(holder):
    """The labels of an exemplar, if there is one."""
    return labels(holder.exemplar.label) if holder.HasField("exemplar") else None


def samples_of_protobuf(body):
    """Every sample of a length-delimited stream of families."""
    family_type = metric_family()
    stream = io.BytesIO(body)
    while (family := proto.parse_length_prefixed(family_type, stream)) is not None:
        for metric in family.metric:
            held = labels(metric.label)
            if metric.HasField("counter"):
                yield family.name, held, metric.counter.value, exemplar(metric.counter)
            if metric.HasField("gauge"):
                yield family.name, held, metric.gauge.value, None
            if metric.HasField("histogram"):
                histogram = metric.histogram
                yield f"{family.name}_sum", held, histogram.sample_sum, None
                yield f"{family.name}_count", held, histogram.sample_count, None
                for bucket in histogram.bucket:
                    if bucket.HasField("exemplar"):
                        count = bucket.cumulative_count
                        yield f"{family.name}_bucket", held, count, exemplar(bucket)


def samples_of_text(parse, body):
    """Every sample of a text."""
    for family in parse(body.decode()):
        for sample in family.samples:
            kept = sample.exemplar.labels if sample.exemplar else None
            yield sample.name, sample.labels, sample.value, kept


body = sys.stdin.buffer.read()
try:
    match sys.argv[1]:
        case "openmetrics":
            samples = list(samples_of_text(openmetrics, body))
        case "prometheus":
            samples = list(samples_of_text(prometheus, body))
        case "protobuf":
            samples = list(samples_of_protobuf(body))
except (ValueError, DecodeError) as refusal:
    print(refusal, file=sys.stderr)
    sys.exit(3)

print(json.dumps(samples, allow_nan=False))

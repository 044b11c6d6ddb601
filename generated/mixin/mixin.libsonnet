// Generated from metrics.toml, not edited: `cargo xtask gen` or `cargo streamhouse-metrics gen` remakes it.
//
// A monitoring mixin, as monitoring.mixins.dev has it. It imports files that stand beside its folder,
// so what is vendored is the output folder as a whole, in which Jsonnet 0.18 or newer evaluates it:
//
//   jsonnet -m . -e '(import "mixin/mixin.libsonnet").grafanaDashboards'
//   jsonnet -S -e 'std.manifestYamlDoc((import "mixin/mixin.libsonnet").prometheusAlerts)'
//   jsonnet -S -e 'std.manifestYamlDoc((import "mixin/mixin.libsonnet").prometheusRules)'
//
// Selectors are those of metrics.toml: there is no `_config`.
{
  grafanaDashboards+:: {
    'streamhouse-overview.json': import '../grafana/dashboards/streamhouse-overview.json',
    'streamhouse-producer.json': import '../grafana/dashboards/streamhouse-producer.json',
    'streamhouse-consumer.json': import '../grafana/dashboards/streamhouse-consumer.json',
    'streamhouse-agent.json': import '../grafana/dashboards/streamhouse-agent.json',
  },
  prometheusAlerts+:: {
    groups+: std.flattenArrays([
      std.parseYaml(importstr '../prometheus/rules/streamhouse.alerts.consumer.yml').groups,
      std.parseYaml(importstr '../prometheus/rules/streamhouse.alerts.producer.yml').groups,
      std.parseYaml(importstr '../prometheus/rules/streamhouse.alerts.agent.yml').groups,
      std.parseYaml(importstr '../prometheus/rules/streamhouse.slo.produce_success.alerts.yml').groups,
      std.parseYaml(importstr '../prometheus/rules/streamhouse.slo.produce_latency.alerts.yml').groups,
      std.parseYaml(importstr '../prometheus/rules/streamhouse.slo.consumer_freshness.alerts.yml').groups,
    ]),
  },
  prometheusRules+:: {
    groups+: std.flattenArrays([
      std.parseYaml(importstr '../prometheus/rules/streamhouse.recording.yml').groups,
      std.parseYaml(importstr '../prometheus/rules/streamhouse.slo.produce_success.recording.yml').groups,
      std.parseYaml(importstr '../prometheus/rules/streamhouse.slo.produce_latency.recording.yml').groups,
      std.parseYaml(importstr '../prometheus/rules/streamhouse.slo.consumer_freshness.recording.yml').groups,
    ]),
  },
}

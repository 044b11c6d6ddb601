// The types that every generated object must satisfy, by their kinds. A literal may have no key that
// its type has not, at whatever depth.
import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";

export type KubernetesObject = IConfigMap | IPodMonitor | IPrometheusRule | IServiceMonitor;

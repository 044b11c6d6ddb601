// Judges Kubernetes objects on standard input, a JSON object of them by their names.
//
// The models hold values against the schemas of Kubernetes and of the Prometheus operator, and let
// keys pass that no schema has: `objects.ts` refuses those. What Kubernetes asks beyond its schemas,
// and generated files could get wrong, is asked here: names, and how large a ConfigMap is.
//
// Exits 3 when an object is refused; any other failure is not a judgement.
import { readFileSync } from "node:fs";

import { PodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";

const MODELS = { ConfigMap, PodMonitor, PrometheusRule, ServiceMonitor };

// A subdomain of DNS, a key of a ConfigMap, and the value of a label.
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const LABEL = /^(|[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)$/;
const CONFIG_MAP_BYTES = 1024 * 1024;

/** Everything that is wrong with an object. */
function complaints(object) {
  const Model = MODELS[object?.kind];
  if (!Model) return [`no judge knows the kind ${JSON.stringify(object?.kind)}`];
  const found = [];
  try {
    new Model(object).validate();
  } catch (refusal) {
    // Anything else is a fault of ours.
    if (!refusal.errors) throw refusal;
    found.push(...refusal.errors.map(({ instancePath, message }) => `${instancePath} ${message}`));
  }
  const { name, labels } = object.metadata ?? {};
  if (!NAME.test(name ?? "")) found.push(`/metadata/name ${JSON.stringify(name)} is no name`);
  for (const [label, value] of Object.entries(labels ?? {})) {
    const shown = JSON.stringify(value);
    if (!LABEL.test(value)) found.push(`/metadata/labels/${label} ${shown} is no value`);
  }
  if (Model === ConfigMap) {
    const data = Object.entries(object.data ?? {});
    for (const [key] of data) {
      if (!KEY.test(key)) found.push(`/data ${JSON.stringify(key)} is no key`);
    }
    const bytes = data.reduce((sum, [key, value]) => sum + Buffer.byteLength(`${key}${value}`), 0);
    if (bytes > CONFIG_MAP_BYTES) found.push(`/data has ${bytes} bytes, more than a MiB`);
  }
  return found;
}

const objects = JSON.parse(readFileSync(0, "utf8"));
const refusals = Object.entries(objects).flatMap(([name, object]) =>
  complaints(object).map((complaint) => `${name}: ${complaint}`),
);
if (refusals.length > 0) {
  console.error(refusals.join("\n"));
  process.exit(3);
}

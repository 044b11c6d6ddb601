// The type that every generated resource must satisfy: what Grafana's API for resources reads of
// one, with the dashboard of schema v2 as Grafana has it.
import type { Spec } from "@grafana/schema/apis/dashboard.grafana.app/v2";

export type DashboardResource = {
  apiVersion: "dashboard.grafana.app/v2";
  kind: "Dashboard";
  metadata: { name: string };
  spec: Spec;
};

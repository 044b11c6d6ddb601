// The type that every generated dashboard must satisfy: Grafana's own, opened where JSON that
// Grafana reads has less or more than it.
import type { AnnotationQuery, Dashboard, DashboardLink, Panel, RowPanel } from "@grafana/schema";

// String enumerations take the plain strings that JSON can hold.
type Loose<T> = T extends string
  ? `${T}` | T
  : T extends number
    ? T
    : T extends (infer U)[]
      ? Loose<U>[]
      : T extends object
        ? { [K in keyof T]: Loose<T[K]> }
        : T;

// Beside what all annotations have there is what the plugin of Prometheus reads.
type PrometheusAnnotation = AnnotationQuery & {
  expr?: string;
  step?: string;
  titleFormat?: string;
  useValueForTime?: boolean;
};

// Most of a link has a default in Grafana's schema, and nothing of it is in a panel's.
type Linked<P> = Omit<P, "links"> & {
  links?: (Pick<DashboardLink, "title" | "url"> & Partial<DashboardLink>)[];
};

type Opened = Omit<Dashboard, "annotations" | "panels"> & {
  annotations?: { list?: PrometheusAnnotation[] };
  panels?: (Linked<Panel> | (Omit<RowPanel, "panels"> & { panels: Linked<Panel>[] }))[];
};

export type ClassicDashboard = Loose<Opened>;

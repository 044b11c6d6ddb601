// The type that every generated dashboard must satisfy: Grafana's own, with its
// string enumerations opened to the plain strings that JSON can hold.
import type { Dashboard } from "@grafana/schema";

type Loose<T> = T extends string
  ? `${T}` | T
  : T extends number
    ? T
    : T extends (infer U)[]
      ? Loose<U>[]
      : T extends object
        ? { [K in keyof T]: Loose<T[K]> }
        : T;

export type ClassicDashboard = Loose<Dashboard>;

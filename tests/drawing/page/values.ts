// What stat and bar gauge have in common: each series reduced to a value.

import { type FieldDisplay, getFieldDisplayValues, type ReduceDataOptions } from "@grafana/data";

import type { Content } from "./content";
import { fieldConfig } from "./field";

const REDUCE: ReduceDataOptions = { calcs: ["lastNotNull"], fields: "", values: false };

export function values({ frames, panel, theme }: Content, sparkline: boolean): FieldDisplay[] {
  const reduceOptions = {
    ...REDUCE,
    ...(panel.options?.reduceOptions as Partial<ReduceDataOptions> | undefined),
  };
  return getFieldDisplayValues({
    data: frames,
    fieldConfig: fieldConfig(panel),
    reduceOptions,
    replaceVariables: (text) => text,
    sparkline,
    theme,
    timeZone: "utc",
  });
}

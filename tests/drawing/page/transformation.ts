// A panel's transformations, done by Grafana's own code.

import {
  type DataFrame,
  standardTransformers,
  standardTransformersRegistry,
  type TransformerRegistryItem,
  transformDataFrame,
} from "@grafana/data";
import { lastValueFrom } from "rxjs";

import type { Panel } from "../answers/dashboard";

standardTransformersRegistry.setInit(() => {
  // One of them has a second name in code, but not for panels.
  const byId = new Map(Object.values(standardTransformers).map((info) => [info.id, info]));
  return [...byId.values()].map(
    (info): TransformerRegistryItem => ({
      id: info.id,
      name: info.name,
      transformation: () => Promise.resolve(info),
      editor: () => null,
      imageDark: "",
      imageLight: "",
    }),
  );
});

/** Frames after all transformations of a panel. */
export function transformed(frames: DataFrame[], panel: Panel): Promise<DataFrame[]> {
  const { transformations = [] } = panel;
  const unknown = transformations.find(({ id }) => !standardTransformersRegistry.getIfExists(id));
  if (unknown) throw new Error(`unknown transformation \`${unknown.id}\``);
  return lastValueFrom(transformDataFrame(transformations, frames));
}

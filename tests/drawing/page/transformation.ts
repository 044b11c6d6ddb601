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

standardTransformersRegistry.setInit(() =>
  Object.values(standardTransformers).map(
    (info): TransformerRegistryItem => ({
      id: info.id,
      name: info.name,
      transformation: () => Promise.resolve(info),
      editor: () => null,
      imageDark: "",
      imageLight: "",
    }),
  ),
);

/** Frames after all transformations of a panel. */
export function transformed(frames: DataFrame[], { transformations = [] }: Panel): Promise<DataFrame[]> {
  const unknown = transformations.find(({ id }) => !standardTransformersRegistry.getIfExists(id));
  if (unknown) throw new Error(`unknown transformation \`${unknown.id}\``);
  return lastValueFrom(transformDataFrame(transformations, frames));
}

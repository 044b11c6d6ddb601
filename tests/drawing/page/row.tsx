// The title of a row, expanded: our own.

import type { Panel } from "../answers/dashboard";

export function Row({ panel }: { panel: Panel }) {
  return (
    <h2 className="row-title">
      <span className="row-arrow">▾</span>
      {panel.title}
    </h2>
  );
}

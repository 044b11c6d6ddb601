// What is read of a dashboard in Grafana's classic model, and nothing else of it.

export interface Dashboard {
  uid: string;
  title: string;
  panels: Panel[];
  templating?: { list: Variable[] };
}

export interface Variable {
  name: string;
  label?: string;
  type: string;
  query?: unknown;
  allValue?: string | null;
  hide?: number;
}

export interface Panel {
  type: string;
  title?: string;
  description?: string;
  gridPos: Place;
  transparent?: boolean;
  targets?: Target[];
  fieldConfig?: FieldConfig;
  options?: Record<string, unknown>;
  transformations?: Transformation[];
  /** Of a row that is collapsed: what it hides. */
  panels?: Panel[];
  collapsed?: boolean;
}

/** A place on the grid of 24 columns, in columns and rows. */
export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Target {
  refId: string;
  expr: string;
  legendFormat?: string;
  format?: string;
  range?: boolean;
  instant?: boolean;
  hide?: boolean;
}

export interface FieldConfig {
  defaults: Record<string, unknown>;
  overrides: { matcher: { id: string; options?: unknown }; properties: Property[] }[];
}

export interface Property {
  id: string;
  value?: unknown;
}

export interface Transformation {
  id: string;
  options: Record<string, unknown>;
  disabled?: boolean;
}

/** The name by which people find a panel. */
export function panelName(panel: Panel): string {
  return panel.title || `(${panel.type} without a title)`;
}

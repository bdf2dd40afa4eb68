export interface Widget {
  id: string;
  title: string;
  refreshSeconds: number;
}

export const widgets: Widget[] = [
  { id: "load", title: "Load", refreshSeconds: 5 },
  { id: "queue", title: "Queue" },
  { id: "errors", title: "Errors in the last hour" },
];

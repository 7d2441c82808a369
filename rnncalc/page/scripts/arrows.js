// The arrows of the picture: what each step hands on to the next, and the gradients that come back.

import { drawn } from "./dom.js";

/** @typedef {import("./layout.js").Layout} Layout */
const BELOW = 0.22;

/** All arrows, as one drawing that lies over the picture. @param {Layout} layout @returns {SVGElement} */
export function arrowsOver(layout) {
  const lines = [...layout.plan.handed.map((handed) => handedOn(layout, handed)), ...comingBack(layout)];
  const size = { viewBox: `0 0 ${layout.width} ${layout.height}`, class: "arrows", "aria-hidden": "true" };
  return drawn("svg", size, ...lines);
}

/** A line with a head at its end. @param {number[][]} points @param {string} kind */
function arrow(points, kind) {
  const [[x0, y0], [x1, y1]] = points.slice(-2);
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [u, v] = [(x1 - x0) / length, (y1 - y0) / length];
  const corner = (/** @type {number} */ side) => `${x1 - 0.5 * u - side * 0.25 * v},${y1 - 0.5 * v + side * 0.25 * u}`;
  return drawn(
    "g",
    { class: `arrow ${kind}` },
    drawn("polyline", { points: points.map((point) => point.join(",")).join(" ") }),
    drawn("polygon", { points: `${x1},${y1} ${corner(1)} ${corner(-1)}` }),
  );
}

/** Out of a state at the right or, where another number stands there, from below it; up to the next step. */
function handedOn(/** @type {Layout} */ layout, /** @type {number[]} */ [row, column, rows, toRow, toColumn, toRows, lane]) {
  const { plan } = layout;
  const from = layout.area(row, column, 1, rows);
  const to = layout.area(toRow, toColumn, 1, toRows);
  const gap = layout.area(row, toColumn - ((toColumn - plan.first + 1) % (plan.side + 1)));
  const across = gap.x + (lane ? 0.45 : 0.85);
  const isFree = !plan.tables.some((table) => table[1] === row && table[2] === column + 1);
  const low = from.y + from.height + BELOW;
  const start = isFree
    ? [[from.x + from.width, from.y + from.height / 2], [across, from.y + from.height / 2]]
    : [[from.x + from.width / 2, from.y + from.height], [from.x + from.width / 2, low], [across, low]];
  const isBeside = toColumn === layout.firstColumn(Math.round((toColumn - plan.first) / (plan.side + 1)) + 1) + 1;
  const end = isBeside
    ? [[across, to.y + to.height / 2], [to.x - (layout.sizes.stepLabels ? layout.labelWidth - 0.2 : 0), to.y + to.height / 2]]
    : [[across, to.y - BELOW], [to.x + to.width / 2, to.y - BELOW], [to.x + to.width / 2, to.y + 0.3]];
  return arrow([...start, ...end], lane ? "handed second" : "handed");
}

/** From the left of each step to the step before it. @param {Layout} layout */
function comingBack(layout) {
  return layout.plan.back.flatMap(([row, rows]) =>
    Array.from({ length: layout.sizes.steps - 1 }, (_, i) => {
      const column = layout.plan.first + (i + 1) * (layout.plan.side + 1);
      const { x, y, height } = layout.area(row, column, 1, rows);
      const end = layout.area(row, column - 2);
      const start = x - (layout.sizes.stepLabels ? layout.labelWidth - 0.2 : 0.1);
      return arrow([[start, y + height / 2], [end.x + end.width + 0.05, y + height / 2]], "back");
    }),
  );
}

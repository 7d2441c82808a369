// A quantity's arithmetic as textbooks draw it: tables and signs in a row, with the numbers of the moment.

import { make } from "./dom.js";
import { signed } from "./naming.js";
import { numberText } from "./numbers.js";
import { tableOf } from "./trees.js";

/** @typedef {import("./trees.js").Quantity} Quantity */
/** @typedef {import("./cells.js").Cells} Cells */

const NAMED_AXES = ["letter", "class"];

/**
 * The row of tables and signs of a quantity; of a given one the table alone.
 * @param {Quantity} q @param {Cells} cells @param {(() => void)[]} writers what is written again after every change
 * @param {() => number} decimals
 */
export function pictureOf(q, cells, writers, decimals) {
  const pieces = q.rule ? q.picture : [{ quantity: q, transposed: false }];
  return make("div", { class: "picture" }, ...pieces.map((piece) => pieceOf(piece, cells, writers, decimals)));
}

function pieceOf(/** @type {any} */ piece, /** @type {Cells} */ cells, /** @type {(() => void)[]} */ writers, /** @type {() => number} */ decimals) {
  if (piece.quantity) return tableElement(piece.quantity, piece.transposed, cells);
  const sign = make("span", { class: "sign", text: piece.sign ?? "" });
  if (!piece.rule) return piece.sign.trim() ? sign : null;
  if (!piece.rule.operands.every((/** @type {Quantity} */ source) => cells.keeper.shows(source))) {
    sign.textContent = piece.words;
    return sign;
  }
  writers.push(() => {
    const [value] = tableOf(piece.rule, 1, 1, (/** @type {Quantity} */ source) => source.value);
    sign.textContent = signed(numberText(value, decimals()));
  });
  return sign;
}

/** One table with its headers. @param {Quantity} q @param {boolean} transposed @param {Cells} cells */
export function tableElement(q, transposed, cells) {
  const [rows, columns] = transposed ? [q.columns, q.rows] : [q.rows, q.columns];
  const [rowAxis, columnAxis] = transposed ? [q.axes[1], q.axes[0]] : q.axes;
  const [rowLabels, columnLabels] = transposed ? [q.columnLabels, q.rowLabels] : [q.rowLabels, q.columnLabels];
  const hasLabels = rows > 1 && rowLabels.length > 0;
  const table = make("table", { class: rows * columns === 1 ? "matrix" : "matrix brackets" });
  table.append(make("caption", { class: `role-${q.tint}`, text: q.symbol + (transposed ? "ᵀ" : "") }));
  if (columns > 1 && columnLabels.length) {
    const shown = [rowAxis, columnAxis].some((axis) => NAMED_AXES.includes(axis));
    const heads = columnLabels.map((label) => header("col", columnAxis, label, shown));
    table.append(make("thead", {}, make("tr", {}, hasLabels && make("td"), ...heads)));
  }
  const body = make("tbody");
  for (let i = 0; i < rows; i++) {
    const row = make("tr", {}, hasLabels && header("row", rowAxis, rowLabels[i], NAMED_AXES.includes(rowAxis)));
    for (let j = 0; j < columns; j++) {
      row.append(make("td", {}, cells.make(q, transposed ? j * q.columns + i : i * q.columns + j)));
    }
    body.append(row);
  }
  table.append(body);
  return make("div", { class: "scroll" }, table);
}

/** Letters and classes are seen; the numbers of units are for those who hear the table. */
function header(/** @type {string} */ scope, /** @type {string} */ axis, /** @type {string} */ name, /** @type {boolean} */ shown) {
  if (shown) return make("th", { scope, text: name });
  return make("th", { scope, class: "off" }, make("span", { class: "hidden", text: `${axis} ${name}` }));
}

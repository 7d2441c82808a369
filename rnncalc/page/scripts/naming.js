// What numbers are called, as rnncalc/network/names.py has it, and how those of a quantity are shown.

import { exactText, numberText } from "./numbers.js";

/** @typedef {import("./trees.js").Quantity} Quantity */

/** The place of a number behind a name: nothing, [row] or [row,column]. @param {Quantity} q @param {number} at */
export function placeText(q, at) {
  if (q.rows * q.columns === 1) return "";
  const row = Math.floor(at / q.columns) + 1;
  return q.columns === 1 ? `[${row}]` : `[${row},${(at % q.columns) + 1}]`;
}

/** h_2[1]. @param {Quantity} q @param {number} at */
export function elementName(q, at) {
  return q.name + placeText(q, at);
}

/** h₂[1]. @param {Quantity} q @param {number} at */
export function elementSymbol(q, at) {
  return q.symbol + placeText(q, at);
}

/** A number with a true minus sign. @param {string} text */
export function signed(text) {
  return text.replaceAll("-", "−");
}

/** The decimals that a table shows: of a given one no more than it has. @param {Quantity} q @param {number} decimals */
export function decimalsOf(q, decimals) {
  if (q.rule) return decimals;
  let most = 0;
  for (let at = 0; at < q.value.length && most < decimals; at++) most = Math.max(most, decimalsWithin(q.value[at]));
  return Math.min(decimals, most);
}

function decimalsWithin(/** @type {number} */ value) {
  if (Number.isInteger(value)) return 0;
  const [digits, power = "0"] = exactText(value).split("e");
  return Math.max(0, (digits.split(".")[1] ?? "").length - Number(power));
}

/** A number of a quantity, as tables show it. @param {Quantity} q @param {number} at @param {number} decimals */
export function shownNumber(q, at, decimals) {
  return signed(numberText(q.value[at], decimalsOf(q, decimals)));
}

/** A number of a quantity within a calculation: what is given with all its digits. */
export function workedNumber(/** @type {Quantity} */ q, /** @type {number} */ at, /** @type {number} */ decimals) {
  return q.rule ? numberText(q.value[at], decimals) : exactText(q.value[at]);
}

/** What a number stands for: from letter e to unit 1. @param {Quantity} q @param {number} at */
export function meaning(q, at) {
  const to = along(q.axes[0], q.rowLabels, Math.floor(at / q.columns));
  const from = along(q.axes[1], q.columnLabels, at % q.columns);
  if (to && from) return `from ${from} to ${to}`;
  return to ? `of ${to}` : "";
}

function along(/** @type {string} */ axis, /** @type {string[]} */ labels, /** @type {number} */ at) {
  return axis ? `${axis} ${labels[at] ?? at + 1}` : "";
}

// The arithmetic of one number: with names, with the numbers put in, and what comes out.

import { calculation } from "./lights.js";
import { elementSymbol, workedNumber } from "./naming.js";
import { numberText } from "./numbers.js";
import { leaves } from "./trees.js";
import { treeText } from "./writing.js";

/** @typedef {import("./trees.js").Quantity} Quantity */
/** @typedef {import("./trees.js").Entry} Entry */
/** @typedef {{left: string, right: string, role: string}} Line */

/**
 * The lines of one number, as `rnncalc explain` has them; a sum over the steps is followed by those of its terms.
 * @param {Quantity} q @param {number} at @param {number} decimals @returns {Line[][]}
 */
export function workingOf(q, at, decimals) {
  return [q, ...termsOf(q)].map((part) => linesOf(part, at, decimals));
}

/** @returns {Line[]} */
function linesOf(/** @type {Quantity} */ q, /** @type {number} */ at, /** @type {number} */ decimals) {
  const tree = calculation(q, at);
  const place = (/** @type {Entry} */ leaf) => leaf.row * leaf.entry.columns + leaf.column;
  const symbols = treeText(tree, (leaf) => elementSymbol(leaf.entry, place(leaf)));
  const numbers = treeText(tree, (leaf) => workedNumber(leaf.entry, place(leaf), decimals));
  const result = numberText(q.value[at], decimals);
  const lines = [{ left: elementSymbol(q, at), right: symbols, role: "" }];
  if (numbers !== result) lines.push({ left: "", right: numbers, role: "" });
  lines.push({ left: "", right: result, role: q.tint });
  return lines;
}

/** The terms of a sum over time. @param {Quantity} q @returns {Quantity[]} */
function termsOf(q) {
  if (q.step !== null || !q.rule) return [];
  const tree = calculation(q, 0);
  const isSum = "call" in tree && ["plus", "sum"].includes(tree.call) && tree.arguments.every((term) => "entry" in term);
  const terms = isSum ? leaves(tree).map((leaf) => leaf.entry) : [];
  return terms.every((term) => term.rule && term.step !== null) ? terms : [];
}

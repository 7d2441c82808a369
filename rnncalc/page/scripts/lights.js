// Which numbers light up: those that the shown one was computed from, and those that it goes into.

import { elementTree, leaves } from "./trees.js";

/** @typedef {import("./trees.js").Quantity} Quantity */
/** @typedef {Map<Quantity, Set<number> | "all">} Lit numbers by their places, row after row */

/** The calculation of one number, as a person does it. @param {Quantity} q @param {number} at */
export function calculation(q, at) {
  const rule = q.ways[q.ways.length - 1];
  return elementTree(rule, Math.floor(at / q.columns), at % q.columns, q.columns);
}

/** What a number, or a whole table, was computed from. @param {Quantity | null} q @param {number | null} index @returns {Lit} */
export function sourcesOf(q, index) {
  /** @type {Lit} */
  const lit = new Map();
  if (!q?.rule) return lit;
  if (index === null) {
    for (const source of q.sources) lit.set(source, "all");
    return lit;
  }
  for (const leaf of leaves(calculation(q, index))) add(lit, leaf.entry, leaf.row * leaf.entry.columns + leaf.column);
  return lit;
}

/**
 * What a number goes into. @param {import("./model.js").Model} model @param {Quantity | null} q @param {number | null} index
 * @returns {Lit}
 */
export function usesOf(model, q, index) {
  /** @type {Lit} */
  const lit = new Map();
  if (!q) return lit;
  for (const user of model.uses(q)) {
    if (index === null) lit.set(user, "all");
    else for (let at = 0; at < user.value.length; at++) if (goesInto(q, index, user, at)) add(lit, user, at);
  }
  return lit;
}

function goesInto(/** @type {Quantity} */ q, /** @type {number} */ index, /** @type {Quantity} */ user, /** @type {number} */ at) {
  return leaves(calculation(user, at)).some((leaf) => leaf.entry === q && leaf.row * q.columns + leaf.column === index);
}

function add(/** @type {Lit} */ lit, /** @type {Quantity} */ q, /** @type {number} */ at) {
  const places = lit.get(q) ?? new Set();
  if (places !== "all") places.add(at);
  lit.set(q, places);
}

/** Whether a number is lit. @param {Lit} lit @param {Quantity} q @param {number} at */
export function isLit(lit, q, at) {
  const places = lit.get(q);
  return places === "all" || (places !== undefined && places.has(at));
}

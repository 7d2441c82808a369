// The arithmetic of one element, by every way that a person may take, found once.
// The same as rnncalc/network/element_arithmetic.py.
import { FUNCTIONS } from "../functions.js";
import { elementTree, leaves, tableOf } from "../trees.js";

/** @typedef {import("../trees.js").Scalar} Scalar */
/** @typedef {import("../trees.js").Entry} Entry */
/** @typedef {import("../trees.js").Rule} Rule */
/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {Map<string, Float64Array>} Values A person's own numbers, by name, in the place of the true ones. */

/** A place in a table: row by row, counted from 0. */

/** @type {WeakMap<object, Scalar[]>} */
const KNOWN_TREES = new WeakMap();

/** The tree of one element of a rule for a quantity.
 * @param {Rule} rule @param {number} place @param {Quantity} q @returns {Scalar} */
export function treeAt(rule, place, q) {
  let trees = KNOWN_TREES.get(rule);
  if (!trees) KNOWN_TREES.set(rule, (trees = []));
  return (trees[place] ??= elementTree(rule, Math.floor(place / q.columns), place % q.columns, q.columns));
}

/** The place of an element of a table.
 * @param {Entry} entry @returns {number} */
export function placeOf(entry) {
  return entry.row * entry.entry.columns + entry.column;
}

/** The ways to work one element: those that a person may take, and last the one that pages show.
 * @param {Quantity} q @param {number} place @returns {Scalar[]} */
export function treesOf(q, place) {
  return q.ways.map((rule) => treeAt(rule, place, q));
}

/** The arithmetic of one element as a person works it.
 * @param {Quantity} q @param {number} place @returns {Scalar} */
export function shownTree(q, place) {
  return treeAt(q.ways[q.ways.length - 1], place, q);
}

/** @type {WeakMap<Scalar, Entry[]>} */
const KNOWN_LEAVES = new WeakMap();

/** The elements that a tree is made of, each once, found once.
 * @param {Scalar} scalar @returns {Entry[]} */
export function elementsIn(scalar) {
  let known = KNOWN_LEAVES.get(scalar);
  if (!known) {
    /** @type {Map<string, Entry>} */
    const each = new Map();
    for (const entry of leaves(scalar)) each.set(`${entry.entry.name} ${placeOf(entry)}`, entry);
    KNOWN_LEAVES.set(scalar, (known = [...each.values()]));
  }
  return known;
}

/** A quantity from a person's numbers, on paper where that is another way than the computer's.
 * @param {Quantity} q @param {Values} values @returns {Float64Array} */
export function worked(q, values) {
  const value = replayed(/** @type {Rule} */ (q.rule), q, values);
  if (q.ways.length < 2) return value;
  const onPaper = replayed(q.ways[q.ways.length - 1], q, values);
  return onPaper.map((number, i) => (Number.isFinite(number) ? number : value[i]));
}

/** The table of a rule for a quantity, where some quantities have the values given here by name.
 * @param {Rule} rule @param {Quantity} q @param {Values} values @returns {Float64Array} */
export function replayed(rule, q, values) {
  return tableOf(rule, q.rows, q.columns, (source) => values.get(source.name) ?? source.value);
}

/** Whether the numbers of a table are a function of a single number each, or are taken over as they are.
 * @param {Quantity} q @returns {boolean} */
export function isOfOneNumber(q) {
  if (q.rule === null) return false;
  const tree = treeAt(q.rule, 0, q);
  return "entry" in tree || ("call" in tree && (tree.call === "exp" || FUNCTIONS[tree.call].activation === true));
}

/** What a choice of the most likely is made from; null for all that is no choice.
 * @param {Quantity} q @returns {Quantity | null} */
export function chosenFrom(q) {
  const tree = q.rule === null ? null : treeAt(q.rule, 0, q);
  if (tree === null || !("call" in tree) || tree.call !== "is largest") return null;
  const entry = tree.arguments[1];
  return "entry" in entry ? entry.entry : null;
}

/** The scores that a softmax raises e to, whether or not the largest is taken away first; null for all else.
 * @param {Quantity} q @returns {Quantity | null} */
export function scoresOf(q) {
  const raised = raisedTo(q, 0);
  if (raised === null) return null;
  const score = isLargestTakenAway(raised) ? raised.arguments[0] : raised;
  return "entry" in score ? score.entry : null;
}

/** Whether the largest score is taken away before exp.
 * @param {Quantity} q @returns {boolean} */
export function isShifted(q) {
  const raised = raisedTo(q, 0);
  return raised !== null && isLargestTakenAway(raised);
}

/** exp of a score in the form of softmax that the problem does not have; null for all other quantities.
 * @param {Quantity} q @param {number} place @returns {Scalar | null} */
export function otherExp(q, place) {
  const scores = scoresOf(q);
  if (scores === null) return null;
  const row = Math.floor(place / q.columns);
  /** @type {Scalar} */
  const score = { entry: scores, row, column: 0 };
  if (isShifted(q)) return { call: "exp", arguments: [score] };
  const every = Array.from(scores.value, (_, i) => ({ entry: scores, row: i, column: 0 }));
  return { call: "exp", arguments: [{ call: "minus", arguments: [score, { call: "largest", arguments: every }] }] };
}

/** What e is raised to in one element; null where it is not.
 * @param {Quantity} q @param {number} place @returns {Scalar | null} */
function raisedTo(q, place) {
  const tree = q.rule === null ? null : treeAt(q.rule, place, q);
  return tree !== null && "call" in tree && tree.call === "exp" ? tree.arguments[0] : null;
}

/** @param {Scalar} scalar @returns {scalar is import("../trees.js").Call} */
function isLargestTakenAway(scalar) {
  if (!("call" in scalar) || scalar.call !== "minus") return false;
  const taken = scalar.arguments[1];
  return "call" in taken && taken.call === "largest";
}

// The arithmetic of a page: rules as rnncalc/page/trees.py writes them, worked and taken apart.

import { FUNCTIONS } from "./functions.js";

/**
 * @typedef {{entry: Quantity, row: number, column: number}} Entry an element of a table, counted from 0
 * @typedef {{number: number}} Constant a number of the rule itself
 * @typedef {{call: string, arguments: Scalar[]}} Call a function of scalars
 * @typedef {Entry | Constant | Call} Scalar
 * @typedef {{template: any, operands: Quantity[]}} Rule
 * @typedef {{
 *   name: string, place: string, bare: string, step: number | null, stage: string, layer: string,
 *   tint: string, symbol: string, latex: string, rows: number, columns: number, says: string,
 *   equation: string, axes: [string, string], rowLabels: string[], columnLabels: string[],
 *   rule: Rule | null, ways: Rule[], sources: Quantity[], value: Float64Array, picture: any[], index: number,
 * }} Quantity
 * @typedef {{quantities: Quantity[], named: Map<string, Quantity>}} Trace
 * @typedef {(quantity: Quantity) => Float64Array} ValueOf
 */

/**
 * The tree of one element of a rule, as rnncalc/language/trees.py has it.
 * @param {Rule} rule @param {number} row @param {number} column @param {number} columns of the rule's table
 * @returns {Scalar}
 */
export function elementTree(rule, row, column, columns) {
  const { template, operands } = rule;
  const node = template?.each ? template.each[row * columns + column] : template;
  return treeOf(node, operands, row, column, 0);
}

/** @param {any} node @param {Quantity[]} operands @param {number} i @param {number} j @param {number} k @returns {Scalar} */
function treeOf(node, operands, i, j, k) {
  if (node === null) return { number: NaN };
  if (typeof node === "number") return { number: node };
  const [head, ...rest] = node;
  if (typeof head === "number") {
    const entry = operands[head];
    const at = place(rest, i, j, k);
    return { entry, row: Math.floor(at / entry.columns), column: at % entry.columns };
  }
  if (head === "#") return { number: place(rest, i, j, k) };
  const parts = rest.flatMap((/** @type {any} */ part) =>
    part?.n ? Array.from({ length: part.n }, (_, along) => treeOf(part.of, operands, i, j, along)) : [treeOf(part, operands, i, j, k)],
  );
  return { call: head, arguments: parts };
}

/**
 * A line: its start, and its growth by rows, by columns and along a run.
 * @param {number[]} line @param {number} i @param {number} j @param {number} k
 */
function place([start, byRow = 0, byColumn = 0, along = 0], i, j, k) {
  return start + byRow * i + byColumn * j + along * k;
}

/** The elements that a tree is made of. @param {Scalar} scalar @returns {Entry[]} */
export function leaves(scalar) {
  if ("entry" in scalar) return [scalar];
  return "call" in scalar ? scalar.arguments.flatMap(leaves) : [];
}

/**
 * The number that a tree stands for. @param {Scalar} scalar @param {(entry: Entry) => number} valueOf @returns {number}
 */
export function evaluate(scalar, valueOf) {
  if ("entry" in scalar) return valueOf(scalar);
  if ("number" in scalar) return scalar.number;
  return FUNCTIONS[scalar.call].run(...scalar.arguments.map((a) => evaluate(a, valueOf)));
}

/**
 * A whole table worked by a rule. @param {Rule} rule @param {number} rows @param {number} columns
 * @param {ValueOf} valueOf the numbers of each operand @param {Float64Array} [into] @returns {Float64Array}
 */
export function tableOf(rule, rows, columns, valueOf, into = new Float64Array(rows * columns)) {
  const { template } = rule;
  const tables = rule.operands.map(valueOf);
  if (template?.each) {
    template.each.forEach((/** @type {any} */ node, /** @type {number} */ at) => (into[at] = compiled(node)(tables, Math.floor(at / columns), at % columns, 0)));
    return into;
  }
  const work = compiled(template);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) into[at] = work(tables, i, j, 0);
  return into;
}

/** @typedef {(tables: Float64Array[], i: number, j: number, k: number) => number} Work */

/** @type {WeakMap<object, Work>} */
const COMPILED = new WeakMap();

/** What works a node: put together once for each. @param {any} node @returns {Work} */
function compiled(node) {
  if (node === null) return () => NaN;
  if (typeof node === "number") return () => node;
  let work = COMPILED.get(node);
  if (work === undefined) {
    work = compile(node);
    COMPILED.set(node, work);
  }
  return work;
}

/** @param {any[]} node @returns {Work} */
function compile([head, ...rest]) {
  if (typeof head === "number") {
    const [start, byRow = 0, byColumn = 0, along = 0] = rest;
    return (tables, i, j, k) => tables[head][start + byRow * i + byColumn * j + along * k];
  }
  if (head === "#") return (_, i, j, k) => place(rest, i, j, k);
  if (head === "dot" && rest.length === 2 && rest.every((part) => isRunOfEntries(part))) return dotOfRuns(rest[0], rest[1]);
  const { run } = FUNCTIONS[head];
  if (!rest.some((part) => part?.n)) {
    const [a, b] = rest.map(compiled);
    if (rest.length === 1) return (tables, i, j, k) => run(a(tables, i, j, k));
    if (rest.length === 2) return (tables, i, j, k) => run(a(tables, i, j, k), b(tables, i, j, k));
  }
  const parts = rest.map((part) => (part?.n ? { n: part.n, work: compiled(part.of) } : { n: 0, work: compiled(part) }));
  return (tables, i, j, k) => {
    const values = [];
    for (const { n, work } of parts) {
      if (n) for (let along = 0; along < n; along++) values.push(work(tables, i, j, along));
      else values.push(work(tables, i, j, k));
    }
    return run(...values);
  };
}

/** @param {any} part */
function isRunOfEntries(part) {
  return part?.n && Array.isArray(part.of) && typeof part.of[0] === "number";
}

/** Two rows of numbers, multiplied in pairs and added up: most of the work of a network. @param {any} left @param {any} right @returns {Work} */
function dotOfRuns(left, right) {
  const [a, a0, aRow = 0, aColumn = 0, aAlong = 0] = left.of;
  const [b, b0, bRow = 0, bColumn = 0, bAlong = 0] = right.of;
  const n = left.n;
  return (tables, i, j) => {
    const u = tables[a];
    const v = tables[b];
    let total = 0;
    let p = a0 + aRow * i + aColumn * j;
    let q = b0 + bRow * i + bColumn * j;
    for (let k = 0; k < n; k++, p += aAlong, q += bAlong) if (u[p]) total += u[p] * v[q];
    return total;
  };
}

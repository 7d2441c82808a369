// Trees in writing, as rnncalc/language/writers.py writes them in a line of text.

import { FUNCTIONS } from "./functions.js";

/** @typedef {import("./trees.js").Scalar} Scalar */
/** @typedef {import("./functions.js").Face} Face */
/** @typedef {{text: string, binds: number}} Written */

const LOOSE = 0;
const SUM = 1;
const PRODUCT = 3;
const ATOM = 5;

/**
 * The arithmetic of a tree in a line; `entry` writes its elements, as names or as numbers.
 * @param {import("./trees.js").Scalar} scalar @param {(entry: import("./trees.js").Entry) => string} entry
 * @param {number} [longest] a sum of more terms shows the first ones, … and the last
 * @returns {string}
 */
export function treeText(scalar, entry, longest = Infinity) {
  const join = (/** @type {string} */ between, /** @type {string[]} */ parts) =>
    (parts.length > longest ? [...parts.slice(0, 3), "…", parts[parts.length - 1]] : parts).join(between);

  /** @param {Scalar} tree @returns {Written} */
  function write(tree) {
    if ("number" in tree) return { text: general(tree.number), binds: ATOM };
    if ("entry" in tree) {
      const text = entry(tree);
      return { text, binds: text.startsWith("-") ? LOOSE : text.startsWith("∂") ? PRODUCT : ATOM };
    }
    const face = FUNCTIONS[tree.call].text;
    return GATHER[face.gather](face, tree.arguments);
  }

  /** @param {Scalar} tree @param {number} needs */
  function within(tree, needs) {
    const { text, binds } = write(tree);
    return binds >= needs ? text : `(${text})`;
  }

  const need = (/** @type {Face} */ face, /** @type {number} */ i) =>
    (Array.isArray(face.needs) ? face.needs[Math.min(i, face.needs.length - 1)] : face.needs);

  /** @param {Face} face @param {Scalar[]} args @returns {Written} */
  function each(face, args) {
    const parts = args.map((a, i) => within(a, need(face, i)));
    return { text: filled(face.template, parts, join(face.between, parts)), binds: face.binds };
  }

  /** @type {Record<string, (face: Face, args: Scalar[]) => Written>} */
  const GATHER = {
    each,
    row: each,
    pairs(face, args) {
      const half = args.length / 2;
      const products = args
        .slice(0, half)
        .map((a, k) => filled(face.template, [within(a, need(face, 0)), within(args[half + k], need(face, 0))], ""));
      return { text: join(face.between, products), binds: half > 1 ? SUM : face.binds };
    },
    choice(face, [which, ...entries]) {
      const parts = entries.map((a) => within(a, need(face, 0)));
      const chosen = "number" in which ? which.number - 1 : 0;
      return { text: filled(face.template, [parts[chosen]], join(face.between, parts)), binds: face.binds };
    },
  };
  return write(scalar).text;
}

/**
 * A template with the operands put in: by their numbers, and at {…} all of them.
 * @param {string} template @param {string[]} parts @param {string} joined
 */
function filled(template, parts, joined) {
  return template.replace(/\{(\d+|…)\}/g, (_, place) => (place === "…" ? joined : parts[Number(place)]));
}

/** A number as Python's format g writes it: six digits that count. @param {number} value */
function general(value) {
  if (!Number.isFinite(value)) return String(value);
  const size = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (size < -4 || size >= 6) return value.toExponential(5).replace(/\.?0+e/, "e").replace(/e([+-])(\d)$/, "e$10$2");
  return String(Number(value.toPrecision(6)));
}

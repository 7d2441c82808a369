// The mistakes that people make, as wrong rules: each gives the number that it would lead to. Python finds them for the
// network of the page. The same as distinct and Mistake in rnncalc/marking/mistakes.py.
import { replayed, treeAt } from "./element_arithmetic.js";
import { exactText, numberText } from "../numbers.js";
import { treeText } from "../writing.js";

/** @typedef {import("./element_arithmetic.js").Values} Values */
/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("../trees.js").Rule} Rule */
/** @typedef {import("../trees.js").Scalar} Scalar */

/** So many terms of a sum are written. */
const MOST_TERMS = 8;

/** A wrong rule for a quantity: its kind, and what it says in plain words; `also` are other kinds that lead to the same
 * numbers. It is `local` where it is made in the quantity itself, and not in what goes in unseen. */
export class Mistake {
  /** @param {Quantity} q @param {string} kind @param {string} says @param {Rule} rule @param {boolean} [anyStep]
   * Whether it may be made at every step alike. */
  constructor(q, kind, says, rule, anyStep = false) {
    this.q = q;
    this.kind = kind;
    this.says = says;
    this.rule = rule;
    this.anyStep = anyStep;
    /** @type {string[]} */
    this.also = [];
    this.local = true;
  }

  /** The same with other words.
   * @param {{kind?: string, says?: string, also?: string[]}} changes @returns {Mistake} */
  with(changes) {
    return Object.assign(Object.create(Object.getPrototypeOf(this)), this, changes);
  }

  /** What the wrong rule leads to.
   * @param {Values} values @returns {Float64Array} */
  value(values) {
    return replayed(this.rule, this.q, values);
  }

  /** The tree of one element.
   * @param {number} place @returns {Scalar} */
  tree(place) {
    return treeAt(this.rule, place, this.q);
  }

  /** The wrong arithmetic of one element as a student would write it: `0.427 · 0.9365 = 0.3999`; nothing where the
   * mistake is not local.
   * @param {number} place @param {Values} values @param {number} decimals @returns {string} */
  arithmetic(place, values, decimals) {
    if (!this.local) return "";
    const result = numberText(this.value(values)[place], decimals);
    let tree = this.tree(place);
    if (!("call" in tree)) return result;
    if (tree.call === "sum") tree = { ...tree, call: "plus" }; // a sum that stands alone needs no brackets
    const written = treeText(
      tree,
      ({ entry: q, row, column }) => {
        const own = values.get(q.name);
        const value = (own ?? q.value)[row * q.columns + column];
        return own === undefined && q.stage === "given" ? exactText(value) : numberText(value, decimals);
      },
      MOST_TERMS,
    );
    return `${written} = ${result}`;
  }
}

/** The right rule, its rows in another order. */
export class InOtherOrder extends Mistake {
  /** @param {Quantity} q @param {string} kind @param {string} says @param {number[]} order */
  constructor(q, kind, says, order) {
    super(q, kind, says, /** @type {Rule} */ (q.rule));
    this.order = order;
  }

  /** @param {number} place @returns {number} The place that the right rule has it in. */
  from(place) {
    const { columns } = this.q;
    return this.order[Math.floor(place / columns)] * columns + (place % columns);
  }

  /** @param {Values} values @returns {Float64Array} */
  value(values) {
    const right = super.value(values);
    return right.map((_, place) => right[this.from(place)]);
  }

  /** @param {number} place @returns {Scalar} */
  tree(place) {
    return super.tree(this.from(place));
  }
}

/** Those that lead to other numbers than the right ones, each to numbers of its own, the simplest first; of those that
 * lead to the same numbers, the first.
 * @param {Quantity} q @param {Iterable<Mistake>} mistakes @returns {Mistake[]} */
export function distinct(q, mistakes) {
  /** @type {Mistake[]} */
  const kept = [];
  const known = new KnownNumbers(q);
  const none = new Map();
  for (const mistake of mistakes) {
    const place = known.place(mistake.value(none));
    if (place === kept.length + 1) kept.push(mistake);
    else if (place) {
      const first = kept[place - 1];
      if (mistake.kind !== first.kind && !first.also.includes(mistake.kind)) {
        kept[place - 1] = first.with({ also: [...first.also, mistake.kind] });
      }
    }
  }
  return kept;
}

/** Stands for what is no number, so that it is equal to itself. */
const NOT_TOLD = -8.25e300;

/** The numbers that are known for a quantity: the right ones, and those that mistakes lead to. */
class KnownNumbers {
  /** @param {Quantity} q */
  constructor(q) {
    /** @type {Float64Array[]} */
    this.tables = [q.value];
    this.right = q.bare === "exp" ? q.value : null;
  }

  /** Where these numbers stand among those that are known, the right ones at 0; they are added where they are new, unless
   * they are no numbers, or as good as the right ones.
   * @param {Float64Array} value @returns {number} */
  place(value) {
    let largest = -1;
    for (const number of value) if (Number.isFinite(number)) largest = Math.max(largest, Math.abs(number));
    if (largest < 0) return 0;
    const row = value.map((number) => (Number.isFinite(number) ? number : NOT_TOLD));
    const tolerance = 1e-12 * Math.max(1, largest); // but for rounding of float64
    const place = this.tables.findIndex((known) => known.every((number, i) => Math.abs(number - row[i]) <= tolerance));
    if (place >= 0) return place;
    const differs = value.some(
      (number, i) => Number.isFinite(number) && Math.abs(this.tables[0][i] - number) > tolerance,
    );
    if (!differs || this.isMultiple(value)) return 0;
    this.tables.push(row);
    return this.tables.length - 1;
  }

  /** Whether all are the same multiple of the right ones, of exp, where a common factor falls out.
   * @param {Float64Array} value @returns {boolean} */
  isMultiple(value) {
    if (this.right === null) return false;
    const right = this.right;
    const factors = value.map((number, i) => number / right[i]);
    return factors[0] > 0 && Math.max(...factors) - Math.min(...factors) <= 1e-9 * Math.abs(factors[0]);
  }
}

// Ways of working a number by hand: every one is right, and each may end in another last digit.
// The same as rnncalc/marking/working.py.
import { FUNCTIONS } from "../functions.js";
import { INTERVALS, NOWHERE, at, highestOf, isZero, lowestOf, middle, product } from "./interval.js";
import { unitOf } from "./digits.js";
import { wider } from "./tolerance.js";

/** @typedef {import("./interval.js").Interval} Interval */
/** @typedef {import("../trees.js").Scalar} Scalar */
/** @typedef {(entry: import("../trees.js").Entry) => Interval} Leaf */

/** A number this near to the middle between two, in units of the last decimal, may be rounded either way. */
const TIE = 1e-7;
/** A spare digit moves a number by up to this share of half a unit. */
const SPARE = 0.1;

/** A way of working: how products, and how other workings within one number, are written down before going on.
 *
 * `decimals` are those that the number is written with, null for all digits. `remembers`: operands may have more digits
 * than were written. `cuts`: digits are cut off instead of rounded; `trims`: those of workings alone. `otherSoftmax`:
 * exp that nobody wrote down is worked in the form that the problem does not have. */
export class Way {
  /** @param {number | null} decimals
   * @param {{products?: boolean, workings?: boolean, cuts?: boolean, remembers?: boolean, trims?: boolean,
   *   otherSoftmax?: boolean}} [how] */
  constructor(decimals, how = {}) {
    this.decimals = decimals;
    this.products = how.products ?? false;
    this.workings = how.workings ?? false;
    this.cuts = how.cuts ?? false;
    this.remembers = how.remembers ?? false;
    this.trims = how.trims ?? false;
    this.otherSoftmax = how.otherSoftmax ?? false;
    this.unit = decimals === null ? 0 : unitOf(decimals);
    const flags = [this.products, this.workings, this.cuts, this.remembers, this.trims, this.otherSoftmax];
    /** Tells ways apart. */
    this.key = `${decimals} ${flags.map(Number).join("")}`;
    /** @type {Way | null} */
    this.spareWay = null;
  }

  /** @returns {Way} The same with the other form of softmax. */
  withOtherSoftmax() {
    return new Way(this.decimals, { ...this, otherSoftmax: true });
  }

  /** What is written down of a number: rounded, ties either way, or cut off.
   * @param {Interval} result @returns {Interval} */
  shorten(result) {
    if (this.decimals === null || !(Number.isFinite(result.low) && Number.isFinite(result.high))) return result;
    const unit = this.unit;
    const low = result.low / unit;
    const high = result.high / unit;
    if (Math.abs(low) > 1e15 || Math.abs(high) > 1e15) return result;
    if (this.cuts || this.trims) return { low: cutUnits(low) * unit, high: cutUnits(high) * unit };
    return { low: Math.ceil(low - 0.5 - TIE) * unit, high: Math.floor(high + 0.5 + TIE) * unit };
  }

  /** What becomes of a product before it is added to others.
   * @param {Interval} result @returns {Interval} */
  product(result) {
    return this.products ? this.shorten(result) : this.spare(result);
  }

  /** What becomes of a term that is no product: a bias may be rounded first where products are, or not.
   * @param {Interval} result @returns {Interval} */
  term(result) {
    if (this.trims || this.remembers || !(this.products || this.workings)) return result;
    return wholeOf(result, this.shorten(result));
  }

  /** What becomes of any other working within a number.
   * @param {Interval} result @returns {Interval} */
  working(result) {
    return this.workings ? this.shorten(result) : this.spare(result);
  }

  /** A written operand: as it stands, or with the digits that were not written.
   * @param {number} value @param {number} halfUnit @returns {Interval} */
  operand(value, halfUnit) {
    if (!this.remembers || !halfUnit) return at(value);
    if (this.cuts) {
      return { low: value - (value <= 0 ? 2 * halfUnit : 0), high: value + (value >= 0 ? 2 * halfUnit : 0) };
    }
    return { low: value - halfUnit, high: value + halfUnit };
  }

  /** An operand that was worked, and written down otherwise: with all its digits, or shortened.
   * @param {Interval} meant @param {number} halfUnit @returns {Interval} */
  unwritten(meant, halfUnit) {
    if (this.remembers) {
      return { low: this.operand(meant.low, halfUnit).low, high: this.operand(meant.high, halfUnit).high };
    }
    return wholeOf(meant, this.shorten(meant));
  }

  /** @param {Interval} result @returns {Interval} */
  spare(result) {
    if (!this.remembers || this.decimals === null) return result;
    this.spareWay ??= new Way(this.decimals + 1, this);
    return wholeOf(result, this.spareWay.shorten(result));
  }

  /** How far from its exact arithmetic a number may lie.
   * @param {Interval} result @param {number} exact @returns {number} */
  furthest(result, exact) {
    const last = this.cuts ? this.unit : (this.unit / 2) * (1 + SPARE);
    const off = Math.max(Math.abs(result.low - exact), Math.abs(result.high - exact)) + last;
    return Number.isFinite(off) ? off : 0;
  }

  /** Whether a number is what this way leads to, as it is written down.
   * @param {number} number @param {Interval} result @returns {boolean} */
  accepts(number, result) {
    if (Number.isNaN(result.low) || Number.isNaN(result.high)) return false;
    const isBounded = Number.isFinite(result.high - result.low);
    const about = isBounded ? Math.max(Math.abs(result.low), Math.abs(result.high)) : Math.abs(number);
    if (this.cuts) {
      const slack = wider(0, about);
      const cut = Math.max(this.unit * (1 - TIE), slack); // less than a unit: of a number without further digits nothing
      const [below, above] = [result.high > 0 ? cut : slack, result.low < 0 ? cut : slack];
      return result.low - below <= number && number <= result.high + above;
    }
    const half = (this.unit / 2) * (this.remembers ? 1 + SPARE : 1);
    return result.low - wider(half, about) <= number && number <= result.high + wider(half, about);
  }
}

/** @type {Map<string, Way[]>} */
const KNOWN_WAYS = new Map();

/** The ways of working, the commonest first; one that cuts digits off only where a person may do that.
 * @param {number | null} decimals @param {boolean} [cuts] @returns {Way[]} */
export function waysOf(decimals, cuts = true) {
  const key = `${decimals} ${cuts}`;
  let known = KNOWN_WAYS.get(key);
  if (!known) KNOWN_WAYS.set(key, (known = foundWays(decimals, cuts)));
  return known;
}

/** @param {number | null} decimals @param {boolean} cuts @returns {Way[]} */
function foundWays(decimals, cuts) {
  const found = [new Way(decimals, { remembers: true })];
  if (decimals === null) return found;
  const shortened = [{}, { products: true, workings: true }, { workings: true }];
  found.push(...shortened.map((how) => new Way(decimals, how)));
  found.push(new Way(decimals, { products: true, remembers: true }));
  found.push(new Way(decimals, { products: true, workings: true, trims: true }));
  if (cuts) {
    found.push(...shortened.map((how) => new Way(decimals, { ...how, cuts: true })));
    found.push(new Way(decimals, { cuts: true, remembers: true }));
  }
  return found;
}

/** @param {number} units @returns {number} */
function cutUnits(units) {
  return units >= 0 ? Math.floor(units + TIE) : Math.ceil(units - TIE);
}

/** @param {Interval} u @param {Interval} v @returns {Interval} */
function wholeOf(u, v) {
  return { low: v.low < u.low ? v.low : u.low, high: v.high > u.high ? v.high : u.high };
}

// ── trees over intervals ────────────────────────────────────────────────────────────────────────────────────────────

/** Where the number of a tree may lie; NaN where its arithmetic leads nowhere.
 * @param {Scalar} scalar @param {Leaf} leaf @param {Way} way @returns {Interval} */
export function evaluateTree(scalar, leaf, way) {
  if ("entry" in scalar) return leaf(scalar);
  if ("number" in scalar) return at(scalar.number);
  const row = FUNCTIONS[scalar.call];
  if (row.adds === "pairs") return addedProducts(scalar.arguments, leaf, way);
  let parts = scalar.arguments.map((argument) => innerPart(argument, leaf, way));
  if (row.adds) parts = parts.map((part, i) => ("entry" in scalar.arguments[i] ? way.term(part) : part));
  if (Object.hasOwn(INTERVALS, scalar.call)) return INTERVALS[scalar.call](...parts);
  if (!row.rising) return anywhere(scalar.call, parts);
  const [part] = parts;
  const lowest = row.lowest ?? -Infinity;
  if (part.high < lowest) return NOWHERE;
  const low = Math.max(part.low, lowest);
  return { low: meaningOf(scalar.call, [low]), high: meaningOf(scalar.call, [part.high]) };
}

/** A part of a tree as a person goes on with it.
 * @param {Scalar} scalar @param {Leaf} leaf @param {Way} way @returns {Interval} */
function innerPart(scalar, leaf, way) {
  const result = evaluateTree(scalar, leaf, way);
  if (!("call" in scalar)) return result;
  const row = FUNCTIONS[scalar.call];
  if (row.exact || (row.adds === "pairs" && way.products)) return result;
  return result.low === result.high && isWhole(result.low) ? result : way.working(result);
}

/** @param {Scalar[]} operands @param {Leaf} leaf @param {Way} way @returns {Interval} */
function addedProducts(operands, leaf, way) {
  const half = operands.length / 2;
  let low = 0;
  let high = 0;
  for (let i = 0; i < half; i += 1) {
    const u = innerPart(operands[i], leaf, way);
    if (isZero(u)) continue;
    const v = innerPart(operands[half + i], leaf, way);
    if (isZero(v)) continue;
    let term = product(u, v);
    if (half > 1) term = isSign(u) || isSign(v) ? way.term(term) : way.product(term);
    low += term.low;
    high += term.high;
  }
  return { low, high };
}

/** A function of which nothing is known: at the ends of its operands, each by itself, and in the middle.
 * @param {string} name @param {Interval[]} parts @returns {Interval} */
function anywhere(name, parts) {
  const points = parts.map(middle);
  const results = [meaningOf(name, points)];
  parts.forEach((part, i) => {
    for (const end of [part.low, part.high])
      if (end !== points[i]) results.push(meaningOf(name, [...points.slice(0, i), end, ...points.slice(i + 1)]));
  });
  return { low: lowestOf(results), high: highestOf(results) };
}

/** These leave float64 where a person has no number to write. */
const OVERFLOWS = new Set(["sinh", "power of ten"]);

/** @param {string} name @param {number[]} operands @returns {number} */
function meaningOf(name, operands) {
  const result = FUNCTIONS[name].run(...operands);
  return OVERFLOWS.has(name) && !Number.isFinite(result) ? NaN : result;
}

/** @param {Interval} result @returns {boolean} */
function isSign(result) {
  return result.low === result.high && Math.abs(result.low) === 1;
}

/** @param {number} value @returns {boolean} */
function isWhole(value) {
  return value === 0 || Math.abs(value) === 1;
}

// Arithmetic over intervals: where a result may lie when each operand has a lowest and a highest value.
// The same as rnncalc/language/interval.py.

/** @typedef {{low: number, high: number}} Interval The lowest and the highest value that a number may have. */

/** @param {Interval} u @returns {number} */
export function middle(u) {
  return u.low === u.high ? u.low : (u.low + u.high) / 2;
}

/** How far it goes to either side of its middle.
 * @param {Interval} u @returns {number} */
export function reachOf(u) {
  return (u.high - u.low) / 2;
}

/** A number that is known exactly.
 * @param {number} value @returns {Interval} */
export function at(value) {
  return { low: value, high: value };
}

/** What arithmetic that leads to no number gives.
 * @type {Interval} */
export const NOWHERE = at(NaN);

/** @param {Interval} u @param {Interval} v @returns {boolean} */
export function sameInterval(u, v) {
  return u.low === v.low && u.high === v.high;
}

/** @param {Interval} u @returns {boolean} */
export function isZero(u) {
  return u.low === 0 && u.high === 0;
}

/** The smallest of some numbers, the first where one of them is none, as Python's min has it.
 * @param {number[]} numbers @returns {number} */
export function lowestOf(numbers) {
  let lowest = numbers[0];
  for (const number of numbers) if (number < lowest) lowest = number;
  return lowest;
}

/** The largest, likewise.
 * @param {number[]} numbers @returns {number} */
export function highestOf(numbers) {
  let highest = numbers[0];
  for (const number of numbers) if (number > highest) highest = number;
  return highest;
}

/** The smallest interval that holds all of these.
 * @param {Interval[]} intervals @returns {Interval} */
export function hull(intervals) {
  return { low: lowestOf(intervals.map((u) => u.low)), high: highestOf(intervals.map((u) => u.high)) };
}

/** u · v; 0 times anything is 0.
 * @param {Interval} u @param {Interval} v @returns {Interval} */
export function product(u, v) {
  if (u.low === u.high && v.low === v.high) return at(u.low * v.low);
  if (isZero(u) || isZero(v)) return at(0);
  return ends([u.low * v.low, u.low * v.high, u.high * v.low, u.high * v.high]);
}

/** @param {number[]} bounds @returns {Interval} */
function ends(bounds) {
  return { low: lowestOf(bounds), high: highestOf(bounds) };
}

/** Where the result of a function lies, by its name in the table of functions; the others have no row.
 * @type {Object<string, (...operands: Interval[]) => Interval>} */
export const INTERVALS = {
  plus: (...terms) => added(terms),
  sum: (...terms) => added(terms),
  minus: (u, v) => ({ low: u.low - v.high, high: u.high - v.low }),
  negative: (u) => ({ low: -u.high, high: -u.low }),
  times: (...factors) => factors.reduce(product),
  /** Nowhere where what it is divided by may be 0. */
  over: (u, v) => {
    if (v.low <= 0 && 0 <= v.high) return NOWHERE;
    return ends([u.low / v.low, u.low / v.high, u.high / v.low, u.high / v.high]);
  },
  square: (u) => {
    const bounds = ends([u.low ** 2, u.high ** 2]);
    return u.low < 0 && 0 < u.high ? { low: 0, high: bounds.high } : bounds;
  },
  size: (u) => {
    const bounds = ends([Math.abs(u.low), Math.abs(u.high)]);
    return u.low <= 0 && 0 <= u.high ? { low: 0, high: bounds.high } : bounds;
  },
  largest: (...operands) => ({
    low: highestOf(operands.map((u) => u.low)),
    high: highestOf(operands.map((u) => u.high)),
  }),
  smallest: (...operands) => ({
    low: lowestOf(operands.map((u) => u.low)),
    high: lowestOf(operands.map((u) => u.high)),
  }),
};

/** @param {Interval[]} terms @returns {Interval} */
function added(terms) {
  let low = 0;
  let high = 0;
  for (const term of terms) {
    low += term.low;
    high += term.high;
  }
  return { low, high };
}

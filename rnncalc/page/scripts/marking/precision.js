// With how many decimals an answer counts: those that were asked for, or those that the person worked with.
// The same as rnncalc/marking/precision.py.
import { fixed, unitOf } from "./digits.js";
import { plain } from "./plain.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("./carried.js").Tables} Tables */
/** @typedef {import("../trees.js").Trace} Trace */

const TYPED_DECIMALS = /^[-+]?\d*[.,](\d+)$/;
/** So many numbers that are right to fewer decimals than asked for are no chance. */
const ENOUGH = 3;
/** One decimal fewer than asked for is an ordinary trailing zero. */
const FEWER = 2;

/** The answers as they count, and what is to be said once of all of them.
 *
 * Digits beyond the decimals asked for claim nothing. Whoever works with fewer decimals than were asked for is marked to
 * these; a whole number, and a zero, claim what was asked for, as they tell nothing of the decimals.
 * @param {Trace} trace @param {Tables} answered @param {number | null} decimals
 * @returns {{answered: Tables, remark: string}} */
export function judged(trace, answered, decimals) {
  if (decimals === null) return { answered, remark: "" };
  /** @type {Set<number>} */
  const whole = new Set();
  /** @type {Map<number, number>} */
  const short = new Map();
  let [wrong, most] = [0, 0];
  for (const [name, cells] of answered) {
    const value = /** @type {import("../trees.js").Quantity} */ (trace.named.get(name)).value;
    for (const [place, answer] of cells) {
      const written = showsDecimals(answer, decimals);
      if (written === null || answer.number === null) continue;
      const bare = decimalsWithoutZeros(answer.number, decimals);
      most = Math.max(most, Math.min(written, bare));
      const off = Math.abs(answer.number - value[place]);
      if (off > half(decimals) && bare < decimals && hasDigits(answer.number, bare)) {
        if (off <= half(bare)) whole.add(answer.number);
        if (written < decimals) {
          if (off <= half(written)) short.set(answer.number, written);
          else wrong += 1;
        }
      }
    }
  }
  if (most < decimals && whole.size >= ENOUGH) {
    const remark = `Your numbers have ${decimalsInWords(most)}, but ${decimals} were asked for.`;
    return { answered: counted(answered, most, 0), remark };
  }
  const fewer = [...short.values()].filter((written) => 1 < written && written <= decimals - FEWER);
  if (fewer.length < ENOUGH || fewer.length < wrong) return { answered: counted(answered, decimals, 0), remark: "" };
  const remark = `Some numbers have ${decimalsInWords(commonest(fewer))}, but ${decimals} were asked for.`;
  return { answered: counted(answered, decimals, decimals - FEWER), remark };
}

/** @param {number[]} numbers @returns {number} The first of those that stand there most often. */
function commonest(numbers) {
  const times = new Map();
  for (const number of numbers) times.set(number, (times.get(number) ?? 0) + 1);
  return [...times].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** Whether a number has two digits at least with so many decimals; nearly any small number is right to fewer.
 * @param {number} number @param {number} decimals @returns {boolean} */
function hasDigits(number, decimals) {
  return Math.abs(number) >= 10 * unitOf(decimals);
}

/** @param {number} decimals @returns {number} */
function half(decimals) {
  return 0.5 * unitOf(decimals) * (1 + 1e-9);
}

/** The decimals that a person works with, as a typed number shows them; null where it tells nothing.
 * @param {Answer} answer @param {number} decimals @returns {number | null} */
function showsDecimals(answer, decimals) {
  if (answer.number === null || answer.decimals === null || answer.formula || Number.isInteger(answer.number))
    return null;
  return answer.decimals < decimals ? answer.decimals : writtenDecimals(answer);
}

/** Answers with no more decimals than these; those that show up to `short` with what they show, or with 2.
 * @param {Tables} answered @param {number} decimals @param {number} short @returns {Tables} */
function counted(answered, decimals, short) {
  return new Map(
    [...answered].map(([name, cells]) => {
      return [name, new Map([...cells].map(([place, answer]) => [place, countedAnswer(answer, decimals, short)]))];
    }),
  );
}

/** @param {Answer} answer @param {number} decimals @param {number} short @returns {Answer} */
function countedAnswer(answer, decimals, short) {
  const shown = showsDecimals(answer, decimals);
  if (shown === null || answer.number === null || answer.decimals === null) {
    const whole = answer.number !== null && answer.decimals !== null && Number.isInteger(answer.number);
    return whole ? answer.withDecimals(decimals) : answer;
  }
  const written = Math.max(shown, 2); // a cell keeps no trailing zero: 0.9 may be 0.90
  const isShort = written <= short && hasDigits(answer.number, written);
  return answer.withDecimals(isShort ? written : Math.min(answer.decimals, decimals));
}

/** The decimals that a number shows: as it was typed; in a cell, which keeps no trailing zeros, without these.
 * @param {Answer} answer @returns {number} */
function writtenDecimals(answer) {
  if (answer.decimals === null || answer.number === null) return 0;
  const typed = TYPED_DECIMALS.exec(plain(answer.text));
  const written = typed ? typed[1].length : decimalsWithoutZeros(answer.number, answer.decimals);
  return Math.max(Math.min(answer.decimals, written), 0);
}

/** The decimals of a number without trailing zeros.
 * @param {number} number @param {number} decimals @returns {number} */
function decimalsWithoutZeros(number, decimals) {
  return (fixed(number, Math.max(decimals, 0)).replace(/0+$/, "").split(".")[1] ?? "").length;
}

/** 1 decimal, 2 decimals.
 * @param {number} count @returns {string} */
export function decimalsInWords(count) {
  return `${count} decimal${count === 1 ? "" : "s"}`;
}

/** How many decimals a number is right to, where these are fewer than it should have; else 0.
 * @param {Answer} answer @param {number} expected @returns {number} */
export function fewerThanAsked(answer, expected) {
  if (answer.number === null || answer.decimals === null || Number.isInteger(answer.number)) return 0;
  const written = writtenDecimals(answer);
  if (!(0 < written && written <= answer.decimals - FEWER) || !hasDigits(answer.number, written)) return 0;
  return Math.abs(answer.number - expected) > 0.5 * unitOf(written) * (1 + 1e-9) ? 0 : written;
}

// The forms of softmax that are right alike: a factor common to all exp falls out of p = exp / Σ exp.
// The same as rnncalc/marking/softmax_forms.py.
import { partsOf } from "./carried.js";
import { isShifted, scoresOf, shownTree } from "./element_arithmetic.js";
import { middle, reachOf } from "./interval.js";
import { unitOf } from "./digits.js";
import { Way } from "./working.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("./carried.js").Cells} Cells */
/** @typedef {import("./interval.js").Interval} Interval */

/** The largest number has at least so many units of its last decimal, so that the factor is known. */
const DIGITS = 20;
const CLOSE = 0.2;
const FEW_NUMBERS = 3;
/** Nobody takes so small a factor out; such numbers are other scores'. */
const NEAR_ONE = 0.1;

const LARGEST = "the largest score was subtracted first, which does not change p";
const SMALLEST = "the smallest score was subtracted first, which does not change p";
const AS_THEY_ARE = "exp was taken of the scores as they are, which does not change p";
const ANY = "all have the same factor, which cancels out in p";

/** @typedef {{factor: number, places: Set<number>, says: string, isOther: boolean}} Form Another form of exp that was
 * used: the factor that all of its numbers have in common, those that have it, what is to be said; and whether it is the
 * form that problems have: plain, or with the largest taken away. */

/** The form in which a softmax's exp was worked, where it is another than the problem's and most numbers have it.
 * @param {import("../trees.js").Quantity} q @param {import("./carried.js").OwnNumbers} own
 * @param {import("./carried.js").Choice} choice @param {Cells} given @returns {Form | null} */
export function otherForm(q, own, choice, given) {
  const scores = scoresOf(q);
  const answers = new Map([...given].filter(([, answer]) => answer.number !== null));
  if (scores === null || !answers.size) return null;
  const decimals = mostDecimals(answers.values());
  const reading = own.reading(new Way(decimals, { remembers: true }), choice);
  const numbers = new Map([...answers.keys()].map((place) => [place, reading.of(shownTree(q, place))]));
  const y = Float64Array.from(own.values.get(scores.name) ?? scores.value);
  for (const [element, interval] of choice.meant) {
    const [name, place] = partsOf(element);
    if (name === scores.name) y[place] = middle(interval);
  }
  const largest = Math.max(...y);
  const here = isShifted(q) ? largest : 0;
  /** @type {[number, string][]} */
  const forms = [
    [largest, LARGEST],
    [Math.min(...y), SMALLEST],
    [0, AS_THEY_ARE],
  ];
  for (const [there, says] of forms) {
    const factor = Math.exp(Math.max(-700, Math.min(700, here - there)));
    const places = [...answers].filter(([p, a]) => hasFactor(a, /** @type {Interval} */ (numbers.get(p)), factor));
    if (there !== here && 2 * places.length > answers.size) {
      return { factor, places: new Set(places.map(([p]) => p)), says, isOther: says !== SMALLEST };
    }
  }
  if (answers.size !== q.value.length || answers.size < 2) return null;
  for (const places of nearlyAll([...answers.keys()])) {
    const factor = commonFactor(
      places.map((p) => [answers.get(p), numbers.get(p)]),
      decimals,
    );
    if (factor !== null) return { factor, places: new Set(places), says: ANY, isOther: false };
  }
  return null;
}

/** The most decimals that any of some answers has; null where none has a limit.
 * @param {Iterable<Answer>} answers @returns {number | null} */
export function mostDecimals(answers) {
  let most = null;
  for (const { decimals } of answers) if (decimals !== null && (most === null || decimals > most)) most = decimals;
  return most;
}

/** All numbers, then all but one: two are not enough to tell that a third is a slip.
 * @param {number[]} places @returns {number[][]} */
function nearlyAll(places) {
  const others = places.length > FEW_NUMBERS ? places.map((one) => places.filter((place) => place !== one)) : [];
  return [places, ...others];
}

/** @param {Answer} answer @param {Interval} interval @param {number} factor @returns {boolean} */
function hasFactor(answer, interval, factor) {
  const number = /** @type {number} */ (answer.number);
  const half = 1.1 * answer.halfUnit + 1e-12 * Math.max(1, Math.abs(number));
  // the scores have digits that were not written, which move the factor as well
  const reach = 2 * reachOf(interval) * factor;
  return interval.low * factor - half - reach <= number && number <= interval.high * factor + half + reach;
}

/** The factor that all numbers have in common, where they are exact enough to tell.
 * @param {any[][]} pairs Answers, each with what should stand there. @param {number | null} decimals
 * @returns {number | null} */
function commonFactor(pairs, decimals) {
  let [low, high, biggest] = [0, Infinity, -Infinity];
  for (const [answer, interval] of pairs) {
    const half = 1.1 * answer.halfUnit + 1e-12 * Math.abs(answer.number);
    if (interval.low <= 0 || answer.number < 0) return null;
    low = Math.max(low, (answer.number - half) / interval.high);
    high = Math.min(high, (answer.number + half) / interval.low);
    biggest = Math.max(biggest, answer.number);
  }
  const unit = decimals === null ? 0 : unitOf(decimals);
  const factor = (low + high) / 2;
  const isFactor = 0 < low && low <= high && biggest >= DIGITS * unit && high - low <= CLOSE * high;
  return isFactor && Math.abs(factor - 1) > NEAR_ONE ? factor : null;
}

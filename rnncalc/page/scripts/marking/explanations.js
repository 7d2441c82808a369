// What may explain a table's wrong numbers, and how much each explanation leaves to chance.
// The same as rnncalc/marking/explanations.py.
//
// An explanation says of every wrong number which mistake it comes from, which slip of copying, or that neither explains
// it. Its length is counted in bits, as in the minimum description length principle (Rissanen 1978): the shorter it is
// beside the bits of the numbers themselves, the less likely the numbers fit it by chance.
import { AS_WRITTEN } from "./carried.js";
import { rowSlips, rowsTaken, slipsOf } from "./copying.js";
import { reachOf } from "./interval.js";
import { PLACES, WHOLE_TABLE } from "./mistake_groups.js";
import { InOtherOrder } from "./mistakes.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("./copying.js").Meant} Meant */
/** @typedef {import("./copying.js").Slip} Slip */
/** @typedef {import("./fitting.js").Fit} Fit */
/** @typedef {import("./fitting.js").Fitting} Fitting */
/** @typedef {import("./interval.js").Interval} Interval */

/** Bits of evidence that make a name certain, and by which others must be less likely. */
export const CERTAIN = Math.log2(500);
/** Bits of telling that a number was copied wrongly. */
const SLIP = 4;
/** Bits of telling that slips of copying hide all of a mistake. */
const HIDDEN = 2;
/** Bits of telling that nothing known explains a number, besides the number itself. */
const UNKNOWN = 4;
/** Bits of telling that numbers from a wrong place stand in some rows only. */
const ELSEWHERE = 8;
/** Bits of a zero, as many hypotheses lead to one. */
const ZERO = Math.log2(50);
/** Bits of a table of zeros that may be copied from any such table: not enough to be certain. */
const ZEROS = CERTAIN - 0.1;
/** Kinds that lead to a table of zeros by themselves; of others such a table is no chance. */
const GIVE_ZEROS = new Set([...PLACES, "min-for-max"]);

/** @typedef {{fit: Fit | null, slips: Map<number, Slip[]>, explained: Set<number>, leadsTo: Map<number, Interval>,
 * bits: number}} Explanation A mistake, or right working where there is none; the slips of copying what it leads to; the
 * numbers that come from either; what the mistake leads to where another number stands; and the bits that it takes to
 * tell it. */

/** All the explanations of one table's wrong numbers. */
export class Explanations {
  /** @param {Fitting} fitting @param {Meant} meant */
  constructor(fitting, meant) {
    this.fitting = fitting;
    this.meant = meant;
    this.wrong = fitting.wrong;
    this.q = fitting.q;
    const numbers = [...this.wrong.values()].map((answer) => Math.abs(answer.number ?? 0));
    this.size = Math.max(...this.q.value.map(Math.abs), ...numbers, 1e-9);
    this.rows = new Set([...fitting.wrong.keys(), ...fitting.others.keys()].map((place) => fitting.rowOf(place))).size;
    this.bits = this.bitsOfNumbers();
    /** Bits of the numbers where nothing known explains them. */
    this.untold = sumOf(this.bits.values()) + UNKNOWN * this.wrong.size;
  }

  /** The explanations, the shortest first.
   * @returns {Explanation[]} */
  all() {
    const right = this.ofRightWorking();
    const explanations = [right];
    for (const fit of [...this.fitting.fits(), ...this.exchangedRows()]) {
      const explanation = this.of(fit, right);
      if (explanation !== null) explanations.push(explanation);
    }
    return explanations.sort((a, b) => a.bits - b.bits);
  }

  // ── bits of numbers ───────────────────────────────────────────────────────────────────────────────────────────────

  /** How much each wrong number tells; one that stood there before tells nothing more.
   * @returns {Map<number, number>} */
  bitsOfNumbers() {
    const bits = new Map();
    const numbers = new Set();
    for (const [place, answer] of this.wrong) {
      const known = numbers.has(answer.number);
      bits.set(place, known ? 0 : this.bitsWithin(answer, 4 * answer.halfUnit + 1e-12));
      numbers.add(answer.number);
    }
    return bits;
  }

  /** Bits of telling where, to a width, a number lies.
   * @param {Answer} answer @param {number} width @returns {number} */
  bitsWithin(answer, width) {
    return answer.number ? Math.log2((2 * Math.max(this.size, width)) / width) : ZERO;
  }

  /** Bits of the number that a hypothesis does not tell, as what it leads to is so wide.
   * @param {number} place @param {number} width @returns {number} */
  loss(place, width) {
    const answer = /** @type {Answer} */ (this.wrong.get(place));
    return Math.max(0, this.bitsAt(place) - this.bitsWithin(answer, width));
  }

  /** @param {number} place @returns {number} */
  bitsAt(place) {
    return /** @type {number} */ (this.bits.get(place));
  }

  /** @param {number} place @returns {Interval} */
  meantAt(place) {
    return /** @type {Interval} */ (this.meant.get(place));
  }

  // ── explanations ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** @returns {Explanation} */
  ofRightWorking() {
    /** @type {Map<number, Slip[]>} */
    const slips = new Map();
    const inRows = rowSlips(this.wrong, this.meant, this.q.columns);
    for (const [place, answer] of this.wrong) {
      const ofRow = inRows.get(place);
      const here = [...(ofRow ? [ofRow] : []), ...slipsOf(answer, this.meantAt(place))];
      if (here.length) slips.set(place, here);
    }
    let bits = 0;
    /** @type {Set<string>} */
    const rowsSeen = new Set();
    for (const place of this.wrong.keys()) {
      const ofRow = inRows.get(place);
      if (ofRow && rowsSeen.has(ofRow.says)) continue; // the same rows again
      if (ofRow) rowsSeen.add(ofRow.says);
      bits += this.bitsOfSlip(place, slips.get(place) ?? [], this.meantAt(place));
    }
    return { fit: null, slips, explained: new Set(slips.keys()), leadsTo: new Map(), bits };
  }

  /** The explanation of a mistake, where there is any.
   * @param {Fit} found @param {Explanation} right @returns {Explanation | null} */
  of(found, right) {
    const fit = found.contradicts.size ? this.inRows(found, right) : found;
    if (fit === null) return null;
    const rest = [...this.wrong.keys()].filter((place) => !fit.explains.has(place));
    if (rest.length > Math.max(1, Math.floor(this.wrong.size / 2))) return null;
    let bits = Math.log2(fit.rank) + this.bitsOfRows(fit);
    for (const place of fit.explains) {
      const width = this.fitting.width(fit.mistake, /** @type {Answer} */ (this.wrong.get(place)).halfUnit);
      bits += fit.tells(place) ? this.loss(place, width) : this.bitsAt(place);
    }
    const untold = [...fit.explains].filter((place) => !fit.tells(place));
    const slips = new Map([...right.slips].filter(([place]) => untold.includes(place)));
    /** @type {Map<number, Interval>} */
    const leadsTo = new Map();
    for (const place of rest) {
      let interval = this.fitting.leadsTo(fit, place);
      let here = slipsOf(/** @type {Answer} */ (this.wrong.get(place)), interval);
      const atRight = right.slips.get(place);
      if (!here.length && fit.contradicts.size && atRight) {
        // a row in which the mistake was not made
        here = atRight;
        interval = this.meantAt(place);
      } else {
        leadsTo.set(place, interval);
      }
      if (here.length) slips.set(place, here);
      bits += this.bitsOfSlip(place, here, interval);
    }
    if (untold.length === fit.explains.size) {
      bits += HIDDEN;
      if (fit.contradicts.size || ![...slips.keys()].some((place) => leadsTo.has(place))) return null;
    }
    return { fit, slips, explained: new Set([...fit.explains, ...slips.keys()]), leadsTo, bits };
  }

  /** A mistake that was made in some rows only, where it can be.
   * @param {Fit} fit @param {Explanation} right @returns {Fit | null} */
  inRows(fit, right) {
    const { mistake } = fit;
    const kind = [fit.kind, ...mistake.also].find((each) => !WHOLE_TABLE.has(each));
    if (kind === undefined || this.isSignLost(fit, right)) return null;
    return kind === fit.kind ? fit : fit.of(mistake.with({ kind, says: this.fitting.practice.words(kind) }));
  }

  /** Whether each number that a reversed sign explains has lost its own, which is the same in some rows.
   * @param {Fit} fit @param {Explanation} right @returns {boolean} */
  isSignLost(fit, right) {
    if (fit.kind !== "sign-reversed") return false;
    return [...fit.explains].every((place) => right.slips.get(place)?.some((slip) => slip.kind === "sign-lost"));
  }

  /** Bits of telling in which rows a mistake was made.
   * @param {Fit} fit @returns {number} */
  bitsOfRows(fit) {
    if (!fit.contradicts.size) return 0;
    return this.rows + (PLACES.has(fit.kind) ? ELSEWHERE : 0);
  }

  /** @param {number} place @param {Slip[]} slips @param {Interval} leadsTo @returns {number} */
  bitsOfSlip(place, slips, leadsTo) {
    if (!slips.length) return UNKNOWN + this.bitsAt(place);
    const { halfUnit } = /** @type {Answer} */ (this.wrong.get(place));
    const width = 4 * halfUnit + 2 * reachOf(leadsTo) + 1e-12;
    return SLIP + Math.log2(sumOf(plainest(slips).map((slip) => slip.others))) + this.loss(place, width);
  }

  /** Two rows exchanged, or one written twice, where another number is wrong as well.
   * @returns {Fit[]} */
  exchangedRows() {
    const { rule, rows, columns } = this.q;
    if (rule === null || this.wrong.size < 2 || rows < 2) return [];
    const fits = [];
    for (const [row, other] of rowsTaken(this.wrong, this.meant, columns)) {
      const order = Array.from({ length: rows }, (_, i) => i);
      order[row] = other;
      const says = `row ${other + 1} was also written in row ${row + 1}`;
      const twice = new InOtherOrder(this.q, "row-twice", says, [...order]);
      order[other] = row;
      const [first, last] = [Math.min(row, other) + 1, Math.max(row, other) + 1];
      const swap = new InOtherOrder(this.q, "rows-swapped", `rows ${first} and ${last} are swapped`, order);
      for (const mistake of [twice, swap]) {
        const fit = this.fitting.fit(mistake, AS_WRITTEN, 2 ** SLIP * rows);
        if (fit.explains.size < this.wrong.size) fits.push(fit); // else it is a slip of right working
      }
    }
    return fits;
  }

  /** How many bits shorter an explanation is than the wrong numbers themselves.
   * @param {Explanation} explanation @returns {number} */
  evidence(explanation) {
    const numbers = [...explanation.explained].map((place) => this.wrong.get(place)?.number);
    if (numbers.length > 1 && !numbers.some(Boolean)) {
      const { fit } = explanation;
      if (fit === null || !fit.mistake.local) return 0;
      return GIVE_ZEROS.has(fit.kind) || this.fitting.comesFromZeros ? ZEROS : Infinity;
    }
    return sumOf(this.bits.values()) - explanation.bits;
  }
}

/** Without one digit that is another, where there is a plainer slip.
 * @param {Slip[]} slips @returns {Slip[]} */
export function plainest(slips) {
  const plainer = slips.filter((slip) => slip.kind !== "digit-wrong");
  return plainer.length ? plainer : slips;
}

/** @param {Iterable<number>} numbers @returns {number} */
function sumOf(numbers) {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

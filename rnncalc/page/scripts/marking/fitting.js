// Which wrong numbers of a table a known mistake leads to, from the numbers that stand on the sheet.
// The same as rnncalc/marking/fitting.py.
import { partsOf, readingIn } from "./carried.js";
import { at, hull, middle } from "./interval.js";
import { distinct } from "./mistakes.js";
import { systematicMistakes } from "./systematic.js";
import { waysOf } from "./working.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("./carried.js").Cells} Cells */
/** @typedef {import("./carried.js").Choice} Choice */
/** @typedef {import("./carried.js").OwnNumbers} OwnNumbers */
/** @typedef {import("./interval.js").Interval} Interval */
/** @typedef {import("./mistakes.js").Mistake} Mistake */
/** @typedef {import("./practice.js").Practice} Practice */
/** @typedef {import("../trees.js").Quantity} Quantity */

/** Mistakes that were made at every step are tried from so many choices of one's own numbers, as they take time. */
const FEW_CHOICES = 4;
/** What goes into a total may be rounded so often on the way. */
const ROUNDINGS = 4;
/** A hypothesis this far off, as a share of the number, is not looked at more closely. */
const NEAR = 0.05;
const NEAR_UNITS = 60;

/** A mistake, from which numbers it was worked, the wrong numbers that it explains, and the rows of the others that it
 * contradicts. `rank` is its place among the mistakes that were tried, the plainest first. */
export class Fit {
  /** @param {Mistake} mistake @param {Choice} choice @param {Set<number>} explains @param {Float64Array} predicted
   * @param {Set<number>} contradicts @param {number} rank */
  constructor(mistake, choice, explains, predicted, contradicts, rank) {
    this.mistake = mistake;
    this.choice = choice;
    this.explains = explains;
    this.predicted = predicted;
    this.contradicts = contradicts;
    this.rank = rank;
  }

  get kind() {
    return this.mistake.kind;
  }

  /** Whether the mistake tells what number stands at a place.
   * @param {number} place @returns {boolean} */
  tells(place) {
    return Number.isFinite(this.predicted[place]);
  }

  /** The same of a mistake in other words.
   * @param {Mistake} mistake @returns {Fit} */
  of(mistake) {
    return new Fit(mistake, this.choice, this.explains, this.predicted, this.contradicts, this.rank);
  }
}

/** Holds the known mistakes against the wrong numbers of one table, and against its others. */
export class Fitting {
  /** @param {Quantity} q @param {OwnNumbers} own @param {Practice} practice @param {Cells} wrong @param {Cells} others */
  constructor(q, own, practice, wrong, others) {
    this.q = q;
    this.own = own;
    this.practice = practice;
    this.wrong = wrong;
    this.others = others;
    const { quantities } = own.trace;
    /** What comes later may itself follow from the slip. */
    this.later = new Set(quantities.slice(quantities.indexOf(q)).map((quantity) => quantity.name));
    /** @type {Map<Choice, Map<string, import("./carried.js").Reading>>} */
    this.readings = new Map();
    /** @type {Map<Choice, Map<string, Float64Array>>} */
    this.ownValues = new Map();
  }

  /** Each mistake from the numbers with which it explains most.
   * @returns {Fit[]} */
  fits() {
    const choices = this.own.choices(this.q);
    return knownMistakes(this.q, this.own, this.practice).map((mistake, i) => {
      const some = mistake.local ? choices : choices.slice(0, FEW_CHOICES);
      const each = some.map((choice) => this.fit(mistake, choice, i + 1));
      return each.reduce((best, next) => (explainsMore(next, best) ? next : best));
    });
  }

  /** @param {Mistake} mistake @param {Choice} choice @param {number} rank @returns {Fit} */
  fit(mistake, choice, rank) {
    let values = this.ownValues.get(choice);
    if (!values) this.ownValues.set(choice, (values = this.values(choice)));
    const predicted = mistake.value(values);
    const isExplained = (/** @type {[number, Answer]} */ [place, answer]) => {
      return this.isExplained(mistake, choice, predicted, place, answer);
    };
    const explains = [...this.wrong].filter(isExplained).map(([place]) => place);
    const against = [...this.others].filter((other) => !isExplained(other)).map(([place]) => this.rowOf(place));
    return new Fit(mistake, choice, new Set(explains), predicted, new Set(against), rank);
  }

  /** @param {number} place @returns {number} */
  rowOf(place) {
    return Math.floor(place / this.q.columns);
  }

  /** A person's own numbers, with what a choice puts in the place of some.
   * @param {Choice} choice @returns {Map<string, Float64Array>} */
  values(choice) {
    const values = new Map([...this.own.values].filter(([name]) => !this.later.has(name)));
    for (const [element, meant] of choice.meant) {
      const [name, place] = partsOf(element);
      if (this.later.has(name)) continue;
      const table = Float64Array.from(values.get(name) ?? this.own.quantity(name).value);
      table[place] = middle(meant);
      values.set(name, table);
    }
    return values;
  }

  /** Where the number lies that a mistake leads to, by any way of working.
   * @param {Fit} fit @param {number} place @returns {Interval} */
  leadsTo(fit, place) {
    const interval = at(fit.predicted[place]);
    const answer = /** @type {Answer} */ (this.wrong.get(place));
    if (!Number.isFinite(interval.low)) return interval;
    if (!fit.mistake.local) {
      // each share of a total may be rounded once
      const reach = this.own.parents(this.q.name).size ? this.q.sources.length * answer.halfUnit : 0;
      return { low: interval.low - reach, high: interval.high + reach };
    }
    const tree = fit.mistake.tree(place);
    return hull(waysOf(answer.decimals, this.own.mayCut).map((way) => this.reading(way, fit.choice).of(tree)));
  }

  /** How wide the numbers lie that a mistake explains.
   * @param {Mistake} mistake @param {number} halfUnit @returns {number} */
  width(mistake, halfUnit) {
    return (mistake.local ? 4 : 2 * this.roundings) * halfUnit + 1e-12;
  }

  /** Whether anything that goes in is a table of zeros where it should be none. */
  get comesFromZeros() {
    return this.q.sources.some((s) => this.own.values.get(s.name)?.every((number) => number === 0));
  }

  /** @param {Mistake} mistake @param {Choice} choice @param {Float64Array} predicted @param {number} place
   * @param {Answer} answer @returns {boolean} */
  isExplained(mistake, choice, predicted, place, answer) {
    const value = predicted[place];
    const number = /** @type {number} */ (answer.number);
    if (Number.isNaN(value)) return true; // the mistake does not tell what stands there
    const off = Math.abs(number - value);
    const near = NEAR * Math.abs(value) + NEAR_UNITS * 2 * answer.halfUnit + 1e-9;
    if (!Number.isFinite(value) || off > near) return false;
    if (!mistake.local) return off <= this.roundings * answer.halfUnit + 1e-9 * Math.max(1, Math.abs(value));
    const tree = mistake.tree(place);
    return waysOf(answer.decimals).some((way) => way.accepts(number, this.reading(way, choice).of(tree)));
  }

  /** How many half units a number may be off that comes of a mistake at every step: none where nothing that goes in was
   * written down. */
  get roundings() {
    return this.own.parents(this.q.name).size ? 1.1 + ROUNDINGS * Math.max(this.q.sources.length, 1) : 1.1;
  }

  /** @param {import("./working.js").Way} way @param {Choice} choice @returns {import("./carried.js").Reading} */
  reading(way, choice) {
    return readingIn(this.readings, this.own, way, choice, this.later);
  }
}

/** @param {Fit} one @param {Fit} other @returns {boolean} */
function explainsMore(one, other) {
  const more = one.explains.size - other.explains.size;
  return more > 0 || (more === 0 && one.contradicts.size < other.contradicts.size);
}

/** The known mistakes; and those made at every step where nobody sees it, or all through a total.
 *
 * They depend on the true numbers, which do not change while someone works, and are found once.
 * @param {Quantity} q @param {OwnNumbers} own @param {Practice} practice @returns {Mistake[]} */
function knownMistakes(q, own, practice) {
  let known = practice.found.get(q.name);
  if (!known) {
    known = [...distinct(q, practice.mistakes.get(q.name) ?? [])];
    for (const written of writtenSets(q, own)) known.push(...systematicMistakes(q, own.trace, practice, written));
    practice.found.set(q.name, known);
  }
  return known;
}

/** The quantities that count as written where mistakes at every step are looked for: one set after the other.
 * @param {Quantity} q @param {OwnNumbers} own @returns {Set<string>[]} */
function writtenSets(q, own) {
  const answered = [...own.answered.keys()];
  if (own.hasUnseen(q)) return [new Set(answered)];
  if (q.step !== null || !["backward", "loss"].includes(q.stage)) return [];
  const shares = new Set(q.sources.map((s) => s.name));
  const before = q.sources.flatMap((share) => share.sources.filter((s) => s.stage === "backward").map((s) => s.name));
  for (const name of before) shares.add(name);
  const written = answered.filter((name) => !shares.has(name));
  const forward = written.filter((name) => own.quantity(name).stage !== "backward");
  const handedOn = written.filter((name) => own.quantity(name).bare.endsWith("_next"));
  const each = handedOn.length ? [written, [...forward, ...handedOn], forward] : [written, forward];
  return each.map((names) => new Set(names));
}

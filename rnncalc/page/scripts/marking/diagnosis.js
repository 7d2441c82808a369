// Which mistakes are named at a quantity's wrong numbers: those of the likeliest explanations of all of them.
// The same as rnncalc/marking/diagnosis.py.
import { AS_WRITTEN } from "./carried.js";
import { unitOf } from "./digits.js";
import { elementsIn, shownTree } from "./element_arithmetic.js";
import { CERTAIN, Explanations, plainest } from "./explanations.js";
import { Fitting } from "./fitting.js";
import { hull, middle, sameInterval } from "./interval.js";
import { PLACES } from "./mistake_groups.js";
import { waysOf } from "./working.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("./carried.js").Cells} Cells */
/** @typedef {import("./carried.js").OwnNumbers} OwnNumbers */
/** @typedef {import("./copying.js").Meant} Meant */
/** @typedef {import("./copying.js").Slip} Slip */
/** @typedef {import("./explanations.js").Explanation} Explanation */
/** @typedef {import("./fitting.js").Fit} Fit */
/** @typedef {import("./interval.js").Interval} Interval */
/** @typedef {import("./practice.js").Practice} Practice */
/** @typedef {import("../trees.js").Entry} Entry */
/** @typedef {import("../trees.js").Quantity} Quantity */

const MOST_MEANT = 8;

/** @typedef {{kind: string, says: string, certain: boolean, arithmetic: string, evidence: number}} Named A mistake that
 * explains a wrong number; `certain` where nothing else does; `arithmetic`: how it was worked, with its numbers;
 * `evidence`: how many bits of the table's wrong numbers it saves. */

/** @typedef {{named: Map<number, Named[]>, meant: Meant[]}} Diagnosis The mistakes named at each wrong number, and what
 * should stand there if they were made but for slips of copying: numbers that the person may have gone on with. */

/** Name the mistakes behind the wrong numbers of a quantity.
 *
 * `others` are its numbers that are right or follow rightly; `meant`: where each of its numbers should lie. Named is what
 * the likeliest explanations of all the wrong numbers say of each; a name is certain where one mistake alone explains
 * them all, chance would hardly do so, and no other explanation is nearly as likely.
 * @param {Quantity} q @param {OwnNumbers} own @param {Practice} practice @param {Cells} wrong @param {Cells} others
 * @param {Meant} meant @param {(entry: Entry) => boolean} mayShow @returns {Diagnosis} */
export function diagnose(q, own, practice, wrong, others, meant, mayShow) {
  const fitting = new Fitting(q, own, practice, wrong, others);
  return new Naming(fitting, new Explanations(fitting, meant), mayShow).result();
}

class Naming {
  /** @param {Fitting} fitting @param {Explanations} explanations @param {(entry: Entry) => boolean} mayShow */
  constructor(fitting, explanations, mayShow) {
    this.fitting = fitting;
    this.explanations = explanations;
    this.mayShow = mayShow;
    this.wrong = fitting.wrong;
  }

  /** @returns {Diagnosis} */
  result() {
    const explanations = this.explanations.all();
    const possible = explanations.filter((e) => e.fit === null || e.bits < this.explanations.untold);
    const likeliest = plainestOf(possible.filter((e) => e.bits <= possible[0].bits + CERTAIN));
    const sure = this.isCertain(likeliest);
    const named = new Map();
    for (const place of this.wrong.keys()) {
      const names = this.names(place, likeliest, sure);
      if (names.length) named.set(place, names);
    }
    return { named, meant: meantBy(explanations) };
  }

  /** Whether one kind of mistake alone explains every number, and not by chance.
   * @param {Explanation[]} all @returns {boolean} */
  isCertain(all) {
    const likeliest = all.filter((e) => e.explained.size);
    const kinds = new Set(likeliest.flatMap((e) => [...kindsOf(e)]));
    if (kinds.size !== 1 || kinds.has("digit-wrong")) return false;
    const { fit, explained } = likeliest[0];
    const places = [...this.wrong.keys()];
    if (explained.size !== places.length || !places.every((place) => explained.has(place))) return false;
    if (fit !== null && !places.every((place) => fit.tells(place))) return false;
    return this.explanations.evidence(likeliest[0]) >= CERTAIN;
  }

  // ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @param {number} place @param {Explanation[]} likeliest @param {boolean} sure @returns {Named[]} */
  names(place, likeliest, sure) {
    /** @type {Fit[]} */
    const fits = [];
    /** @type {Map<string, number>} */
    const evidence = new Map();
    /** @type {Slip[]} */
    const each = [];
    for (const explanation of likeliest) {
      const { fit } = explanation;
      if (fit !== null && (fit.explains.size ? fit.explains : explanation.slips).has(place)) fits.push(fit);
      for (const kind of explanation.explained.has(place) ? kindsOf(explanation) : []) {
        if (!evidence.has(kind)) evidence.set(kind, this.explanations.evidence(explanation));
      }
      each.push(...(explanation.slips.get(place) ?? []));
    }
    const slips = new Map((sure ? plainest(each) : each).map((slip) => [slip.kind, slip]));
    if (fits.some((fit) => fit.kind === "sign-reversed")) slips.delete("sign-lost"); // the same in other words
    /** @type {Map<string, Fit>} */
    const byKind = new Map();
    for (const fit of fits) {
      const known = byKind.get(fit.kind);
      if (known === undefined || this.off(fit) < 0.5 * this.off(known)) byKind.set(fit.kind, fit);
    }
    let twins = [...new Set([...byKind.values()].flatMap((fit) => fit.mistake.also))].filter((k) => !byKind.has(k));
    if ([...byKind.keys()].some((kind) => !PLACES.has(kind))) twins = twins.filter((kind) => !PLACES.has(kind));
    const name = (/** @type {string} */ kind, /** @type {string} */ says, certain = false, arithmetic = "") => {
      return { kind, says, certain, arithmetic, evidence: evidence.get(kind) ?? 0 };
    };
    return [
      ...[...byKind.values()].map((fit) => name(fit.kind, fit.mistake.says, sure, this.arithmetic(fit, place))),
      ...twins.sort().map((kind) => name(kind, this.fitting.practice.words(kind))),
      ...[...slips.values()].filter((slip) => !byKind.has(slip.kind)).map((slip) => name(slip.kind, slip.says, sure)),
    ];
  }

  /** How far the numbers are from what a mistake leads to.
   * @param {Fit} fit @returns {number} */
  off(fit) {
    const each = [...fit.explains].map((place) =>
      Math.abs((this.wrong.get(place)?.number ?? 0) - fit.predicted[place]),
    );
    const told = each.filter((distance) => !Number.isNaN(distance));
    return told.length ? Math.max(...told) : Infinity;
  }

  /** The wrong arithmetic with its numbers, where it gives the number and none of them is an answer.
   * @param {Fit} fit @param {number} place @returns {string} */
  arithmetic(fit, place) {
    const answer = /** @type {Answer} */ (this.wrong.get(place));
    if (!fit.mistake.local || !fit.tells(place)) return "";
    if (!elementsIn(fit.mistake.tree(place)).every((entry) => this.mayShow(entry))) return "";
    const decimals = answer.decimals === null ? 6 : Math.max(answer.decimals, 0);
    if (Math.abs(fit.predicted[place] - (answer.number ?? 0)) > 0.5 * unitOf(decimals) * (1 + 1e-9)) return "";
    return fit.mistake.arithmetic(place, this.fitting.values(fit.choice), decimals);
  }
}

/** What explanations lead to where a slip of copying stands.
 * @param {Explanation[]} explanations @returns {Meant[]} */
function meantBy(explanations) {
  /** @type {Meant[]} */
  const meant = [];
  for (const { leadsTo } of explanations) {
    const here = new Map([...leadsTo].filter(([, interval]) => Number.isFinite(middle(interval))));
    if (here.size && !meant.some((known) => sameMeant(known, here))) meant.push(here);
  }
  return meant.slice(0, MOST_MEANT);
}

/** @param {Meant} one @param {Meant} other @returns {boolean} */
function sameMeant(one, other) {
  return (
    one.size === other.size &&
    [...one].every(([place, interval]) => {
      const theirs = other.get(place);
      return theirs !== undefined && sameInterval(interval, theirs);
    })
  );
}

/** Without the kinds that only tell where a number stands, where another leads to the same numbers; and without mistakes
 * in what nobody wrote down, where one in the table itself explains all of it.
 * @param {Explanation[]} explanations @returns {Explanation[]} */
function plainestOf(explanations) {
  const local = explanations.filter((e) => e.fit?.mistake.local);
  const fitOf = (/** @type {Explanation} */ e) => /** @type {Fit} */ (e.fit);
  const methods = local.map(fitOf).filter((fit) => !PLACES.has(fit.kind));
  const slipless = local.filter((e) => !e.slips.size).map(fitOf);
  const alone = slipless.filter((fit) => fit.explains.size && !fit.contradicts.size);
  const isPlain = (/** @type {Fit} */ fit) => {
    if (fit.mistake.local) return !PLACES.has(fit.kind) || !samePrediction(fit, methods);
    return !alone.length || (samePrediction(fit, alone) && alone.every((other) => PLACES.has(other.kind)));
  };
  return explanations.filter((e) => e.fit === null || isPlain(e.fit));
}

/** Whether one of the others leads to the same numbers.
 * @param {Fit} fit @param {Fit[]} others @returns {boolean} */
function samePrediction(fit, others) {
  return others.some((other) =>
    fit.predicted.every((number, place) => {
      const theirs = other.predicted[place];
      return number === theirs || Math.abs(number - theirs) <= 1e-12 + 1e-9 * Math.abs(theirs);
    }),
  );
}

/** The kinds of mistakes and of slips that an explanation may tell of.
 * @param {Explanation} explanation @returns {Set<string>} */
function kindsOf({ fit, slips }) {
  const kinds = new Set([...slips.values()].flatMap((some) => plainest(some).map((slip) => slip.kind)));
  if (fit !== null) {
    kinds.add(fit.kind);
    for (const kind of fit.mistake.also) if (PLACES.has(fit.kind) || !PLACES.has(kind)) kinds.add(kind);
  }
  return kinds;
}

/** Where each number of a quantity should lie, from the numbers as they were written, by any way of working.
 * @param {Quantity} q @param {OwnNumbers} own @param {number | null} decimals @returns {Meant} */
export function intervalsOf(q, own, decimals) {
  const ways = waysOf(decimals, own.mayCut);
  return new Map(
    Array.from(q.value, (_, place) => {
      const tree = shownTree(q, place);
      return [place, hull(ways.map((way) => own.reading(way, AS_WRITTEN).of(tree)))];
    }),
  );
}

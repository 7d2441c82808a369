// A person's own numbers: what follows from them, by every way of working, and from which of them a number comes.
// The same as rnncalc/marking/carried.py.
import { elementsIn, isOfOneNumber, otherExp, placeOf, shownTree, treesOf, worked } from "./element_arithmetic.js";
import { at, middle } from "./interval.js";
import { unitOf } from "./digits.js";
import { evaluateTree } from "./working.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("./interval.js").Interval} Interval */
/** @typedef {import("./working.js").Way} Way */
/** @typedef {import("../trees.js").Scalar} Scalar */
/** @typedef {import("../trees.js").Entry} Entry */
/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("../trees.js").Trace} Trace */
/** @typedef {Map<number, Answer>} Cells One table's answers, by their places: row by row, from 0. */
/** @typedef {Map<string, Cells>} Tables By the names of quantities. */
/** @typedef {string} Element A quantity's name and a place in it: see elementAt. */

/** So many ways to take or leave earlier wrong numbers are tried. */
const MOST_CHOICES = 24;
/** Of the numbers of someone who rounds, half are rounded away from zero; of someone who cuts digits off, hardly any. */
const ROUNDED_AWAY = 0.3;
const FEWEST = 8;

/** @param {string} name @param {number} place @returns {Element} */
export function elementAt(name, place) {
  return `${name} ${place}`;
}

/** @param {Element} element @returns {[string, number]} */
export function partsOf(element) {
  const blank = element.indexOf(" ");
  return [element.slice(0, blank), Number(element.slice(blank + 1))];
}

/** @typedef {{meant: Map<Element, Interval>, mended: Set<Element>}} Choice Which numbers a person may have gone on with:
 * `meant` holds what should stand in the place of written numbers, as a slip of the pen was not carried on; `mended` are
 * those elements of which it follows from earlier numbers. */

/** @type {Choice} */
export const AS_WRITTEN = { meant: new Map(), mended: new Set() };

/** The numbers that a person wrote, and through them those that nobody wrote down. */
export class OwnNumbers {
  /** @param {Trace} trace @param {Tables} answered @param {Tables} given
   * @param {Map<string, number>} [givenDecimals] Those with which computed quantities are shown that are given. */
  constructor(trace, answered, given, givenDecimals = new Map()) {
    this.trace = trace;
    this.answered = answered;
    this.given = given;
    this.givenDecimals = givenDecimals;
    /** Whether exp was worked in the form of softmax that the problem does not have, at an earlier step. */
    this.hasOtherForm = false;
    /** @type {Map<string, Float64Array>} */
    this.values = this.ownValues();
    /** @type {Map<string, Choice[]>} */
    this.wrong = new Map();
    /** @type {Map<string, Set<string>>} */
    this.knownParents = new Map();
    /** @type {Map<Element, Set<Element>>} */
    this.knownInto = new Map();
    /** @type {Map<Quantity, Float64Array>} */
    this.knownFollows = new Map();
    /** @type {Map<Choice, Map<string, Reading>>} */
    this.readings = new Map();
    /** @type {Map<string, Choice[]>} */
    this.knownChoices = new Map();
    /** @type {boolean | null} */
    this.cutsOff = null;
  }

  /** @param {string} name @returns {Quantity} */
  quantity(name) {
    return /** @type {Quantity} */ (this.trace.named.get(name));
  }

  /** The answer at a place, where there is a number.
   * @param {string} name @param {number} place @returns {Answer | null} */
  written(name, place) {
    const answer = this.answered.get(name)?.get(place) ?? this.given.get(name)?.get(place);
    return answer !== undefined && answer.number !== null ? answer : null;
  }

  /** Half a unit of the last decimal that a person wrote or read; what is given is exact.
   * @param {string} name @param {number} place @returns {number} */
  halfUnit(name, place) {
    const decimals = this.givenDecimals.get(name);
    if (decimals !== undefined) return 0.5 * unitOf(decimals);
    const answer = this.answered.get(name)?.get(place);
    return answer !== undefined && answer.number !== null ? answer.halfUnit : 0;
  }

  /** Every table that is not as in the trace, with the person's numbers; for a blank stands what follows.
   * @returns {Map<string, Float64Array>} */
  ownValues() {
    /** @type {Map<string, Float64Array>} */
    const values = new Map();
    for (const q of this.trace.quantities) {
      let own = q.value;
      if (q.rule !== null && q.sources.some((s) => values.has(s.name))) own = worked(q, values);
      const cells = this.answered.get(q.name) ?? this.given.get(q.name);
      if (cells !== undefined) {
        own = Float64Array.from(own);
        for (const [place, answer] of cells) if (answer.number !== null) own[place] = answer.number;
      }
      if (own !== q.value && !sameNumbers(own, q.value)) values.set(q.name, own);
    }
    return values;
  }

  /** Whether anything that goes in is another number than the true one.
   * @param {Quantity} q @returns {boolean} */
  differs(q) {
    return q.sources.some((s) => this.values.has(s.name));
  }

  /** Whether a person may be one who cuts digits off: hardly a number is further from zero than what it is of, the true
   * number or what follows from the written ones; or hardly one that is a function of a single number, as digits cut off
   * within a sum may move it either way. */
  get mayCut() {
    this.cutsOff ??= this.foundToCut();
    return this.cutsOff;
  }

  /** @returns {boolean} */
  foundToCut() {
    const kinds = ["true", "follows", "function"];
    const away = Object.fromEntries(kinds.map((kind) => [kind, 0]));
    const near = { ...away };
    for (const [name, cells] of this.answered) {
      const q = this.quantity(name);
      const follows = this.follows(q);
      /** @type {Object<string, Float64Array>} */
      const tables = { true: q.value, follows };
      if (isOfOneNumber(q)) tables.function = follows;
      for (const [place, answer] of cells) {
        if (answer.number === null || !answer.halfUnit) continue;
        for (const [kind, table] of Object.entries(tables)) {
          const off = Math.abs(answer.number) - Math.abs(table[place]);
          if (Math.abs(off) > 1e-9 && Math.abs(off) <= 2 * answer.halfUnit) {
            near[kind] += 1;
            away[kind] += off > 0 ? 1 : 0;
          }
        }
      }
    }
    const telling = near.function < FEWEST ? kinds.slice(0, 2) : kinds;
    return telling.some((kind) => near[kind] < FEWEST || away[kind] <= ROUNDED_AWAY * near[kind]);
  }

  // ── numbers that are wrong, and what should stand there ───────────────────────────────────────────────────────────

  /** Remember what should stand in the place of wrong numbers, which the person may have gone on with: what follows from
   * earlier numbers, or what a mistake leads to.
   * @param {Quantity} q @param {Map<number, Interval>} cells @param {boolean} [mistaken] */
  keepMeant(q, cells, mistaken = false) {
    /** @type {Map<Element, Interval>} */
    const meant = new Map();
    for (const [place, interval] of cells) {
      if (Number.isFinite(middle(interval))) meant.set(elementAt(q.name, place), interval);
    }
    if (!meant.size) return;
    this.keepChoices(q, [...(this.wrong.get(q.name) ?? []), { meant, mended: new Set(mistaken ? [] : meant.keys()) }]);
  }

  /** @param {Quantity} q @param {Choice[]} choices */
  keepChoices(q, choices) {
    this.wrong.set(q.name, choices);
    this.knownChoices.clear();
  }

  /** As written; with the numbers that should stand in the place of one table's wrong ones, or of one of them; and in
   * the place of all.
   * @param {Quantity} q @returns {Choice[]} */
  choices(q) {
    const parents = this.parents(q.name);
    const names = [...this.wrong.keys()].filter((name) => parents.has(name));
    if (!names.length) return [AS_WRITTEN];
    const key = names.join(" ");
    let known = this.knownChoices.get(key);
    if (!known) this.knownChoices.set(key, (known = this.foundChoices(names)));
    return known;
  }

  /** Wrong numbers are found in the order of the trace, and so are these names.
   * @param {string[]} names @returns {Choice[]} */
  foundChoices(names) {
    const each = names.map((name) => /** @type {Choice[]} */ (this.wrong.get(name)));
    const choices = [AS_WRITTEN, ...each.flat()];
    const firsts = each.map((some) => some[0]);
    if (firsts.length > 1) {
      choices.push({
        meant: new Map(firsts.flatMap((first) => [...first.meant])),
        mended: new Set(firsts.flatMap((first) => [...first.mended])),
      });
    }
    for (const first of firsts) {
      const alone = first.meant.size > 1 ? [...first.meant].sort((a, b) => partsOf(a[0])[1] - partsOf(b[0])[1]) : [];
      for (const [element, interval] of alone) {
        const mended = new Set(first.mended.has(element) ? [element] : []);
        choices.push({ meant: new Map([[element, interval]]), mended });
      }
    }
    return choices.slice(0, MOST_CHOICES);
  }

  // ── what follows ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** What follows for a quantity from the numbers as written, with all digits.
   * @param {Quantity} q @returns {Float64Array} */
  follows(q) {
    let follows = this.knownFollows.get(q);
    if (!follows) this.knownFollows.set(q, (follows = this.differs(q) ? worked(q, this.values) : q.value));
    return follows;
  }

  /** Operands as they stand in one way of working.
   * @param {Way} way @param {Choice} choice @returns {Reading} */
  reading(way, choice) {
    return readingIn(this.readings, this, way, choice, NOTHING);
  }

  /** The tables with written numbers that a quantity is worked from, also through those that nobody wrote down.
   * @param {string} name @returns {Set<string>} */
  parents(name) {
    const waiting = [name];
    while (waiting.length) {
      const q = this.quantity(waiting[waiting.length - 1]);
      const unseen = q.sources.filter((s) => s.rule !== null && this.isOpen(s));
      const missing = unseen.filter((s) => !this.knownParents.has(s.name));
      if (missing.length) {
        waiting.push(...missing.map((s) => s.name));
        continue;
      }
      waiting.pop();
      const parents = new Set(q.sources.map((s) => s.name).filter((n) => this.answered.has(n) || this.given.has(n)));
      for (const s of unseen) for (const n of this.knownParents.get(s.name) ?? []) parents.add(n);
      this.knownParents.set(q.name, parents);
    }
    return /** @type {Set<string>} */ (this.knownParents.get(name));
  }

  /** Whether a table, or a part of it, was written by nobody.
   * @param {Quantity} q @returns {boolean} */
  isOpen(q) {
    const cells = this.answered.get(q.name) ?? this.given.get(q.name);
    if (cells === undefined || cells.size < q.value.length) return true;
    for (const answer of cells.values()) if (answer.number === null) return true;
    return false;
  }

  /** The written elements that an element is worked from, through those that nobody wrote down.
   * @param {Element} element @returns {Set<Element>} */
  into(element) {
    const waiting = [element];
    while (waiting.length) {
      const last = waiting[waiting.length - 1];
      const [name, place] = partsOf(last);
      const direct = operandsOf(this.quantity(name), place);
      const unseen = direct.filter((e) => this.isUnseen(e));
      const missing = unseen.filter((e) => !this.knownInto.has(e));
      if (missing.length) {
        waiting.push(...missing);
        continue;
      }
      waiting.pop();
      const elements = new Set(direct.filter((e) => this.isOwn(e)));
      for (const e of unseen) for (const further of this.knownInto.get(e) ?? []) elements.add(further);
      this.knownInto.set(last, elements);
    }
    return /** @type {Set<Element>} */ (this.knownInto.get(element));
  }

  /** @param {Element} element @returns {boolean} */
  isUnseen(element) {
    const [name, place] = partsOf(element);
    return this.quantity(name).rule !== null && this.written(name, place) === null;
  }

  /** Whether a number is a person's own: an answer, or a given one that was changed.
   * @param {Element} element @returns {boolean} */
  isOwn(element) {
    const [name, place] = partsOf(element);
    return this.written(name, place) !== null && (this.answered.has(name) || this.values.has(name));
  }

  /** Whether something that goes in was worked out where nobody sees it.
   * @param {Quantity} q @returns {boolean} */
  hasUnseen(q) {
    return q.sources.some((s) => s.rule !== null && !this.answered.has(s.name) && !this.given.has(s.name));
  }

  /** Whether a number is no answer: it is given, was worked out of sight, or is the person's own.
   * @param {Entry} entry @param {Set<Element>} right @returns {boolean} */
  mayShow(entry, right) {
    const { name } = entry.entry;
    if (!this.answered.has(name)) return true;
    const place = placeOf(entry);
    return this.written(name, place) !== null && (this.values.has(name) || right.has(elementAt(name, place)));
  }
}

/** @type {Set<string>} */
export const NOTHING = new Set();

/** The operands of one way of working, as intervals: written ones as they stand, the others worked out. Those in
 * `unwritten` count as if the person had the true numbers there. */
export class Reading {
  /** @param {OwnNumbers} own @param {Way} way @param {Choice} choice @param {Set<string>} unwritten */
  constructor(own, way, choice, unwritten) {
    this.own = own;
    this.way = way;
    this.choice = choice;
    this.unwritten = unwritten;
    /** @type {Map<string, Interval[]>} */
    this.tables = new Map();
    /** @type {(entry: Entry) => Interval} */
    this.leaf = (entry) => this.operand(entry.entry, placeOf(entry));
  }

  /** Where the number of an element's tree may lie.
   * @param {Scalar} tree @returns {Interval} */
  of(tree) {
    for (const entry of elementsIn(tree)) {
      if (this.isWorked(entry.entry, placeOf(entry))) this.table(entry.entry);
    }
    return evaluateTree(tree, this.leaf, this.way);
  }

  /** @param {Quantity} q @param {number} place @returns {boolean} */
  isWorked(q, place) {
    return q.rule !== null && !this.unwritten.has(q.name) && this.own.written(q.name, place) === null;
  }

  /** @param {Quantity} q @param {number} place @returns {Interval} */
  operand(q, place) {
    if (this.unwritten.has(q.name)) return at(q.value[place]);
    if (this.isWorked(q, place)) return /** @type {Interval[]} */ (this.tables.get(q.name))[place];
    const halfUnit = this.own.halfUnit(q.name, place);
    const meant = this.choice.meant.size ? this.choice.meant.get(elementAt(q.name, place)) : undefined;
    if (meant !== undefined) return this.way.unwritten(meant, halfUnit);
    return this.way.operand((this.own.values.get(q.name) ?? q.value)[place], halfUnit);
  }

  /** Work out what nobody wrote down, and first what it comes from.
   * @param {Quantity} q */
  table(q) {
    const waiting = [q];
    while (waiting.length) {
      const last = waiting[waiting.length - 1];
      const missing = last.sources.filter((s) => {
        return s.rule !== null && !this.tables.has(s.name) && !this.unwritten.has(s.name) && this.own.isOpen(s);
      });
      if (missing.length) {
        waiting.push(...missing);
        continue;
      }
      waiting.pop();
      if (!this.tables.has(last.name)) this.tables.set(last.name, this.workedTable(last));
    }
  }

  /** @param {Quantity} q @returns {Interval[]} */
  workedTable(q) {
    if (this.way.remembers && !this.own.parents(q.name).size) {
      return Array.from(this.own.values.get(q.name) ?? q.value, at);
    }
    const intervals = Array.from(q.value, (_, place) => evaluateTree(this.tree(q, place), this.leaf, this.way));
    return this.way.remembers ? intervals : intervals.map((interval) => this.way.shorten(interval));
  }

  /** @param {Quantity} q @param {number} place @returns {Scalar} */
  tree(q, place) {
    return (this.way.otherSoftmax ? otherExp(q, place) : null) ?? shownTree(q, place);
  }
}

/** The reading of a way and a choice, made once.
 * @param {Map<Choice, Map<string, Reading>>} readings @param {OwnNumbers} own @param {Way} way @param {Choice} choice
 * @param {Set<string>} unwritten @returns {Reading} */
export function readingIn(readings, own, way, choice, unwritten) {
  let ofChoice = readings.get(choice);
  if (!ofChoice) readings.set(choice, (ofChoice = new Map()));
  let reading = ofChoice.get(way.key);
  if (!reading) ofChoice.set(way.key, (reading = new Reading(own, way, choice, unwritten)));
  return reading;
}

/** @type {WeakMap<Quantity, Element[][]>} */
const KNOWN_OPERANDS = new WeakMap();

/** The elements that one element is worked from, by all its ways.
 * @param {Quantity} q @param {number} place @returns {Element[]} */
function operandsOf(q, place) {
  let known = KNOWN_OPERANDS.get(q);
  if (!known) KNOWN_OPERANDS.set(q, (known = []));
  if (!known[place]) {
    const entries = treesOf(q, place).flatMap((tree) => elementsIn(tree));
    known[place] = [...new Set(entries.map((entry) => elementAt(entry.entry.name, placeOf(entry))))];
  }
  return known[place];
}

/** @param {Float64Array} one @param {Float64Array} other @returns {boolean} */
function sameNumbers(one, other) {
  return one.every((number, i) => number === other[i]);
}

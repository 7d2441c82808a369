// Marking: what a person typed held against the true numbers, element by element, by every right way of working.
// The same as rnncalc/marking/marking.py.
import { Answer, commaOf, answerOf } from "./answers.js";
import { OwnNumbers, elementAt } from "./carried.js";
import { Credit } from "./credit.js";
import { unitOf } from "./digits.js";
import { diagnose, intervalsOf } from "./diagnosis.js";
import { chosenFrom, otherExp, treesOf } from "./element_arithmetic.js";
import { at } from "./interval.js";
import { localeSlip } from "./locale_slips.js";
import { decimalsInWords, fewerThanAsked, judged } from "./precision.js";
import { mostDecimals, otherForm } from "./softmax_forms.js";
import { RIGHT, Status, Verdict } from "./status.js";
import { MARGIN, wider } from "./tolerance.js";
import { Way, waysOf } from "./working.js";

/** @typedef {import("./carried.js").Cells} Cells */
/** @typedef {import("./carried.js").Tables} Tables */
/** @typedef {import("./copying.js").Meant} Meant */
/** @typedef {import("./diagnosis.js").Named} Named */
/** @typedef {import("./practice.js").Practice} Practice */
/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("../trees.js").Trace} Trace */

/** The share of itself by which a number may be off that was worked with 24 binary digits. */
const FLOAT32 = 2 ** -23;
/** What is to be mended first.
 * @type {string[][]} */
const TO_MEND = [[Status.WRONG, Status.NOT_A_NUMBER, Status.AMBIGUOUS], [Status.BLANK]];

/** @typedef {{quantity: Quantity, row: number, column: number, place: number, status: string, given: Answer,
 *   expected: number, tolerance: number, carried: number | null, remark: string, mistakes: Named[]}} Mark
 * The verdict on one element, rows and columns counted from 0. `tolerance`: how far from what should stand there the
 * number may lie; `carried`: what follows from the person's own earlier numbers, where these are not the true ones. */

/** @typedef {{marks: Mark[], remark: string, verdict: string, first: Mark | null, counts: Map<string, number>,
 *   own: OwnNumbers}} Report
 * The verdicts on all answers, in the order of the computation, and what is to be said once of all of them; `first` is
 * the first answer to mend: the first wrong one, else the first missing one; `own` are the person's numbers. */

/** Mark what was typed, by the names of quantities and by "row,column" counted from 0.
 * @param {Trace} trace @param {Practice} practice @param {Map<string, Map<string, string>>} typed @returns {Report} */
export function markAnswers(trace, practice, typed) {
  const texts = [...typed.values()].flatMap((cells) => [...cells.values()]);
  const comma = commaOf(texts);
  /** @type {Tables} */
  const answers = new Map();
  for (const name of practice.asked) {
    const q = /** @type {Quantity} */ (trace.named.get(name));
    const cells = typed.get(name);
    const read = Array.from(q.value, (_, place) => {
      const text = cells?.get(`${Math.floor(place / q.columns)},${place % q.columns}`) ?? "";
      return answerOf(text, practice.decimals, comma);
    });
    answers.set(name, new Map(read.entries()));
  }
  return markTables(trace, practice, answers);
}

/** Hold answers against a trace: each is marked with a status, a wrong one with the known mistakes that lead to it.
 * @param {Trace} trace @param {Practice} practice @param {Tables} answers @returns {Report} */
export function markTables(trace, practice, answers) {
  const { answered, remark } = judged(trace, answers, practice.decimals);
  const given = new Map(practice.given.map((name) => [name, tableGiven(trace, name)]));
  const own = new OwnNumbers(trace, answered, given, practice.givenDecimals);
  const credit = new Credit(own, practice.weights);
  const memory = practice.memory.of(own, credit);
  /** @type {Mark[]} */
  const all = [];
  for (const q of trace.quantities) {
    const cells = answered.get(q.name);
    if (!cells) continue;
    const marks = memory.known(q, cells) ?? memory.keep(q, cells, new Marker(q, own, credit, practice).marks(cells));
    credit.settle(q, new Map(marks.map((mark) => [mark.place, mark.status])), explanationsOf(marks));
    all.push(...marks);
  }
  const together = judgedTogether(all);
  const withheld = credit.withheld();
  return { ...reportOf(together.map((mark) => credited(mark, withheld))), remark, own };
}

/** @param {Trace} trace @param {string} name @returns {Cells} A table that is shown, as if someone had written it. */
function tableGiven(trace, name) {
  const q = /** @type {Quantity} */ (trace.named.get(name));
  return new Map(Array.from(q.value, (number, place) => [place, new Answer("", number, null)]));
}

/** @param {Mark[]} marks @returns {Omit<Report, "remark" | "own">} */
function reportOf(marks) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { status } of marks) counts.set(status, (counts.get(status) ?? 0) + 1);
  const all = (/** @type {string[]} */ statuses) => marks.every((mark) => statuses.includes(mark.status));
  const incomplete = all([...RIGHT, Status.BLANK]) ? Verdict.INCOMPLETE : Verdict.INCORRECT;
  const verdict = all([...RIGHT]) ? Verdict.CORRECT : incomplete;
  const firsts = TO_MEND.map((statuses) => marks.find((mark) => statuses.includes(mark.status)));
  return { marks, verdict, first: firsts.find(Boolean) ?? null, counts };
}

/** A mistake that is certain in one step is the one in the other steps, where it is one of several that fit.
 * @param {Mark[]} marks @returns {Mark[]} */
function judgedTogether(marks) {
  /** @type {Map<string, Named[][]>} */
  const places = new Map();
  for (const { quantity, mistakes } of marks) {
    if (mistakes.length) places.set(quantity.place, [...(places.get(quantity.place) ?? []), mistakes]);
  }
  /** @type {Map<string, string>} */
  const alone = new Map();
  for (const [place, each] of places) {
    const certain = new Set(
      each
        .flat()
        .filter((named) => named.certain)
        .map((named) => named.kind),
    );
    const [kind] = certain;
    const isEverywhere = each.every((mistakes) => mistakes.some((named) => named.kind === kind));
    if (certain.size === 1 && isEverywhere) alone.set(place, kind);
  }
  return marks.map((mark) => {
    const kind = mark.mistakes.length ? alone.get(mark.quantity.place) : undefined;
    const same = mark.mistakes.filter((named) => named.kind === kind).map((named) => ({ ...named, certain: true }));
    return same.length ? { ...mark, mistakes: same } : mark;
  });
}

/** The kinds of mistakes that explain each wrong number, and the bits of evidence for each.
 * @param {Mark[]} marks @returns {Map<number, Map<string, number>>} */
function explanationsOf(marks) {
  const wrong = marks.filter((mark) => mark.status === Status.WRONG);
  return new Map(wrong.map((mark) => [mark.place, new Map(mark.mistakes.map((n) => [n.kind, n.evidence]))]));
}

/** A mark with what its credit comes to once the whole sheet is known.
 * @param {Mark} mark @param {Map<string, {itself: string, follows: string}>} withheld @returns {Mark} */
function credited(mark, withheld) {
  const why = withheld.get(elementAt(mark.quantity.name, mark.place));
  if (why === undefined) return mark;
  if (mark.status === Status.CARRIED) return { ...mark, status: Status.UNCREDITED, remark: why.follows };
  return mark.status === Status.WRONG ? { ...mark, remark: why.itself, mistakes: [] } : mark;
}

/** Marks one quantity. */
class Marker {
  /** @param {Quantity} q @param {OwnNumbers} own @param {Credit} credit @param {Practice} practice */
  constructor(q, own, credit, practice) {
    this.q = q;
    this.own = own;
    this.credit = credit;
    this.practice = practice;
    this.differs = own.differs(q);
    /** What follows from the numbers as written. */
    this.follows = own.follows(q);
  }

  /** The verdicts; mistakes are looked for in all wrong numbers of the quantity together.
   * @param {Cells} cells @returns {Mark[]} */
  marks(cells) {
    const marks = new Map([...cells].map(([place, answer]) => [place, this.mark(place, answer)]));
    const factor = this.otherForm(marks);
    const wrong = new Map([...marks].filter(([, m]) => m.status === Status.WRONG).map(([p, m]) => [p, m.given]));
    if (!wrong.size) return [...marks.values()];
    /** @type {Meant} */
    const meant = new Map();
    for (const [place, interval] of intervalsOf(this.q, this.own, mostDecimals(wrong.values()))) {
      meant.set(place, { low: interval.low * factor, high: interval.high * factor });
    }
    this.own.keepMeant(this.q, new Map([...meant].filter(([place]) => wrong.has(place))));
    // a remark says already what is wrong
    const lookedAt = new Map([...wrong].filter(([place]) => !marks.get(place)?.remark));
    if (!lookedAt.size || this.credit.isFiller(this.q.name)) return [...marks.values()];
    const others = new Map(
      [...marks]
        .filter(([p, m]) => m.given.number !== null && !wrong.has(p))
        .map(([p, m]) => {
          return [p, m.given];
        }),
    );
    const mayShow = (/** @type {import("../trees.js").Entry} */ entry) => this.own.mayShow(entry, this.credit.right);
    const diagnosis = diagnose(this.q, this.own, this.practice, lookedAt, others, meant, mayShow);
    for (const cellsMeant of diagnosis.meant) this.own.keepMeant(this.q, cellsMeant, true);
    return [...marks].map(([place, mark]) => ({ ...mark, mistakes: diagnosis.named.get(place) ?? mark.mistakes }));
  }

  /** @param {number} place @param {Answer} answer @returns {Mark} */
  mark(place, answer) {
    const { q } = this;
    const expected = q.value[place];
    const carried = this.differs && Number.isFinite(this.follows[place]) ? this.follows[place] : null;
    const half = answer.halfUnit;
    const [row, column] = [Math.floor(place / q.columns), place % q.columns];
    const mark = { quantity: q, row, column, place, given: answer, expected, carried, remark: "", mistakes: [] };
    if (answer.number === null) return { ...mark, status: answer.problem, tolerance: half };
    if (Math.abs(answer.number - expected) <= wider(half, expected)) {
      return { ...mark, status: Status.CORRECT, tolerance: half };
    }
    const { status, remark, reach } = this.worked(place, answer.number, answer, expected);
    const slip = status === Status.WRONG && !remark ? localeSlip(answer, expected) : remark;
    return { ...mark, status, remark: slip, tolerance: Math.max(half, reach) };
  }

  /** The verdict on a number that is not the true one to its last digit, and how far one may be.
   * @param {number} place @param {number} number @param {Answer} answer @param {number} expected
   * @returns {{status: string, remark: string, reach: number}} */
  worked(place, number, answer, expected) {
    const element = elementAt(this.q.name, place);
    const other = this.own.hasOtherForm ? otherExp(this.q, place) : null;
    const trees = [...(other === null ? [] : [other]), ...treesOf(this.q, place)];
    const twice = new Way(answer.decimals, { remembers: true }); // rounded once with a spare digit, and then again
    const isNear = Math.abs(number - expected) <= answer.halfUnit + FLOAT32 * Math.abs(expected);
    if (twice.accepts(number, at(expected)) || isNear) {
      return { status: Status.ROUNDED, remark: "", reach: twice.furthest(at(expected), expected) };
    }
    let reach = 0;
    const ways = this.ways(answer.decimals);
    for (const choice of this.own.choices(this.q)) {
      for (const way of ways) {
        for (const tree of way.otherSoftmax ? trees.slice(-1) : trees) {
          const interval = this.own.reading(way, choice).of(tree);
          reach = Math.max(reach, way.furthest(interval, this.follows[place]));
          if (!way.accepts(number, interval)) continue;
          const right = this.credit.allRight(element, choice);
          return { status: right ? Status.ROUNDED : Status.CARRIED, remark: way.cuts ? CUT : "", reach };
        }
      }
    }
    if (this.own.mayCut && cutOff(number, expected, answer.decimals)) {
      return { status: Status.ROUNDED, remark: CUT, reach };
    }
    if (this.isOpenChoice()) return { status: Status.ROUNDED, remark: "", reach };
    return { status: Status.WRONG, remark: fewerDigits(answer, expected), reach };
  }

  /** The ways of working, last those by the other form of softmax, where its exp may have been worked unseen.
   * @param {number | null} decimals @returns {Way[]} */
  ways(decimals) {
    const usual = waysOf(decimals, this.own.mayCut);
    if (!this.own.hasUnseen(this.q)) return usual;
    return [...usual, ...usual.filter((way) => !way.remembers).map((way) => way.withOtherSoftmax())];
  }

  /** Whether a choice of the largest is one between two that may be the largest, by their last digits.
   * @returns {boolean} */
  isOpenChoice() {
    const theirs = this.own.values.get(this.q.name);
    if (theirs === undefined || !theirs.every((number) => number === 0 || number === 1)) return false;
    const p = chosenFrom(this.q);
    const chosen = theirs.indexOf(1);
    if (p === null || chosen < 0 || theirs.lastIndexOf(1) !== chosen) return false;
    const cells = [...(this.own.answered.get(p.name)?.values() ?? [])];
    const decimals = cells.length ? Math.max(...cells.map((answer) => answer.decimals ?? 0)) : null;
    const reach = decimals === null ? 0 : unitOf(decimals);
    const numbers = this.own.values.get(p.name) ?? p.value;
    const others = numbers.filter((_, place) => place !== chosen);
    return numbers[chosen] + reach * (1 + MARGIN) >= Math.max(...others);
  }

  /** exp of the scores in another form than the problem's is right: a common factor falls out of softmax. Gives the
   * factor.
   * @param {Map<number, Mark>} marks @returns {number} */
  otherForm(marks) {
    if (![...marks.values()].some((mark) => mark.status === Status.WRONG)) return 1;
    const given = new Map([...marks].map(([place, mark]) => [place, mark.given]));
    /** @type {import("./softmax_forms.js").Form | null} */
    let form = null;
    let [chosen] = this.own.choices(this.q);
    for (const choice of this.own.choices(this.q)) {
      const next = otherForm(this.q, this.own, choice, given);
      if ((next?.places.size ?? -1) > (form?.places.size ?? -1)) [form, chosen] = [next, choice];
    }
    if (form === null) return 1;
    this.own.hasOtherForm ||= form.isOther;
    for (const place of form.places) {
      const mark = /** @type {Mark} */ (marks.get(place));
      if (mark.status !== Status.WRONG) continue;
      const right = this.credit.allRight(elementAt(this.q.name, place), chosen);
      marks.set(place, { ...mark, status: right ? Status.CORRECT : Status.CARRIED, remark: form.says });
    }
    return form.factor;
  }
}

const CUT = "cut off instead of rounded";

/** Whether the number is the true one with its further digits cut off: 0.42 for 0.427.
 * @param {number} number @param {number} expected @param {number | null} decimals @returns {boolean} */
function cutOff(number, expected, decimals) {
  if (decimals === null) return false;
  const [size, true_] = [Math.abs(number), Math.abs(expected)];
  return size <= true_ + MARGIN && true_ - size < unitOf(decimals) * (1 - MARGIN) && number * expected >= 0;
}

/** A remark on a number that is right to fewer decimals than were asked for.
 * @param {Answer} answer @param {number} expected @returns {string} */
function fewerDigits(answer, expected) {
  const written = fewerThanAsked(answer, expected);
  return written ? `right to ${decimalsInWords(written)}, but ${answer.decimals} were asked for` : "";
}

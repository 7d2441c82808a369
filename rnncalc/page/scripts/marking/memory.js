// How answers were marked before the last one was typed: up to that one, nothing has changed.

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("./carried.js").Cells} Cells */
/** @typedef {import("./carried.js").Choice} Choice */
/** @typedef {import("./carried.js").OwnNumbers} OwnNumbers */
/** @typedef {import("./credit.js").Credit} Credit */
/** @typedef {import("./marking.js").Mark} Mark */
/** @typedef {import("../trees.js").Quantity} Quantity */

/** @typedef {{cells: Cells, marks: Mark[], choices: Choice[] | undefined, hasOtherForm: boolean}} Known The marks of one
 * table's cells, and what they tell of those that follow. */

/** A number's verdict comes from those before it, and from a few things that are found in all of them together. */
export class Memory {
  constructor() {
    /** @type {Map<Quantity, Known>} */
    this.tables = new Map();
    this.ofAll = "";
    /** @type {OwnNumbers | null} */
    this.own = null;
    this.unchanged = false;
  }

  /** The memory for these numbers.
   * @param {OwnNumbers} own @param {Credit} credit @returns {Memory} */
  of(own, credit) {
    const ofAll = `${own.mayCut} ${[...credit.fillers].join()}`;
    this.unchanged = ofAll === this.ofAll;
    this.ofAll = ofAll;
    this.own = own;
    return this;
  }

  /** The marks of a table, where nothing has changed up to it.
   * @param {Quantity} q @param {Cells} cells @returns {Mark[] | null} */
  known(q, cells) {
    const known = this.tables.get(q);
    this.unchanged &&= known !== undefined && sameCells(known.cells, cells);
    if (!known || !this.unchanged || !this.own) return null;
    if (known.choices) this.own.keepChoices(q, known.choices);
    this.own.hasOtherForm = known.hasOtherForm;
    return known.marks;
  }

  /** @param {Quantity} q @param {Cells} cells @param {Mark[]} marks @returns {Mark[]} */
  keep(q, cells, marks) {
    const own = /** @type {OwnNumbers} */ (this.own);
    this.tables.set(q, { cells, marks, choices: own.wrong.get(q.name), hasOtherForm: own.hasOtherForm });
    return marks;
  }
}

/** @param {Cells} one @param {Cells} other @returns {boolean} */
function sameCells(one, other) {
  return one.size === other.size && [...one].every(([place, answer]) => sameAnswer(answer, other.get(place)));
}

/** @param {Answer} one @param {Answer | undefined} other @returns {boolean} */
function sameAnswer(one, other) {
  if (one === other) return true;
  return one.text === other?.text && one.number === other.number && one.decimals === other.decimals;
}

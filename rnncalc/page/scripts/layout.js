// Where each cell of the picture stands: the plan's rows and columns get sizes, in the height of the type.

const GAP = 1.5;
const THIN = 0.45;

/** @typedef {{x: number, y: number, width: number, height: number}} Area */
/**
 * @typedef {{
 *   rows: number, thin: number[], title: number, heading: number, weights: number, first: number, side: number,
 *   predicted: number, wanted: number, lastForward: number, tables: [string, number, number, number][],
 *   words: [number, number, number, string, string][], ones: number[],
 *   handed: number[][], back: [number, number][], leftOut: string[],
 * }} Plan
 * @typedef {{
 *   row: number, digit: number, given: number, number: number, equations: boolean, stepLabels: boolean, steps: number,
 *   rowsOf: (name: string) => number
 * }} Sizes the height of a row, the width of a digit, the letters of the longest given and of the longest computed number, whether equations
 * stand at the left and labels beside every step, how many steps there are, and how many rows a table has
 */

export class Layout {
  /** @param {Plan} plan @param {Sizes} sizes */
  constructor(plan, sizes) {
    this.plan = plan;
    this.sizes = sizes;
    this.labelWidth = longest(plan, "label") * sizes.digit * 0.95 + 0.5;
    /** @type {number[]} Where each column begins, from the first on, and where the last one ends. */
    this.columns = [0];
    const last = plan.first + sizes.steps * (plan.side + 1) - 2;
    for (let column = 1; column <= last; column++) this.columns.push(this.columns[column - 1] + this.widthOf(column));
    /** @type {number[]} The same for rows. */
    this.rows = [0];
    for (let row = 1; row <= plan.rows; row++) this.rows.push(this.rows[row - 1] + this.heightOf(row));
    this.width = this.columns[last] + 0.4;
    this.height = this.rows[plan.rows] + 0.4;
  }

  /** @param {number} column */
  widthOf(column) {
    const { plan, sizes } = this;
    if (column === 1) return sizes.equations ? this.widthOfEquations() : 0.3;
    if (column < plan.weights) return this.labelWidth;
    if (column < plan.first - 1) return sizes.given * sizes.digit + 0.55;
    const place = (column - plan.first + 1) % (plan.side + 1);
    if (place > 0) return sizes.number * sizes.digit + 0.5;
    return GAP + (sizes.stepLabels || column === plan.first - 1 ? this.labelWidth : 0);
  }

  /** What equations need besides the room that the weights at their right leave free. */
  widthOfEquations() {
    const { plan, sizes } = this;
    const needs = plan.words.filter((word) => word[3] === "equation").map(([row, , , , text]) => {
      const taken = plan.tables.filter(([name, from, , step]) => step === 0 && from <= row && row < from + sizes.rowsOf(name));
      const left = Math.min(plan.first - 1, ...taken.map((table) => table[2]));
      let free = left === plan.first - 1 ? 0 : -this.labelWidth;
      for (let column = 2; column < left; column++) free += this.widthOf(column);
      return [...text].length * sizes.digit * 0.86 + 0.8 - free;
    });
    return Math.max(0.3, ...needs);
  }

  /** @param {number} row */
  heightOf(row) {
    if (this.plan.thin.includes(row)) return THIN;
    if (row === this.plan.heading) return this.sizes.row + 0.5;
    return row === this.plan.wanted ? this.sizes.row + 0.2 : this.sizes.row;
  }

  /** The first column of a step, with the column of arrows before it; 0: of the weights. @param {number} step */
  firstColumn(step) {
    return step === 0 ? 1 : this.plan.first - 1 + (step - 1) * (this.plan.side + 1);
  }

  /** The step that a column belongs to, with that of arrows before it; 0: the weights. @param {number} column */
  stepOf(column) {
    return Math.max(0, Math.floor((column - this.plan.first + 1) / (this.plan.side + 1)) + 1);
  }

  /** The first column of a section; labels beside the first step belong to the weights, which may stay in sight. @param {number} step */
  startOf(step) {
    return step === 1 && !this.sizes.stepLabels ? this.plan.first : this.firstColumn(step);
  }

  /** How far at the right a section begins, and how wide it is. @param {number} step */
  spanOf(step) {
    const start = this.columns[this.startOf(step) - 1];
    return { x: start, width: this.columns[this.startOf(step + 1) - 1] - start };
  }

  /** The area of a cell. @param {number} row @param {number} column @param {number} [columns] @param {number} [rows] @returns {Area} */
  area(row, column, columns = 1, rows = 1) {
    const x = this.columns[column - 1];
    const y = this.rows[row - 1];
    return { x, y, width: this.columns[column + columns - 1] - x, height: this.rows[row + rows - 1] - y };
  }
}

/** How many letters the longest words of a kind have. @param {Plan} plan @param {string} kind */
function longest(plan, kind) {
  return Math.max(1, ...plan.words.filter((word) => word[3] === kind).map((word) => [...word[4]].length));
}

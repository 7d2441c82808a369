// The network of a page: its quantities, what of it was changed, and what that changes.

import { tableOf } from "./trees.js";

/** @typedef {import("./trees.js").Quantity} Quantity */

/** What a page knows, read from its data (see rnncalc/page/content.py). */
export class Model {
  /** @param {any} data */
  constructor(data) {
    this.data = data;
    this.problem = data.problem;
    /** @type {Quantity[]} */
    this.quantities = data.quantities.map((/** @type {any} */ its, /** @type {number} */ index) => ({
      equation: its.symbol,
      ...its,
      index,
      rows: its.size[0],
      columns: its.size[1],
      rowLabels: data.labels[its.labels[0]],
      columnLabels: data.labels[its.labels[1]],
      value: its.values ? Float64Array.from(its.values) : new Float64Array(its.size[0] * its.size[1]),
    }));
    /** A rule as the data has it: the number of its template, then the places of its quantities. */
    const ruleOf = (/** @type {number[]} */ [template, ...operands]) => ({
      template: data.templates[template],
      operands: operands.map((place) => this.quantities[place]),
    });
    this.ruleOf = ruleOf;
    for (const q of this.quantities) {
      const its = data.quantities[q.index];
      q.rule = its.rule ? ruleOf(its.rule) : null;
      q.ways = (its.ways ?? (its.rule ? [its.rule] : [])).map(ruleOf);
      q.sources = q.rule ? q.rule.operands : [];
      q.picture = (its.picture ?? []).map((/** @type {any} */ piece) =>
        Array.isArray(piece)
          ? { quantity: this.quantities[piece[0]], transposed: piece[1] === 1 }
          : typeof piece === "string"
            ? { sign: piece }
            : { rule: ruleOf(piece.rule), words: piece.words },
      );
    }
    /** @type {Map<string, Quantity>} */
    this.named = new Map(this.quantities.map((q) => [q.name, q]));
    /** The weights that an update changes, each with its new value. @type {[Quantity, Quantity][]} */
    this.updates = data.updates.map((/** @type {number[]} */ [weight, next]) => [this.quantities[weight], this.quantities[next]]);
    /** The given columns that are letters, words or classes, with the names of their rows. @type {Map<Quantity, string[]>} */
    this.letters = new Map(data.letters.map((/** @type {any} */ its) => [this.quantities[its.quantity], this.problem[its.names]]));
    /** The quantities whose numbers the last action changed. @type {Set<Quantity>} */
    this.changed = new Set();
    /** How often the weights were updated. */
    this.updated = 0;
    /** @type {(() => void)[]} */
    this.listeners = [];
    /** @type {{given: Map<Quantity, Float64Array>, updated: number}[]} */
    this.past = [];
    this.compute(this.quantities);
    this.changed.clear();
    /** The given numbers that the page came with. @type {Map<Quantity, Float64Array>} */
    this.start = new Map(this.quantities.filter((q) => !q.rule).map((q) => [q, q.value.slice()]));
  }

  /** The total loss, null where there is none. @returns {number | null} */
  get loss() {
    const loss = this.named.get("loss");
    return loss ? loss.value[0] : null;
  }

  /** Call `listener` after every change. @param {() => void} listener */
  subscribe(listener) {
    this.listeners.push(listener);
  }

  /** The quantities that a quantity goes into. @param {Quantity} quantity @returns {Quantity[]} */
  uses(quantity) {
    return this.quantities.filter((q) => q.sources.includes(quantity));
  }

  /**
   * Put a number in the place of a given one. @param {Quantity} quantity @param {number} at @param {number} value
   * @returns {boolean} whether it can be computed with; if not, nothing has changed
   */
  setNumber(quantity, at, value) {
    const values = quantity.value.slice();
    values[at] = value;
    return this.setTable(quantity, values);
  }

  /** Put numbers in the place of a whole given table. @param {Quantity} quantity @param {ArrayLike<number>} values */
  setTable(quantity, values) {
    if (quantity.rule || quantity.value.every((number, at) => number === values[at])) return true;
    return this.change(new Map([[quantity, Float64Array.from(values)]]), this.updated);
  }

  /** Another letter read or wanted. @param {Quantity} quantity @param {number} row counted from 0 */
  setLetter(quantity, row) {
    return this.setTable(quantity, Float64Array.from(quantity.value, (_, at) => (at === row ? 1 : 0)));
  }

  /** One step of gradient descent: every weight becomes its new weight. @returns {boolean} whether it could be made */
  updateStep({ remembers = true } = {}) {
    if (!this.updates.length) return false;
    return this.change(new Map(this.updates.map(([weight, next]) => [weight, next.value.slice()])), this.updated + 1, remembers);
  }

  /**
   * Put numbers in the place of given ones, unless some number then is too large to compute with.
   * @param {Map<Quantity, Float64Array>} tables @param {number} updated how often the weights were updated then
   * @param {boolean} [remembers] whether it can be undone @returns {boolean} whether it was done
   */
  change(tables, updated, remembers = true) {
    const before = new Map([...tables.keys()].map((q) => [q, q.value.slice()]));
    this.put(tables);
    if (![...this.changed].every((q) => q.value.every(Number.isFinite))) {
      this.put(before);
      this.changed.clear();
      return false;
    }
    if (remembers) this.past.push({ given: before, updated: this.updated });
    this.updated = updated;
    this.tell();
    return true;
  }

  /** Remember given quantities, so that what comes next can be undone. @param {Quantity[]} quantities */
  remember(quantities) {
    this.past.push({ given: new Map(quantities.map((q) => [q, q.value.slice()])), updated: this.updated });
  }

  get canUndo() {
    return this.past.length > 0;
  }

  undo() {
    const last = this.past.pop();
    if (last) this.restore(last.given, last.updated);
  }

  /** Back to the numbers that the page came with; that can be undone too. */
  reset() {
    if (this.updated === 0 && ![...this.start].some(([q, value]) => q.value.some((number, at) => number !== value[at]))) return;
    this.remember([...this.start.keys()]);
    this.restore(this.start, 0);
  }

  /** Whether a given number is another than at the start. @param {Quantity} quantity @param {number} at */
  isMine(quantity, at) {
    const first = this.start.get(quantity);
    return first !== undefined && first[at] !== quantity.value[at];
  }

  /** @param {Map<Quantity, Float64Array>} given @param {number} updated how often the weights had been updated */
  restore(given, updated) {
    this.put(given);
    this.updated = updated;
    this.tell();
  }

  /** Put given tables in their places, and compute what depends on them anew. @param {Map<Quantity, Float64Array>} tables */
  put(tables) {
    const other = [...tables].filter(([q, value]) => q.value.some((number, at) => number !== value[at]));
    for (const [q, value] of other) q.value.set(value);
    const reached = new Set(other.map(([q]) => q));
    this.changed = new Set(reached);
    const waiting = this.quantities.filter((q) => {
      if (!q.sources.some((source) => reached.has(source))) return false;
      reached.add(q);
      return true;
    });
    this.compute(waiting);
  }

  tell() {
    for (const listener of this.listeners) listener();
  }

  /** @param {Quantity[]} quantities in the order of the computation */
  compute(quantities) {
    for (const q of quantities) {
      if (!q.rule) continue;
      const value = tableOf(q.rule, q.rows, q.columns, (source) => source.value);
      if (value.some((number, at) => number !== q.value[at])) {
        q.value.set(value);
        this.changed.add(q);
      }
    }
  }
}

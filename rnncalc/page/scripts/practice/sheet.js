// What someone has typed into a page, and which numbers the page gives them.

import { drawTable } from "../drawing.js";

/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("../model.js").Model} Model */
/** @typedef {{problem: string, settings: string, title: string, whose: string, drawn: string[], decimals: number,
 *   answerDecimals: number}} HandIn */

const KIND = "answers of a page";
const MOST_SEED = 999_999;
const MOST_TRIES = 20;

/** The answers on a page, as they are typed, and the seed of its numbers: null for those that it came with. */
export class Sheet {
  /** @param {Model} model @param {Quantity[]} asked @param {Quantity[]} shown what stands beside as numbers */
  constructor(model, asked, shown) {
    this.model = model;
    this.asked = asked;
    this.shown = shown;
    /** @type {HandIn} */
    this.own = model.data.handIn;
    this.name = "";
    /** @type {number | null} */
    this.seed = null;
    /** By the names of quantities, row after row. @type {Map<string, string[]>} */
    this.typed = new Map();
    /** @type {(() => void)[]} */
    this.listeners = [];
    this.clear();
  }

  /** Call f whenever something was typed, or all is new. @param {() => void} f */
  subscribe(f) {
    this.listeners.push(f);
  }

  /** @param {Quantity} q */
  asks(q) {
    return this.typed.has(q.name);
  }

  /** @param {Quantity} q @param {number} at @returns {string} */
  text(q, at) {
    return this.typed.get(q.name)?.[at] ?? "";
  }

  /** @param {Quantity} q @param {number} at @param {string} text */
  type(q, at, text) {
    const texts = this.typed.get(q.name);
    if (!texts || texts[at] === text) return;
    texts[at] = text;
    this.tell();
  }

  /** How many numbers are asked for, and how many of them are blank. */
  get count() {
    const texts = [...this.typed.values()].flat();
    return { all: texts.length, blank: texts.filter((text) => !text.trim()).length };
  }

  /** The answers as marking takes them: by "row,column", counted from 0. @returns {Map<string, Map<string, string>>} */
  byPlace() {
    const places = (/** @type {Quantity} */ q) =>
      new Map((this.typed.get(q.name) ?? []).map((text, at) => [`${Math.floor(at / q.columns)},${at % q.columns}`, text]));
    return new Map(this.asked.map((q) => [q.name, places(q)]));
  }

  /** All blank. */
  clear() {
    for (const q of this.asked) this.typed.set(q.name, Array(q.value.length).fill(""));
    this.tell();
  }

  /**
   * Numbers drawn from a seed, or those that the page came with; all answers are blank then.
   * @param {number | null} seed @returns {boolean} whether they can be computed with; if not, nothing has changed
   */
  give(seed) {
    const tables = new Map(this.model.start);
    for (const name of seed === null ? [] : this.own.drawn) {
      const q = /** @type {Quantity} */ (this.model.named.get(name));
      tables.set(q, drawTable(/** @type {number} */ (seed), name, q.value.length, this.own.decimals));
    }
    if (!this.model.change(tables, 0, false)) return false;
    this.seed = seed;
    this.clear();
    return true;
  }

  /** Numbers that nobody has seen yet. */
  giveNew() {
    let tries = MOST_TRIES;
    while (!this.give(1 + Math.floor(Math.random() * MOST_SEED)) && --tries);
  }

  /** What is saved, and handed in; `rnncalc verify` and `rnncalc grade` read it (see rnncalc/page/answers_file.py). */
  toData() {
    return {
      rnncalc: KIND,
      version: 1,
      name: this.name,
      problem: this.own.problem,
      settings: this.own.settings,
      seed: this.seed,
      given: Object.fromEntries(this.shown.map((q) => [q.name, rowsOf(q, [...q.value])])),
      answers: Object.fromEntries(this.asked.map((q) => [q.name, rowsOf(q, this.typed.get(q.name) ?? [])])),
    };
  }

  /**
   * Go on with what was saved. @param {any} data
   * @returns {string} a sentence on why that cannot be, in which case nothing has changed; else nothing
   */
  load(data) {
    if (data?.rnncalc !== KIND || typeof data.answers !== "object" || !data.answers) return "This is not a file that a page of rnncalc has saved.";
    if (data.problem !== this.own.problem || data.settings !== this.own.settings) return "This file was saved by another page: it has another problem, or asks for something else.";
    const { seed } = data;
    if (seed !== null && !(Number.isSafeInteger(seed) && seed >= 0 && this.own.drawn.length)) return "This is not a file that a page of rnncalc has saved.";
    if (seed !== this.seed && !this.give(seed)) return "The numbers of this file are too large to compute with.";
    this.name = typeof data.name === "string" ? data.name.slice(0, 200) : "";
    for (const q of this.asked) {
      const texts = Array.isArray(data.answers[q.name]) ? data.answers[q.name].flat() : [];
      this.typed.set(q.name, Array.from(q.value, (_, at) => (typeof texts[at] === "string" ? texts[at] : "")));
    }
    this.tell();
    return "";
  }

  tell() {
    for (const f of this.listeners) f();
  }
}

/** @param {Quantity} q @param {any[]} values */
function rowsOf(q, values) {
  return Array.from({ length: q.rows }, (_, row) => values.slice(row * q.columns, (row + 1) * q.columns));
}

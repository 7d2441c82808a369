// What a practice page is marked with: what it asks for, and the known mistakes with their rules, as
// rnncalc/page/practice.py writes them.
import { Memory } from "./memory.js";
import { Mistake } from "./mistakes.js";

/** @typedef {import("../trees.js").Quantity} Quantity */

/** Stands for a symbol in what is said of a mistake. */
const SYMBOL = "\ue000";

/** What is asked for, and what it is marked with. */
export class Practice {
  /** @param {any} data @param {{quantities: Quantity[], ruleOf: (rule: number[]) => import("../trees.js").Rule}} model */
  constructor(data, model) {
    const name = (/** @type {number} */ place) => model.quantities[place].name;
    /** The decimals asked for; null for all digits. @type {number | null} */
    this.decimals = data.decimals;
    /** The names of what is asked for, in the order of the computation. @type {string[]} */
    this.asked = data.asked.map(name);
    /** Of what is shown beside. @type {string[]} */
    this.given = data.given.map(name);
    /** The decimals of computed numbers that are shown. @type {Map<string, number>} */
    this.givenDecimals = new Map(data.givenDecimals.map((/** @type {number[]} */ [place, n]) => [name(place), n]));
    /** @type {string[]} */
    this.weights = data.weights.map(name);
    /** The initial states. @type {string[]} */
    this.states = data.states.map(name);
    /** @type {Map<string, string>} */
    this.kinds = new Map(data.kinds);
    /** The wrong rules of a quantity, the simplest first, whether they show or not. @type {Map<string, Mistake[]>} */
    this.mistakes = new Map();
    for (const [place, ...rows] of data.mistakes) {
      const q = model.quantities[place];
      this.mistakes.set(
        q.name,
        rows.map((/** @type {any} */ row) => mistakeOf(row, q, data, model)),
      );
    }
    /** Those of them that tell something, found when they are first asked for. @type {Map<string, Mistake[]>} */
    this.found = new Map();
    /** How the last answers were marked. */
    this.memory = new Memory();
  }

  /** What a kind of mistake is in a few words.
   * @param {string} kind @returns {string} */
  words(kind) {
    return this.kinds.get(kind) ?? kind;
  }

  /** Forget what depends on the given numbers, as other numbers are given now. */
  forget() {
    this.found.clear();
    this.memory = new Memory();
  }
}

/** A mistake from its row: the kind, the words, the quantities in the words, and the rule.
 * @param {any} row @param {Quantity} q @param {any} data @param {any} model @returns {Mistake} */
function mistakeOf([kind, anyStep, words, symbols, ...rule], q, data, model) {
  let next = 0;
  const says = data.words[words].replaceAll(SYMBOL, () => model.quantities[symbols[next++]].symbol);
  return new Mistake(q, data.kinds[kind][0], says, model.ruleOf(rule), anyStep === 1);
}

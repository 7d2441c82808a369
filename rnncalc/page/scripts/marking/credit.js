// Whose number is this: when a wrong number may carry credit on to those that follow from it.
// The same as rnncalc/marking/credit.py; on a page no given number is changed, and nothing is compared with a class.
import { AS_WRITTEN, elementAt, partsOf } from "./carried.js";
import { PLACES } from "./mistake_groups.js";
import { RIGHT, Status } from "./status.js";

/** @typedef {import("./carried.js").Choice} Choice */
/** @typedef {import("./carried.js").Element} Element */
/** @typedef {import("./carried.js").OwnNumbers} OwnNumbers */
/** @typedef {import("../trees.js").Quantity} Quantity */

/** So many tables at the beginning tell whether a sheet was filled with one number. */
const FIRST_TABLES = 3;
/** One table of zeros may be an honest slip. */
const MOST_STOCK = 1;
/** Kinds that say of a zero only where it comes from; relu is worked, and gives zeros. */
const OF_ZEROS = new Set([...PLACES].filter((kind) => kind !== "another-activation"));
/** Bits of evidence that a number comes from a mistake, and not from nowhere. */
const LIKELY = Math.log2(20);
/** So many tables of numbers that come from nowhere are no slip. */
const FEWEST_FOREIGN = 3;

/** @typedef {{holds: (credit: Credit, element: Element) => boolean, takesTheMistake: boolean, itself: string,
 * follows: string}} CreditRule A rule on whose a number is that a person has no credit for. It `holds` of a number itself,
 * and of each that follows from one of which it holds; `itself` and `follows` are the words for the two. Unless it
 * `takesTheMistake`, a wrong number keeps the mistake that explains it. */

/** The first that holds decides. Where none does, a number is the person's own, and what follows from it has credit.
 * @type {CreditRule[]} */
const CREDIT_RULES = [
  {
    holds: (credit, element) => credit.stock.has(element),
    takesTheMistake: false,
    itself: "the same number was written in many cells",
    follows: "it follows from zeros, or from one repeated number, instead of calculated numbers",
  },
  {
    holds: (credit, element) => credit.foreign.has(element),
    takesTheMistake: true,
    itself: "it does not follow from the given numbers on your sheet",
    follows: "it follows from numbers that do not come from the given numbers on your sheet",
  },
];

/** Keeps, quantity by quantity, which numbers are right, which follow from wrong ones, and which wrong ones are
 * explained; and says in the end what earns no credit. */
export class Credit {
  /** @param {OwnNumbers} own @param {Iterable<string>} weights The names of the problem's weights. */
  constructor(own, weights) {
    this.own = own;
    this.weights = new Set(weights);
    /** @type {Set<Element>} */
    this.right = new Set();
    /** @type {Map<Element, string>} */
    this.notRight = new Map();
    /** @type {Map<Element, Map<string, number>>} */
    this.evidence = new Map();
    /** @type {Set<string>} */
    this.notWorked = new Set();
    /** @type {Map<string, Map<number, string>>} */
    this.statuses = new Map();
    /** @type {Set<string> | null} */
    this.knownFillers = null;
    /** @type {Set<Element> | null} */
    this.knownStock = null;
    /** @type {Set<Element> | null} */
    this.knownForeign = null;
  }

  /** Remember the verdicts on a quantity's numbers, and the kinds of mistakes that explain the wrong ones, with the bits
   * of evidence for each.
   * @param {Quantity} q @param {Map<number, string>} statuses @param {Map<number, Map<string, number>>} explanations */
  settle(q, statuses, explanations) {
    this.statuses.set(q.name, statuses);
    for (const [place, status] of statuses) {
      const element = elementAt(q.name, place);
      if (RIGHT.includes(status)) this.right.add(element);
      else if (status === Status.WRONG || status === Status.CARRIED) this.notRight.set(element, status);
      if (status === Status.WRONG) {
        const kinds = explanations.get(place) ?? new Map();
        // one digit that is another is nearly any number
        this.evidence.set(element, new Map([...kinds].filter(([kind]) => kind !== "digit-wrong")));
        const isZero = !this.tells(q.name, place);
        if (!kinds.size || (isZero && [...kinds.keys()].every((kind) => OF_ZEROS.has(kind))))
          this.notWorked.add(q.name);
      }
    }
  }

  /** Whether every written number that goes in is right; in the place of mended ones, what they come from.
   * @param {Element} element @param {Choice} [choice] @returns {boolean} */
  allRight(element, choice = AS_WRITTEN) {
    for (const e of this.own.into(element)) {
      if (!this.right.has(e) && !(choice.mended.has(e) && this.allRight(e))) return false;
    }
    return true;
  }

  // ── the whole sheet ───────────────────────────────────────────────────────────────────────────────────────────────

  /** The numbers that earn no credit, each with the rule that says why; asked once all are settled.
   * @returns {Map<Element, CreditRule>} */
  withheld() {
    /** @type {Map<Element, CreditRule>} */
    const decided = new Map();
    for (const [element, status] of this.notRight) {
      const before = status === Status.CARRIED ? [...this.own.into(element)] : [];
      const rule = CREDIT_RULES.find((each) => {
        return each.holds(this, element) || before.some((e) => each.holds(this, e) || decided.get(e) === each);
      });
      if (rule) decided.set(element, rule);
    }
    const wrong = this.wrongElements();
    return new Map([...decided].filter(([element, rule]) => rule.takesTheMistake || !wrong.has(element)));
  }

  /** Wrong numbers that are no work: those of several tables of zeros or of one number repeated, or of a sheet that was
   * filled with one number. */
  get stock() {
    this.knownStock ??= this.foundStock();
    return this.knownStock;
  }

  /** @returns {Set<Element>} */
  foundStock() {
    const stock = new Set([...this.statuses.keys()].filter((name) => this.notWorked.has(name) && this.isStock(name)));
    const isFilled = this.fillers.size > 0;
    if (stock.size <= MOST_STOCK && !isFilled) return new Set();
    return new Set([...this.wrongElements()].filter((element) => isFilled || stock.has(partsOf(element)[0])));
  }

  /** The wrong numbers that no mistake explains, unless by chance. One that was made in every step has the evidence of
   * all steps.
   * @returns {Set<Element>} */
  unexplained() {
    /** @type {Map<string, Map<string, Map<string, number>>>} */
    const kinds = new Map();
    /** @type {Set<Element>} */
    const likely = new Set();
    for (const [element, evidence] of this.evidence) {
      const tables = kinds.get(this.placeOf(element)) ?? new Map();
      kinds.set(this.placeOf(element), tables);
      const [name] = partsOf(element);
      if (!tables.has(name)) tables.set(name, evidence);
      if (Math.max(0, ...evidence.values()) >= LIKELY) likely.add(element);
    }
    for (const [place, tables] of kinds) {
      const each = [...tables.values()];
      const common = [...each[0].keys()].filter((kind) => each.every((evidence) => evidence.has(kind)));
      const bits = (/** @type {string} */ kind) => each.reduce((sum, evidence) => sum + (evidence.get(kind) ?? 0), 0);
      if (!common.some((kind) => bits(kind) >= LIKELY)) continue;
      for (const [e, evidence] of this.evidence) if (evidence.size && this.placeOf(e) === place) likely.add(e);
    }
    return new Set([...this.evidence.keys()].filter((element) => !likely.has(element)));
  }

  /** @param {Element} element @returns {string} */
  placeOf(element) {
    return this.own.quantity(partsOf(element)[0]).place;
  }

  /** @returns {Set<Element>} */
  wrongElements() {
    return new Set([...this.notRight].filter(([, status]) => status === Status.WRONG).map(([element]) => element));
  }

  /** Wrong numbers that come from other weights than those given: all of them where most tables that need the weights
   * do; those that nothing explains where tables of several kinds do, as no single slip makes them. */
  get foreign() {
    this.knownForeign ??= this.foundForeign();
    return this.knownForeign;
  }

  /** @returns {Set<Element>} */
  foundForeign() {
    const unexplained = this.unexplained();
    /** @type {Set<string>} */
    const foreign = new Set();
    let founded = 0;
    const telling = (/** @type {string} */ name) => {
      // 0 comes of any weights
      return [...(this.statuses.get(name)?.keys() ?? [])].filter((place) => this.tells(name, place));
    };
    for (const name of this.statuses.keys()) {
      if (!this.own.quantity(name).sources.some((s) => this.weights.has(s.name))) continue;
      const cells = telling(name);
      const wrong = cells.filter((place) => unexplained.has(elementAt(name, place)));
      if (2 * wrong.length > cells.length) foreign.add(name);
      else if (cells.length) founded += 1;
    }
    if (foreign.size >= FEWEST_FOREIGN && foreign.size > founded) return this.wrongElements();
    const whole = new Set(
      [...foreign].filter((name) => {
        return telling(name).every((place) => unexplained.has(elementAt(name, place)));
      }),
    );
    const kinds = new Set([...whole].map((name) => this.own.quantity(name).place));
    if (kinds.size < FEWEST_FOREIGN) return new Set();
    return new Set([...unexplained].filter((element) => whole.has(partsOf(element)[0])));
  }

  /** @param {string} name @param {number} place @returns {boolean} */
  tells(name, place) {
    return Boolean(this.own.written(name, place)?.number);
  }

  // ── stock values ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** Whether a table is one of the many in which one number is repeated, so that no mistake explains it.
   * @param {string} name @returns {boolean} */
  isFiller(name) {
    const own = this.own.values.get(name);
    return this.fillers.has(name) || (this.fillers.size > 0 && own !== undefined && spreadOf(own) === 0);
  }

  /** Tables of one number repeated, where the true ones differ, if they begin the work and are most of it; single
   * numbers, and tables whose true numbers are equal, count among them where they are that one.
   *
   * An honest slip can make some tables so: those that follow it, or the first ones. */
  get fillers() {
    this.knownFillers ??= this.foundFillers();
    return this.knownFillers;
  }

  /** @returns {Set<string>} */
  foundFillers() {
    const answered = this.own.trace.quantities.filter((q) => this.own.answered.has(q.name));
    const tables = answered.filter((q) => q.value.length > 1 && spreadOf(q.value) !== 0);
    const stock = new Map(tables.filter((q) => this.isStock(q.name)).map((q) => [q.name, this.firstNumber(q.name)]));
    if (2 * stock.size <= tables.length || stock.size < FIRST_TABLES) return new Set();
    const numbers = new Set(stock.values());
    const others = answered.filter((q) => !tables.includes(q) && this.isOneNumber(q));
    const alike = others.map((q) => q.name).filter((name) => numbers.has(this.firstNumber(name)));
    const fillers = new Set([...stock.keys(), ...alike]);
    const telling = answered.filter((q) => q.value.length === 1 || tables.includes(q)).slice(0, FIRST_TABLES);
    return telling.every((q) => fillers.has(q.name)) ? fillers : new Set();
  }

  /** @param {string} name @returns {number | null} */
  firstNumber(name) {
    return this.own.written(name, 0)?.number ?? null;
  }

  /** @param {Quantity} q @returns {boolean} */
  isOneNumber(q) {
    return spreadOf(this.own.values.get(q.name) ?? q.value) === 0;
  }

  /** All zeros, or all equal where the true ones are not: no work that could be carried.
   * @param {string} name @returns {boolean} */
  isStock(name) {
    const own = this.own.values.get(name);
    if (own === undefined) return false;
    if (own.every((number) => number === 0)) return true;
    return own.length > 1 && spreadOf(own) === 0 && spreadOf(this.own.quantity(name).value) !== 0;
  }
}

/** How far the largest of some numbers is from the smallest.
 * @param {Float64Array} numbers @returns {number} */
function spreadOf(numbers) {
  return Math.max(...numbers) - Math.min(...numbers);
}

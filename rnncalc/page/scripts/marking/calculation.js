// Calculations typed in place of a number: 1/3, tanh(1.7), exp(-2), =0.29+0.85. Nothing but arithmetic is worked.
// The same as rnncalc/marking/calculation.py.
import { FUNCTIONS } from "../functions.js";
import { plain } from "./plain.js";

const LONGEST_CALCULATION = 300;
/** @type {Object<string, number>} */
const CONSTANTS = { e: Math.E, pi: Math.PI, π: Math.PI };
/** @type {Object<string, string>} */
const CALCULATION_SIGNS = { "×": "*", "·": "*", "⋅": "*", "∙": "*", "÷": "/", "∕": "/", "⁄": "/", "{": "(", "}": ")" };
const ALLOWED = /^[\d.+\-*/() a-zσπ]*$/;
const RUN_TOGETHER = /\d[a-df-zσπ]/;
const NUMBERS = /(?:\d+\.?(\d*)|\.(\d+))(?:e[+-]?\d+)?/g;
const TOKEN = /\s*(?:((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|([a-zσπ]+)|(\*\*|[+\-*/()]))/y;

/** Work a calculation; it has the decimals of its shortest number that has a point, and no limit where none has.
 * @param {string} text @returns {{number: number | null, decimals: number | null}} */
export function calculate(text) {
  const none = { number: null, decimals: null };
  if ([...text].length > LONGEST_CALCULATION) return none;
  let typed = plain(text)
    .toLowerCase()
    .replace(/[×·⋅∙÷∕⁄{}]/g, (sign) => CALCULATION_SIGNS[sign]);
  typed = typed.replaceAll("^", "**").replace(/^=/, "").trim();
  if (!typed.includes(".")) typed = typed.replace(/(?<=\d),(?=\d)/g, ".");
  if (!ALLOWED.test(typed) || RUN_TOGETHER.test(typed)) return none;
  let number = NaN;
  try {
    number = new Calculation(typed).value();
  } catch (error) {
    if (!(error instanceof NoCalculation)) throw error;
  }
  if (!Number.isFinite(number)) return none;
  const points = [...typed.matchAll(NUMBERS)].filter((match) => match[0].includes("."));
  const decimals = points.map((match) => (match[1] || match[2] || "").length);
  return { number, decimals: decimals.length ? Math.min(...decimals) : null };
}

class NoCalculation extends Error {}

/** Reads a calculation from left to right; products go before sums, powers before products and before signs. */
class Calculation {
  /** @param {string} text */
  constructor(text) {
    /** @type {(number | string)[]} Numbers, and signs and names. */
    this.tokens = tokensOf(text);
    this.next = 0;
  }

  /** @returns {number} */
  value() {
    const value = this.sum();
    if (this.next < this.tokens.length) throw new NoCalculation();
    return value;
  }

  /** @param {...string} signs @returns {string} The sign that was there; nothing where there is none of them. */
  take(...signs) {
    const token = this.tokens[this.next];
    if (typeof token !== "string" || !signs.includes(token)) return "";
    this.next += 1;
    return token;
  }

  /** @returns {number} */
  sum() {
    let value = this.product();
    for (let sign = this.take("+", "-"); sign; sign = this.take("+", "-")) {
      const term = this.product();
      value = sign === "+" ? value + term : value - term;
    }
    return value;
  }

  /** @returns {number} */
  product() {
    let value = this.signed();
    for (let sign = this.take("*", "/"); sign; sign = this.take("*", "/")) {
      const factor = this.signed();
      if (sign === "/" && factor === 0) throw new NoCalculation();
      value = sign === "*" ? value * factor : value / factor;
    }
    return value;
  }

  /** @returns {number} */
  signed() {
    const sign = this.take("+", "-");
    if (!sign) return this.power();
    return sign === "-" ? -this.signed() : this.signed();
  }

  /** @returns {number} */
  power() {
    const base = this.atom();
    if (!this.take("**")) return base;
    const result = base ** this.signed();
    if (!Number.isFinite(result)) throw new NoCalculation();
    return result;
  }

  /** @returns {number} */
  atom() {
    if (this.take("(")) return this.closed(this.sum());
    const token = this.tokens[this.next];
    this.next += 1;
    if (typeof token === "number") return token;
    if (Object.hasOwn(CONSTANTS, token)) return CONSTANTS[token];
    const known = typedFunctions();
    if (token === undefined || !Object.hasOwn(known, token) || !this.take("(")) throw new NoCalculation();
    return FUNCTIONS[known[token]].run(this.closed(this.sum()));
  }

  /** @param {number} value @returns {number} */
  closed(value) {
    if (!this.take(")")) throw new NoCalculation();
    return value;
  }
}

/** @param {string} text @returns {(number | string)[]} */
function tokensOf(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match || /^0\d+$/.test(match[1]?.replace(/^0+$/, "0") ?? "")) throw new NoCalculation();
    tokens.push(match[1] === undefined ? (match[2] ?? match[3]) : Number(match[1]));
  }
  return tokens;
}

/** The functions by the names by which people type them. A bare log is none: nobody can tell which one it is.
 * @returns {Object<string, string>} */
function typedFunctions() {
  /** @type {Object<string, string>} */
  const known = {};
  for (const [name, row] of Object.entries(FUNCTIONS)) {
    for (const typed of row.typed ?? []) known[typed] = name;
    if (row.activation) known[name] = name;
  }
  return known;
}

// What a person typed where a number belongs, read without guessing: 0.94, 0,94, –0.5, 94.9 %, 1.9·10⁻³.
// The same as rnncalc/io/written.py, rnncalc/marking/answers.py and answer_of in rnncalc/page/answers_file.py.
import { calculate } from "./calculation.js";
import { generalText, unitOf } from "./digits.js";
import { plain } from "./plain.js";
import { Status } from "./status.js";

const LONGEST = 100;
const MOST_DECIMALS_READ = 320;

/** @typedef {"" | "decimal" | "thousands"} Comma What a comma separates; nothing where a text does not tell. */
/** @typedef {{number: number | null, decimals: number | null, problem: string, readings: number[], comma: Comma}}
 * Written A number that was read, and the decimals that it was written with; `problem` where there is none. */

/** One answer: the text as it was given, the number that it means, the decimals written (null: no limit). */
export class Answer {
  /** @param {string} text @param {number | null} number @param {number | null} decimals
   * @param {string} [problem] @param {number[]} [readings] @param {string} [formula] */
  constructor(text, number, decimals, problem = "", readings = [], formula = "") {
    this.text = text;
    this.number = number;
    this.decimals = decimals;
    this.problem = problem;
    this.readings = readings;
    this.formula = formula;
    /** Half a unit of the last decimal written: how far rounding alone can move the number. */
    this.halfUnit = decimals === null ? 0 : 0.5 * unitOf(decimals);
  }

  /** The same with other decimals.
   * @param {number | null} decimals @returns {Answer} */
  withDecimals(decimals) {
    if (decimals === this.decimals) return this;
    return new Answer(this.text, this.number, decimals, this.problem, this.readings, this.formula);
  }
}

/** Read a number typed as text.
 * @param {string} text @param {Comma} [comma] @returns {Answer} */
export function readAnswer(text, comma = "") {
  const read = readNumber(text, comma);
  const letters = [...text];
  const brief = letters.length <= LONGEST || read.problem === Status.BLANK;
  const shown = brief ? text : `${letters.slice(0, LONGEST).join("")}…`;
  return new Answer(shown, read.number, read.decimals, read.problem, read.readings);
}

/** What was typed into a cell: a number counts with the decimals asked for or more, a calculation, with or without an
 * equals sign, as the formula of a worksheet.
 * @param {string} text @param {number | null} decimals @param {Comma} comma @returns {Answer} */
export function answerOf(text, decimals, comma) {
  return remembered(KNOWN_CELLS, `${decimals} ${comma} ${text}`, () => {
    const answer = readAnswer(text, comma);
    if (answer.problem === Status.NOT_A_NUMBER) {
      const worked = calculate(text);
      if (worked.number === null) return answer;
      return new Answer(generalText(worked.number, 10), worked.number, decimals, "", [], text.trim());
    }
    if (answer.decimals === null || decimals === null) return answer;
    return answer.withDecimals(Math.max(answer.decimals, decimals));
  });
}

/** What commas separate in these texts, by those that can be read in one way alone; nothing where they differ.
 * @param {Iterable<string>} texts @returns {Comma} */
export function commaOf(texts) {
  /** @type {Set<Comma>} */
  const commas = new Set();
  for (const text of texts) commas.add(remembered(KNOWN_COMMAS, text, () => ownComma(text)));
  commas.delete("");
  return commas.size === 1 ? [...commas][0] : "";
}

/** @param {string} text @returns {Comma} */
function ownComma(text) {
  return [...text].length <= LONGEST ? readNumber(text).comma : "";
}

/** Nearly all cells are as they were when the last one was typed. */
const MOST_KNOWN = 5000;
/** @type {Map<string, Answer>} */
const KNOWN_CELLS = new Map();
/** @type {Map<string, Comma>} */
const KNOWN_COMMAS = new Map();

/** What is known of a text, or found out now.
 * @template T @param {Map<string, T>} known @param {string} text @param {() => T} find @returns {T} */
function remembered(known, text, find) {
  let found = known.get(text);
  if (found === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, (found = find()));
  }
  return found;
}

// ── one number ──────────────────────────────────────────────────────────────────────────────────────────────────────

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;
const COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/;
const THOUSANDS = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;
const POINT_THOUSANDS = /^[+-]?[1-9]\d{0,2}(\.\d{3})+,\d+$/;
const GROUPS = /^(?<whole>[+-]?[1-9]\d{0,2}(?<sign>[ '])\d{3}(?:\k<sign>\d{3})*)(?<rest>([.,]\d+)?)$/;
const POWER = /^(?:(?<number>.*?\d.*?) ?[*×·⋅∙✕x] ?|(?<sign>[+-]?))10 ?(?:\^|\*\*) ?\(?(?<power>[+-]?\d+)\)?$/;

/** Read a number: a decimal point or comma, thousands, a percent sign, a power of ten, signs of other scripts.
 * @param {string} text @param {Comma} [comma] @returns {Written} */
export function readNumber(text, comma = "") {
  if ([...text].length > LONGEST) return noNumber(text.trim() ? Status.NOT_A_NUMBER : Status.BLANK);
  const typed = plain(text).toLowerCase();
  if (!typed) return noNumber(Status.BLANK);
  const percent = typed.endsWith("%");
  const body = asPower(percent ? typed.slice(0, -1).trimEnd() : typed);
  const groups = GROUPS.exec(body)?.groups;
  if (groups) {
    const whole = groups.whole.replace(/[ ']/g, "");
    return written(whole + groups.rest.replaceAll(",", "."), percent, body.includes(",") ? "decimal" : "");
  }
  if (PLAIN.test(body)) return written(body, percent, "");
  const [decimal, thousands] = [COMMA.test(body), THOUSANDS.test(body)];
  if (decimal && thousands && !comma) {
    const readings = [Number(body.replaceAll(",", ".")), Number(body.replaceAll(",", ""))];
    return { number: null, decimals: null, problem: Status.AMBIGUOUS, readings, comma: "" };
  }
  if (decimal && !(thousands && comma === "thousands")) return written(body.replaceAll(",", "."), percent, "decimal");
  if (thousands) return written(body.replaceAll(",", ""), percent, "thousands");
  if (POINT_THOUSANDS.test(body)) {
    return written(body.replaceAll(".", "").replaceAll(",", "."), percent, "decimal");
  }
  return noNumber(Status.NOT_A_NUMBER);
}

/** @param {string} problem @returns {Written} */
function noNumber(problem) {
  return { number: null, decimals: null, problem, readings: [], comma: "" };
}

/** @param {string} body @param {boolean} percent @param {Comma} comma @returns {Written} */
function written(body, percent, comma) {
  const [mantissa, exponent] = body.split("e");
  const number = Number(body);
  if (!Number.isFinite(number)) return noNumber(Status.NOT_A_NUMBER);
  let decimals = (mantissa.split(".")[1] ?? "").length - (exponent ? Number(exponent) : 0);
  decimals = Math.max(Math.min(decimals, MOST_DECIMALS_READ), -MOST_DECIMALS_READ);
  const read = { decimals, problem: "", readings: [], comma };
  return percent ? { ...read, number: number / 100, decimals: decimals + 2 } : { ...read, number };
}

/** 1.9*10^-3 as 1.9e-3, and 10^-3 as 1e-3.
 * @param {string} body @returns {string} */
function asPower(body) {
  const groups = POWER.exec(body)?.groups;
  return groups ? `${groups.number || `${groups.sign}1`}e${groups.power}` : body;
}

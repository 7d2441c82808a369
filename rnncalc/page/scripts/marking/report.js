// What is said of marks, in the words of verify: a sentence for each, and a hint that tells more from stage to stage.
// The same as rnncalc/render/report.py.
import { elementName } from "../naming.js";
import { exactText, numberText } from "../numbers.js";
import { treeText } from "../writing.js";
import { generalText } from "./digits.js";
import { placeOf, shownTree } from "./element_arithmetic.js";
import { FOLLOWS, Status, Verdict } from "./status.js";

/** @typedef {import("./diagnosis.js").Named} Named */
/** @typedef {import("./marking.js").Mark} Mark */
/** @typedef {import("./marking.js").Report} Report */
/** @typedef {import("../trees.js").Entry} Entry */

/** What a status is in words.
 * @type {Object<string, string>} */
export const STATUS_WORDS = {
  [Status.CORRECT]: "right",
  [Status.ROUNDED]: "right, rounded early",
  [Status.CARRIED]: "wrong, but consistent with an earlier mistake",
  [Status.UNCREDITED]: "consistent with an earlier mistake, but without credit",
  [Status.WRONG]: "wrong",
  [Status.BLANK]: "missing",
  [Status.NOT_A_NUMBER]: "not a number",
  [Status.AMBIGUOUS]: "could mean two numbers",
};
/** @type {Object<string, string>} */
const VERDICT_WORDS = {
  [Verdict.CORRECT]: "Everything is right",
  [Verdict.INCORRECT]: "Not yet right",
  [Verdict.INCOMPLETE]: "Not complete",
};
/** Of what someone typed: too few letters for a sentence that looks like a verdict. */
const MOST_LETTERS = 40;
/** Of a calculation. */
const MOST_OF_FORMULA = 60;

/** How much is right, in a sentence.
 * @param {Report} report @returns {string} */
export function verdictSentence({ marks, counts, verdict }) {
  const count = (/** @type {string} */ status) => counts.get(status) ?? 0;
  const right = count(Status.CORRECT) + count(Status.ROUNDED);
  if (marks.length === 1) {
    const what = { [Verdict.CORRECT]: "right", [Verdict.INCORRECT]: "not right" }[verdict] ?? "missing";
    return `${VERDICT_WORDS[verdict]}: the number is ${what}.`;
  }
  const [carried, uncredited] = [count(Status.CARRIED), count(Status.UNCREDITED)];
  let more = carried ? `; ${carried} more ${are(carried)} consistent with an earlier mistake` : "";
  more += uncredited ? `; ${uncredited} without credit` : "";
  return `${VERDICT_WORDS[verdict]}: ${right} of ${marks.length} numbers ${are(right)} right${more}.`;
}

/** What is to be said of a mark that is not right, in a sentence or two.
 * @param {Mark} mark @returns {string} */
export function sentence(mark) {
  const said = whereText(mark);
  if (mark.status !== Status.WRONG) return said;
  return `${said} ${kindText(mark)}${mark.remark ? "" : ` ${equationText(mark)}`}`;
}

/** @typedef {{stage: "where" | "kind" | "equation" | "arithmetic" | "answer", text: string}} Hint */

/** What may be told of a mark that is not right, more from stage to stage: where it is, what kind of mistake it may be,
 * the equation, the arithmetic with the person's own numbers, the right number.
 * @param {Mark} mark @param {Report} report @param {number} [decimals] @returns {Hint[]} */
export function hintsOf(mark, report, decimals = 6) {
  const kind = mark.status === Status.WRONG ? kindText(mark) : "";
  /** @type {Hint[]} */
  const hints = [
    { stage: "where", text: whereText(mark) },
    { stage: "kind", text: kind },
    { stage: "equation", text: equationText(mark) },
    { stage: "arithmetic", text: arithmeticText(mark, report, decimals) },
    { stage: "answer", text: answerText(mark, decimals) },
  ];
  return hints.filter((hint) => hint.text);
}

/** Which number it is, and what it is: wrong, missing, no number.
 * @param {Mark} mark @returns {string} */
function whereText(mark) {
  const where = elementName(mark.quantity, mark.place);
  const typed = yours(mark);
  switch (mark.status) {
    case Status.BLANK:
      return `${where} is missing.`;
    case Status.AMBIGUOUS: {
      const [one, other] = mark.given.readings.map((reading) => generalText(reading, 6));
      return `${where}: '${typed}' could mean ${one} or ${other}; write it with a decimal point.`;
    }
    case Status.NOT_A_NUMBER:
      return `${where}: '${typed}' is not a number.`;
  }
  const words = STATUS_WORDS[mark.status];
  if (mark.status !== Status.WRONG) return `${where}: ${typed} is ${words}${remarkOf(mark)}.`;
  const formula = mark.given.formula ? ` Its formula is ${shortened(mark.given.formula, MOST_OF_FORMULA)}.` : "";
  return `${where}: ${typed} is wrong.${formula}`;
}

/** @param {Mark} mark @returns {string} */
function remarkOf({ status, remark }) {
  if (!remark) return "";
  return FOLLOWS.includes(status) ? `: ${remark}` : ` (${remark})`;
}

/** What went wrong, where it is known.
 * @param {Mark} mark @returns {string} */
function kindText({ remark, mistakes }) {
  if (remark) return remark.startsWith("right") ? `It is ${remark}.` : `${capital(remark)}.`;
  if (!mistakes.length) return "This does not match any mistake that rnncalc knows.";
  if (mistakes.length > 1) return `Your number fits several mistakes: ${mistakes.map((m) => m.says).join("; or ")}.`;
  const [only] = mistakes;
  const verb = only.certain ? "comes from" : "may come from";
  const worked = only.arithmetic.includes("=") ? `: ${only.arithmetic}` : "";
  return `Your number ${verb} this mistake: ${only.says}${worked}.`;
}

/** @param {Mark} mark @returns {string} */
function equationText({ quantity }) {
  return `The equation is ${quantity.equation}.`;
}

/** The arithmetic of the number, with the numbers that the person has written so far.
 * @param {Mark} mark @param {Report} report @param {number} decimals @returns {string} */
function arithmeticText({ quantity, place }, { own }, decimals) {
  const written = (/** @type {Entry} */ entry) => {
    const [q, at] = [entry.entry, placeOf(entry)];
    if (own.answered.has(q.name) && own.written(q.name, at) === null) return elementName(q, at); // still to be worked
    const value = (own.values.get(q.name) ?? q.value)[at];
    return q.rule === null ? exactText(value) : numberText(value, decimals);
  };
  const tree = shownTree(quantity, place);
  const alone = "call" in tree && tree.call === "sum" ? { ...tree, call: "plus" } : tree; // needs no brackets
  return `${elementName(quantity, place)} = ${treeText(alone, written)}`;
}

/** @param {Mark} mark @param {number} decimals @returns {string} */
function answerText({ expected, carried }, decimals) {
  const right = numberText(expected, decimals);
  const theirs = carried === null ? right : numberText(carried, decimals);
  const more = theirs === right ? "" : ` From your own earlier numbers it would be ${theirs}.`;
  return `The right number is ${right}.${more}`;
}

/** @param {number} count @returns {string} */
function are(count) {
  return count === 1 ? "is" : "are";
}

/** @param {string} text @returns {string} */
function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** @param {Mark} mark @returns {string} What was typed. */
function yours(mark) {
  return shortened(mark.given.text.trim(), MOST_LETTERS) || "–";
}

/** A text on one line, and not too long.
 * @param {string} text @param {number} longest @returns {string} */
function shortened(text, longest) {
  const letters = [...text.replace(/\s+/g, " ").trim()];
  return letters.length > longest
    ? `${letters
        .slice(0, longest - 1)
        .join("")
        .trimEnd()}…`
    : letters.join("");
}

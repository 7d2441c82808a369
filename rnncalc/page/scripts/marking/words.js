// What is to be said of an answer, in the words of rnncalc verify. The same as rnncalc/render/report.py.
import { elementSymbol } from "../naming.js";
import { generalText } from "./digits.js";
import { Status } from "./status.js";

/** @typedef {import("./marking.js").Mark} Mark */
/** @typedef {import("./diagnosis.js").Named} Named */

/** The letters of an answer that are said again. */
const MOST_LETTERS = 24;

/** What is to be said of an answer that is not right, in a sentence or two.
 * @param {Mark} mark @returns {string} */
export function sentenceOf(mark) {
  const where = elementSymbol(mark.quantity, mark.place);
  const text = shortened(mark.given.text.trim());
  switch (mark.status) {
    case Status.BLANK:
      return `${where} is missing.`;
    case Status.AMBIGUOUS: {
      const [one, other] = mark.given.readings.map((reading) => generalText(reading, 6));
      return `${where}: '${text}' could mean ${one} or ${other}; write it with a decimal point.`;
    }
    case Status.NOT_A_NUMBER:
      return `${where}: '${text}' is not a number.`;
    case Status.CARRIED:
    case Status.UNCREDITED:
      return `${where}: ${text} follows from an earlier mistake${mark.remark ? `: ${mark.remark}` : ""}.`;
  }
  return `${where}: ${text} is wrong. ${remarkOf(mark) ?? hintSentence(mark)}`;
}

/** What a wrong answer is, where that is clear without its mistakes. @param {Mark} mark */
function remarkOf({ remark }) {
  if (!remark) return null;
  return remark.startsWith("right") ? `It is ${remark}.` : `${begun(remark)}.`;
}

/** What went wrong, where a known mistake leads to the number.
 * @param {Mark} mark @returns {string} */
export function hintSentence(mark) {
  const remark = remarkOf(mark);
  if (remark) return remark;
  if (!mark.mistakes.length) return "This does not match any mistake that rnncalc knows.";
  return `${begun(saysOf(mark.mistakes))}.`;
}

/** The mistakes in words: this one, or possibly this one, or one of these. @param {Named[]} mistakes */
function saysOf(mistakes) {
  if (mistakes.length > 1) return `your number fits several mistakes: ${mistakes.map((m) => m.says).join("; or ")}`;
  const [only] = mistakes;
  const verb = only.certain ? "comes from" : "may come from";
  return `your number ${verb} this mistake: ${only.arithmetic.includes("=") ? `${only.says}: ${only.arithmetic}` : only.says}`;
}

/** @param {string} text */
function begun(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {string} text */
function shortened(text) {
  const letters = [...text];
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS - 1).join("")}…` : text || "–";
}

// Help with one answer, a little more at every stage: where, what kind, the equation, the arithmetic, the answer.

import { make, makeButton } from "../dom.js";
import { calculation } from "../lights.js";
import { hintSentence } from "../marking/words.js";
import { elementSymbol, signed, workedNumber } from "../naming.js";
import { numberText } from "../numbers.js";
import { treeText } from "../writing.js";

/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("../marking/marking.js").Mark} Mark */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./marks.js").Marks} Marks */

const MOST_TERMS = 8;

/** The help that was asked for with each answer. */
export class Help {
  /** @param {Sheet} sheet @param {Marks} marks @param {import("../view.js").View} view */
  constructor(sheet, marks, view) {
    this.sheet = sheet;
    this.marks = marks;
    this.view = view;
    /** How many stages were asked for, by the numbers' names. @type {Map<string, number>} */
    this.stages = new Map();
  }

  /**
   * What the page says of one answer, and a button for more.
   * @param {Quantity} q @param {number} at @param {() => void} redraw @returns {HTMLElement[]}
   */
  parts(q, at, redraw) {
    const { sheet, marks } = this;
    const mark = marks.of(q, at);
    const { status, words } = marks.seen(q, at);
    const says = make("p", { class: `verdict ${status}`, text: words && `${elementSymbol(q, at)}: ${words}.` });
    if (!mark || status === "right") return [says];
    const key = `${sheet.seed} ${q.name} ${at}`;
    const hints = hintsFor(mark, sheet, marks.practice.decimals ?? this.view.decimals);
    const shown = Math.min(this.stages.get(key) ?? 0, hints.length);
    const list = make("ol", { class: "hints", "aria-live": "polite" }, ...hints.slice(0, shown).map((text) => make("li", { text })));
    const more = makeButton(shown ? "More help" : "Help", () => {
      this.stages.set(key, shown + 1);
      redraw();
      document.getElementById("more-help")?.focus();
    }, { id: "more-help" });
    more.disabled = shown === hints.length;
    return [says, list, more];
  }
}

/**
 * The stages of help with a wrong or a missing answer, each a sentence or an equation.
 * @param {Mark} mark @param {Sheet} sheet @param {number} decimals @returns {string[]}
 */
export function hintsFor(mark, sheet, decimals) {
  const { quantity: q, place } = mark;
  const where = `Look at ${elementSymbol(q, place)}${q.says ? `. ${q.says}` : ""}`;
  return [
    where,
    ...(mark.status === "blank" ? [] : [hintSentence(mark)]),
    q.equation,
    arithmeticOf(q, place, sheet, decimals),
    `${elementSymbol(q, place)} = ${signed(numberText(mark.carried ?? mark.expected, decimals))}`,
  ];
}

/** The arithmetic with the numbers on the sheet: given ones, and those that were typed; a name stands for a blank. */
function arithmeticOf(/** @type {Quantity} */ q, /** @type {number} */ at, /** @type {Sheet} */ sheet, /** @type {number} */ decimals) {
  const written = (/** @type {import("../trees.js").Entry} */ { entry, row, column }) => {
    const place = row * entry.columns + column;
    if (!sheet.asks(entry)) return workedNumber(entry, place, decimals);
    const typed = sheet.text(entry, place).trim();
    return typed ? (/^[\d.]+$/.test(typed) ? typed : `(${typed})`) : elementSymbol(entry, place);
  };
  return `${elementSymbol(q, at)} = ${signed(treeText(calculation(q, at), written, MOST_TERMS))}`;
}

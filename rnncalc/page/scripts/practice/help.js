// Help with one answer, a little more at every stage: where, what kind, the equation, the arithmetic, the answer.

import { make, makeButton } from "../dom.js";
import { hintsOf } from "../marking/report.js";
import { elementName } from "../naming.js";

/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./marks.js").Marks} Marks */

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
    const says = make("p", { class: `verdict ${status}`, text: words && `${elementName(q, at)} is ${words}.` });
    if (!mark || status === "right") return [says];
    const key = `${sheet.seed} ${q.name} ${at}`;
    const hints = hintsOf(mark, marks.report, marks.practice.decimals ?? this.view.decimals);
    const shown = Math.min(this.stages.get(key) ?? 0, hints.length);
    const list = make("ol", { class: "hints", "aria-live": "polite" }, ...hints.slice(0, shown).map(({ text }) => make("li", { text })));
    const more = makeButton(shown ? "More help" : "Help", () => {
      this.stages.set(key, shown + 1);
      redraw();
      document.getElementById("more-help")?.focus();
    }, { id: "more-help" });
    more.disabled = shown === hints.length;
    return [says, list, more];
  }
}

// The panel of a page to fill in: the tables with their blanks, and help where it may be given.

import { make } from "../dom.js";
import { elementSymbol } from "../naming.js";
import { Panel } from "../panel.js";

/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./help.js").Help} Help */

const FILL_IN = "All of this is given: the weights, what is read, what is wanted. Step through the tables and fill in the blanks.";

export class AnswerPanel extends Panel {
  /**
   * @param {HTMLElement} place @param {import("../model.js").Model} model @param {import("../view.js").View} view
   * @param {(sentence: string) => void} say @param {import("../cells.js").Keeper} keeper
   * @param {Sheet} sheet @param {Help | null} help null where the page only collects answers
   */
  constructor(place, model, view, say, keeper, sheet, help) {
    super(place, model, view, say, keeper, false);
    this.sheet = sheet;
    this.help = help;
    this.show();
  }

  get givenSays() {
    return FILL_IN;
  }

  get hints() {
    return [];
  }

  copies(/** @type {Quantity} */ q) {
    return this.sheet.asks(q) ? [] : super.copies(q);
  }

  about(/** @type {Quantity} */ q, /** @type {number | null} */ index) {
    if (!this.sheet.asks(q)) return super.about(q, index);
    if (index === null) return [make("p", { class: "words", text: "Fill in the blanks. Enter goes on to the next one." })];
    return this.help?.parts(q, index, () => this.drawNumber()) ?? [];
  }

  /** What is given is no field here. @param {Quantity} q @param {number} at */
  givenField(q, at) {
    return make("p", { text: `${elementSymbol(q, at)} is given.` });
  }

  letterChoice() {
    return make("span");
  }
}

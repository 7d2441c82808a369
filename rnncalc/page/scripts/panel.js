// The panel: one table of the computation with its words, and the arithmetic of one of its numbers.

import { workingOf } from "./arithmetic.js";
import { Cells } from "./cells.js";
import { copyButtons } from "./copying.js";
import { make, makeButton } from "./dom.js";
import { isTyped, letterField, numberField, readNumbers } from "./inputs.js";
import { elementName, elementSymbol, meaning, signed } from "./naming.js";
import { exactText } from "./numbers.js";
import { rove, stopAt } from "./roving.js";
import { pictureOf } from "./tables.js";

/** @typedef {import("./trees.js").Quantity} Quantity */

const GIVEN_SAYS = "These numbers are given. Change one, and all that follows from it changes too.";
const HINTS = [
  "Next, or the right arrow key, goes through the computation table by table.",
  "Choose any number to see how it comes about. What went into it lights up green.",
  "Numbers with a dotted edge can be typed over; letters can be chosen anew. A corner marks what has changed.",
  "Update makes one step of gradient descent, Train many.",
];
const MOST_BUTTONS = 60;

export class Panel {
  /**
   * @param {HTMLElement} place @param {import("./model.js").Model} model @param {import("./view.js").View} view
   * @param {(sentence: string) => void} complain @param {import("./cells.js").Keeper} [keeper]
   * @param {boolean} [shows] whether it shows something at once
   */
  constructor(place, model, view, complain, keeper = readNumbers(view, (q) => q === view.quantity), shows = true) {
    this.place = place;
    this.model = model;
    this.view = view;
    this.complain = complain;
    this.cells = new Cells(model, view, keeper);
    /** @type {(() => void)[]} */
    this.writers = [];
    /** @type {Quantity | null | undefined} */
    this.shown = undefined;
    this.table = make("div", { class: "table" });
    this.number = make("section", { class: "number", "aria-label": "The arithmetic of one number" });
    this.users = make("div", { class: "uses" });
    place.append(this.table, this.users, this.number);
    rove(this.table);
    if (shows) this.show();
  }

  /** Show what is looked at. */
  show() {
    const { view } = this;
    if (this.shown !== view.quantity) {
      const hadFocus = this.table.contains(document.activeElement);
      if (this.shown !== undefined) this.place.scrollTop = 0;
      this.shown = view.quantity;
      this.drawTable();
      if (hadFocus) this.cells.of(view.quantity, view.index)?.focus();
    }
    this.drawNumber();
    this.cells.light(false);
    const stop = this.cells.of(view.quantity, view.index);
    if (stop) stopAt(this.table, stop);
  }

  /** Follow the network. @param {boolean} marks */
  refresh(marks) {
    this.cells.refresh(marks);
    for (const write of this.writers) write();
    if (!this.number.contains(document.activeElement)) this.drawNumber();
  }

  rewrite() {
    this.cells.rewrite();
    for (const write of this.writers) write();
    this.drawNumber();
  }

  drawTable() {
    const { view, model } = this;
    const q = view.quantity;
    this.cells.clear();
    this.writers = [];
    if (q === null) {
      const given = model.quantities.filter((each) => !each.rule);
      this.table.replaceChildren(make("h2", { text: "Given" }), make("p", { class: "words", text: this.givenSays }), this.buttonsOf(given), this.hintList());
      return;
    }
    const name = q.name === q.symbol ? null : make("span", { class: "own-name", text: q.name });
    this.uses = make("span");
    const rows = [
      make("h2", { class: `role-${q.tint}` }, q.symbol, name),
      q.says && make("p", { class: "words", text: q.says }),
      q.rule && make("p", { class: "equation", text: q.equation }),
      pictureOf(q, this.cells, this.writers, () => view.decimals),
      make("p", { class: "copy" }, ...this.copies(q), this.uses),
    ];
    this.table.replaceChildren(...rows.filter(Boolean));
    for (const write of this.writers) write();
  }

  hintList() {
    return make("ul", { class: "hints" }, ...this.hints.map((text) => make("li", { text })));
  }

  /** What is said of all that is given. */
  get givenSays() {
    return GIVEN_SAYS;
  }

  /** What can be done on the page, in sentences. @returns {string[]} */
  get hints() {
    return HINTS;
  }

  /** What copies a table. @param {Quantity} q @returns {HTMLElement[]} */
  copies(q) {
    return copyButtons(q, () => this.view.decimals, this.complain);
  }

  drawNumber() {
    const { quantity: q, index } = this.view;
    this.number.hidden = this.users.hidden = q === null;
    if (q === null) return;
    this.number.replaceChildren(...this.about(q, index));
    this.drawUses(q, index);
  }

  /** How a number comes about, or the field of a given one. @param {Quantity} q @param {number | null} index @returns {HTMLElement[]} */
  about(q, index) {
    const parts = [];
    if (index === null) {
      const says = q.rule ? "Choose a number to see how it comes about." : "Choose a number to change it.";
      if (q.rule || isTyped(this.model, q)) parts.push(make("p", { class: "words", text: says }));
    } else if (q.rule) parts.push(...workingOf(q, index, this.view.decimals).map(workingElement));
    else parts.push(this.givenField(q, index));
    if (!q.rule && this.model.letters.has(q)) parts.push(this.letterChoice(q));
    return parts;
  }

  /** The field of a given number. @param {Quantity} q @param {number} at */
  givenField(q, at) {
    const means = meaning(q, at);
    const says = means ? `${elementSymbol(q, at)}, ${means}` : elementSymbol(q, at);
    if (!isTyped(this.model, q)) return make("p", { text: `${says}: ${exactText(q.value[at])}` });
    const field = numberField(this.model, q, at, this.complain, () => {});
    const write = () => (field.value = exactText(q.value[at]));
    field.addEventListener("rewrite", write);
    write();
    return make("label", { class: "field" }, make("span", { text: says }), field);
  }

  /** @param {Quantity} q */
  letterChoice(q) {
    const says = q.bare === "target" ? `Wanted at step ${q.step}` : `Read at step ${q.step}`;
    return make("label", { class: "field" }, make("span", { text: says }), letterField(this.model, q, says));
  }

  /** Where the number is used, when that is asked for. @param {Quantity} q @param {number | null} index */
  drawUses(q, index) {
    const { showsUses } = this.view;
    const users = showsUses ? this.model.uses(q) : [];
    const hadFocus = this.uses.contains(document.activeElement);
    const button = makeButton("Where is it used?", () => this.view.showUses(!showsUses), { "aria-pressed": String(showsUses) });
    this.uses.replaceChildren(button);
    if (hadFocus) button.focus();
    const what = index === null ? q.symbol : elementSymbol(q, index);
    const says = users.length ? `${what} goes into` : `Nothing else is computed from ${what}.`;
    this.users.replaceChildren(...(showsUses ? [make("p", { text: says }), this.buttonsOf(users)] : []));
  }

  /** Quantities to go to. @param {Quantity[]} quantities */
  buttonsOf(quantities) {
    const first = quantities.slice(0, MOST_BUTTONS);
    const more = quantities.length - first.length;
    return make(
      "ul",
      { class: "names" },
      ...first.map((q) => make("li", {}, makeButton(q.symbol, () => this.view.look(q), { class: `role-${q.tint}`, title: elementName(q, 0) }))),
      more > 0 && make("li", { text: `and ${more} more` }),
    );
  }
}

export function workingElement(/** @type {import("./arithmetic.js").Line[]} */ lines) {
  const spans = lines.flatMap(({ left, right, role }) => [
    make("span", { class: "left", text: left }),
    make("span", { class: role ? `role-${role}` : "" }, ...unbroken(`= ${signed(right)}`)),
  ]);
  return make("div", { class: "working" }, ...spans);
}

/** A calculation that goes on in the next line only where it has a space. @param {string} text */
function unbroken(text) {
  return text.split(" ").flatMap((word, i) => [i ? " " : null, make("span", { class: "whole", text: word })]);
}

// The picture: the weights once at the left, a column for each step, arrows for what is handed on.

import { arrowsOver } from "./arrows.js";
import { Cells } from "./cells.js";
import { make } from "./dom.js";
import { putEnds, putWords } from "./picture_words.js";
import { rove, stopAt } from "./roving.js";
import { AIR, bringTo, calm } from "./sight.js";
import { fitType, hasRoomForEquations, isStrip, layoutFor, longestNumbers, roomIn, whenSizesChange } from "./sizes.js";

/** @typedef {import("./trees.js").Quantity} Quantity */
/** @typedef {import("./layout.js").Area} Area */

export class Picture {
  /**
   * @param {HTMLElement} place where the picture goes @param {import("./model.js").Model} model
   * @param {import("./view.js").View} view @param {import("./cells.js").Keeper} keeper
   */
  constructor(place, model, view, keeper) {
    this.place = place;
    this.model = model;
    this.view = view;
    /** @type {import("./layout.js").Plan} */
    this.plan = model.data.board;
    this.cells = new Cells(model, view, keeper);
    /** @type {(() => void)[]} What is written again after every change, besides the cells. */
    this.writers = [];
    this.room = roomIn(place);
    this.letters = longestNumbers(this);
    this.layout = layoutFor(this);
    this.board = make("div", { class: "board" });
    /** @type {HTMLElement[]} The weights, then each step. */
    this.sections = [];
    rove(place);
    whenSizesChange(() => {
      this.room = roomIn(place);
      this.build();
    });
    new ResizeObserver(() => this.follow()).observe(place);
    this.build();
  }

  /** Put up all cells. */
  build() {
    const { model } = this;
    const isFirst = !this.board.isConnected;
    const { scrollLeft, scrollTop } = isFirst ? { scrollLeft: 0, scrollTop: 0 } : this.place;
    const held = this.heldFocus();
    this.cells.clear();
    this.writers = [];
    this.letters = longestNumbers(this);
    this.layout = layoutFor(this);
    this.board = make("div", { class: "board" });
    this.sections = [];
    for (let step = 0; step <= model.problem.steps; step++) this.sections.push(this.section(step));
    this.putTables();
    putWords(this);
    putEnds(this);
    this.board.append(...this.sections, arrowsOver(this.layout));
    this.place.replaceChildren(this.board);
    for (const write of this.writers) write();
    this.cells.light();
    const first = this.cells.of(this.view.quantity, this.view.index) ?? this.board.querySelector("[data-cell]");
    if (first) stopAt(this.place, first);
    this.fit();
    if (!isFirst) this.place.scrollTo({ left: scrollLeft, top: scrollTop, behavior: "instant" });
    if (held) this.named(held.name)[held.at]?.focus({ preventScroll: true });
  }

  /** What has the focus here, by its name and its place among those that are called so. */
  heldFocus() {
    const active = document.activeElement;
    if (!active || !this.place.contains(active)) return null;
    const name = nameOf(active);
    return { name, at: this.named(name).indexOf(/** @type {HTMLElement} */ (active)) };
  }

  /** @param {string} name @returns {HTMLElement[]} */
  named(name) {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.place.querySelectorAll("[aria-label]"))].filter((one) => nameOf(one) === name);
  }

  /** The part of the board that belongs to a step, or to the weights. @param {number} step */
  section(step) {
    const says = step === 0 ? "The weights" : `Step ${step}`;
    const section = make("div", { class: step === 0 ? "weights" : "step", role: "group", "aria-label": says });
    section.style.width = `calc(${this.layout.spanOf(step).width} * var(--em))`;
    section.style.height = `calc(${this.layout.height} * var(--em))`;
    return section;
  }

  putTables() {
    for (const [name, row, column, step] of this.plan.tables) {
      const q = /** @type {Quantity} */ (this.model.named.get(name));
      for (let at = 0; at < q.value.length; at++) {
        const area = this.layout.area(row + Math.floor(at / q.columns), column + (at % q.columns));
        this.put(this.cells.make(q, at), area, step);
      }
    }
  }

  /** Put an element into the section of a step. @param {HTMLElement} element @param {Area} area @param {number} step */
  put(element, { x, y, width, height }, step) {
    const { style } = element;
    style.left = `calc(${x - this.layout.spanOf(step).x} * var(--em))`;
    style.top = `calc(${y} * var(--em))`;
    style.width = `calc(${width} * var(--em))`;
    style.height = `calc(${height} * var(--em))`;
    this.sections[step].append(element);
  }

  /** Follow the network. @param {boolean} marks whether changes are marked */
  refresh(marks) {
    const [given, number] = longestNumbers(this, this.model.changed);
    const [roomForGiven, room] = this.letters;
    if (given > roomForGiven || number > room) {
      this.cells.compare(marks);
      return this.build();
    }
    this.cells.refresh(marks);
    for (const write of this.writers) write();
  }

  /** Follow the size of the screen. */
  follow() {
    this.room = roomIn(this.place);
    if (this.room.width) this.fit();
  }

  /** The type as large as there is room for, with equations where there is room for them. */
  fit() {
    if (hasRoomForEquations(this) !== this.layout.sizes.equations) return this.build();
    fitType(this);
  }

  /** Bring what is shown into sight. @param {boolean} [gently] whether it is seen to move there */
  reveal(gently = true) {
    const { quantity, index } = this.view;
    const cells = (quantity && this.cells.placed.get(quantity)) ?? [];
    const shown = cells.filter((cell) => index === null || cell.at === index);
    if (!shown.length) return;
    stopAt(this.place, shown[0].element);
    // what a step hands on stands twice: where it was computed, it comes last
    const step = shown[shown.length - 1].element.parentElement;
    const areas = shown.filter((cell) => cell.element.parentElement === step).map((cell) => cell.element.getBoundingClientRect());
    const isStep = step !== null && step !== this.sections[0];
    const { left, right } = isStep ? step.getBoundingClientRect() : { left: areas[0].left, right: areas[0].right };
    const covered = isStep && this.board.classList.contains("stays") ? this.sections[0].getBoundingClientRect().width : 0;
    // a strip that is swiped stops where a step begins, so that the rest of the width is its own
    const width = isStep && isStrip() ? this.place.clientWidth - 2 * AIR : right - left;
    bringTo(this.place, [...areas, new DOMRect(left, areas[0].top, width, 1)], covered, gently && !calm());
  }

  /** Where a reader begins: on a narrow screen at the first step, with the weights at its left. */
  begin() {
    if (this.view.quantity) this.reveal(false);
    else if (isStrip()) this.place.scrollLeft = this.sections[1].offsetLeft;
  }
}

/** What an element is called, without its number. @param {Element} element */
function nameOf(element) {
  return (element.getAttribute("aria-label") ?? "").split(" = ")[0];
}

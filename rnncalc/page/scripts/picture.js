// The picture: the weights once at the left, a column for each step, arrows for what is handed on.

import { arrowsOver } from "./arrows.js";
import { Cells } from "./cells.js";
import { make } from "./dom.js";
import { Layout } from "./layout.js";
import { elementName, shownNumber } from "./naming.js";
import { rove, stopAt } from "./roving.js";

/** @typedef {import("./trees.js").Quantity} Quantity */
/** @typedef {import("./layout.js").Area} Area */

const SMALLEST_TYPE = 10.5;
const EASY_TYPE = 11;
/** The part of the width that the weights may take, where they stay in sight while steps are scrolled. */
const MOST_FOR_WEIGHTS = 0.42;
/** So far from the edge is what has to be seen. */
const AIR = 24;
const LARGEST_TYPE = 22;
/** How wide a letter is and how large a caption, beside the type. */
const LETTER = 0.5;
const CAPTION = 0.85;
const ROW_TO_CLICK = 1.55;
const ROW_TO_TOUCH = 1.95;
const NARROW = "(max-width: 60rem)";
const TOUCHED = "(pointer: coarse)";

export class Picture {
  /**
   * @param {HTMLElement} place where the picture goes @param {import("./model.js").Model} model
   * @param {import("./view.js").View} view @param {import("./cells.js").Keeper} keeper
   */
  constructor(place, model, view, keeper) {
    this.place = place;
    this.model = model;
    this.view = view;
    this.plan = model.data.board;
    this.cells = new Cells(model, view, keeper);
    /** @type {(() => void)[]} What is written again after every change, besides the cells. */
    this.writers = [];
    this.letters = this.longestNumbers();
    this.layout = this.layoutWith(false);
    this.board = make("div", { class: "board" });
    /** @type {HTMLElement[]} The weights, then each step. */
    this.sections = [];
    rove(place);
    for (const query of [NARROW, TOUCHED]) matchMedia(query).addEventListener("change", () => this.build());
    new ResizeObserver(() => this.fit()).observe(place);
    this.build();
  }

  /** Put up all cells. */
  build() {
    const { model } = this;
    const { scrollLeft, scrollTop } = this.place;
    const held = this.heldFocus();
    this.cells.clear();
    this.writers = [];
    this.letters = this.longestNumbers();
    this.layout = this.layoutWith(this.hasRoomForEquations());
    this.board = make("div", { class: "board" });
    this.sections = [];
    for (let step = 0; step <= model.problem.steps; step++) this.sections.push(this.section(step));
    this.putTables();
    this.putWords();
    this.putEnds();
    this.board.append(...this.sections, arrowsOver(this.layout));
    this.place.replaceChildren(this.board);
    for (const write of this.writers) write();
    this.cells.light();
    const first = this.cells.of(this.view.quantity, this.view.index) ?? this.board.querySelector("[data-cell]");
    if (first) stopAt(this.place, first);
    this.fit();
    this.place.scrollTo({ left: scrollLeft, top: scrollTop, behavior: "instant" });
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

  /** The sizes of all cells. @param {boolean} equations whether equations stand at the left; the panel has them too */
  layoutWith(equations) {
    return new Layout(this.plan, {
      row: matchMedia(TOUCHED).matches ? ROW_TO_TOUCH : ROW_TO_CLICK,
      digit: digitWidth(this.place),
      given: this.letters[0],
      number: this.letters[1],
      equations,
      stepLabels: matchMedia(NARROW).matches,
      steps: this.model.problem.steps,
      rowsOf: (name) => this.model.named.get(name)?.rows ?? 0,
    });
  }

  hasRoomForEquations() {
    if (matchMedia(NARROW).matches) return false;
    const layout = this.layoutWith(true);
    const { clientWidth } = this.place;
    return layout.width * EASY_TYPE <= clientWidth || layout.spanOf(0).width * EASY_TYPE < MOST_FOR_WEIGHTS * clientWidth;
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

  putWords() {
    const { plan, layout } = this;
    for (const [row, column, span, kind, text] of plan.words) {
      if (kind === "equation" && !layout.sizes.equations) continue;
      const step = layout.stepOf(column);
      if (kind === "label" && step > 0) continue;
      const word = make("span", { class: `word ${kind}`, text, title: kind === "equation" ? text : "" });
      const area = layout.area(row, column, span);
      if (kind === "caption") word.style.setProperty("--shrunk", String(shrunk(text, area.width)));
      this.put(word, area, step);
    }
    this.putLabels();
    for (const row of plan.ones) {
      for (let step = 1; step <= this.model.problem.steps; step++) {
        this.put(make("span", { class: "word one", text: "1" }), layout.area(row, layout.firstColumn(step) + 1), step);
      }
    }
  }

  /** What the rows stand for, beside the first step that has numbers there; on a strip beside every step. */
  putLabels() {
    const { plan, layout } = this;
    /** @type {[number, number, number, string, string][]} */
    const labels = plan.words.filter((/** @type {any[]} */ word) => word[3] === "label");
    for (const [row, column, , , text] of labels) {
      if (layout.stepOf(column) === 0 && !layout.sizes.stepLabels) continue;
      const steps = this.stepsIn(row);
      for (const step of layout.sizes.stepLabels ? steps : steps.slice(0, 1)) {
        this.put(make("span", { class: "word label", text }), layout.area(row, layout.firstColumn(step)), step);
      }
    }
  }

  /** The steps that have numbers in a row. @param {number} row @returns {number[]} */
  stepsIn(row) {
    const steps = new Set(this.plan.ones.includes(row) ? Array.from({ length: this.model.problem.steps }, (_, i) => i + 1) : []);
    for (const [name, first, , step] of this.plan.tables) {
      if (step && first <= row && row < first + (this.model.named.get(name)?.rows ?? 0)) steps.add(step);
    }
    return [...steps].sort((a, b) => a - b);
  }

  /** At every step what is read, predicted and wanted. */
  putEnds() {
    const { plan, layout, model } = this;
    for (let step = 1; step <= model.problem.steps; step++) {
      const first = layout.firstColumn(step) + 1;
      const heading = make("div", { class: "heading" }, make("span", { text: `${step}` }));
      this.put(heading, layout.area(plan.heading, first, plan.side), step);
      this.putToken(heading, `x_${step}`, `Read at step ${step}`);
      const p = model.named.get(`p_${step}`);
      if (plan.predicted && p && this.cells.keeper.shows(p)) {
        const best = make("span", { class: "word token predicted tint-output" });
        this.put(best, layout.area(plan.predicted, first + plan.side - 1), step);
        this.writers.push(() => (best.textContent = model.problem.outputs[largestAt(p.value)] ?? ""));
      }
      if (plan.wanted && model.named.has(`target_${step}`)) {
        const wanted = make("div", { class: "wanted" });
        this.put(wanted, layout.area(plan.wanted, first, Math.max(1, plan.side - 1)), step);
        this.putToken(wanted, `target_${step}`, `Wanted at step ${step}`);
      }
    }
  }

  /** A letter to choose or, where it is none, the numbers. @param {HTMLElement} within @param {string} name @param {string} says */
  putToken(within, name, says) {
    const { model, view } = this;
    const q = model.named.get(name);
    if (!q) return;
    if (model.letters.has(q)) return within.append(this.cells.keeper.letter(q, says));
    if (!this.cells.keeper.shows(q)) return;
    const names = q.stage !== "given" && model.problem.vocabulary.length ? model.problem.vocabulary : null;
    if (!names && !within.classList.contains("wanted")) return;
    if (!names && q.value.length === 1 && !q.rule) return within.append(this.cells.make(q, 0));
    const button = make("button", { type: "button", class: "token", title: elementName(q, 0), onclick: () => view.look(q) });
    within.append(button);
    const text = () => (names ? names[largestAt(q.value)] : Array.from(q.value, (_, at) => shownNumber(q, at, view.decimals)).join(" "));
    this.writers.push(() => (button.textContent = text()));
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

  /**
   * The letters of the longest number at the left, and of the longest in the steps.
   * @param {Set<Quantity>} [among] where only some quantities have changed
   */
  longestNumbers(among) {
    const longest = [1, 1];
    for (const [name, , , step] of this.plan.tables) {
      const q = /** @type {Quantity} */ (this.model.named.get(name));
      if (among && !among.has(q)) continue;
      const side = step === 0 ? 0 : 1;
      for (let at = 0; at < q.value.length; at++) {
        longest[side] = Math.max(longest[side], lengthOf(shownNumber(q, at, this.view.decimals)));
      }
    }
    return longest;
  }

  /** Follow the network. @param {boolean} marks whether changes are marked */
  refresh(marks) {
    const [given, number] = this.longestNumbers(this.model.changed);
    const [roomForGiven, room] = this.letters;
    if (given > roomForGiven || number > room) {
      this.cells.compare(marks);
      return this.build();
    }
    this.cells.refresh(marks);
    for (const write of this.writers) write();
  }

  /** The type as large as there is room for. */
  fit() {
    const { clientWidth, clientHeight } = this.place;
    if (!clientWidth) return;
    if (this.hasRoomForEquations() !== this.layout.sizes.equations) return this.build();
    const narrow = matchMedia(NARROW).matches;
    const wanted = narrow ? 13 : Math.min((clientWidth - 10) / this.layout.width, (clientHeight - 10) / this.layout.height);
    const size = Math.min(LARGEST_TYPE, Math.max(SMALLEST_TYPE, wanted));
    this.board.style.setProperty("--em", `${size}px`);
    const print = Math.min(10, 680 / this.layout.width);
    this.board.style.setProperty("--print-em", `${print}px`);
    const share = (this.layout.spanOf(0).width * size) / clientWidth;
    this.board.classList.toggle("stays", share < MOST_FOR_WEIGHTS && this.layout.width * size > clientWidth);
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
    const width = isStep && matchMedia(NARROW).matches ? this.place.clientWidth - 2 * AIR : right - left;
    bringTo(this.place, [...areas, new DOMRect(left, areas[0].top, width, 1)], covered, gently && !calm());
  }

  /** Where a reader begins: on a narrow screen at the first step, with the weights at its left. */
  begin() {
    if (this.view.quantity) this.reveal(false);
    else if (matchMedia(NARROW).matches) this.place.scrollLeft = this.sections[1].offsetLeft;
  }
}

/** Scroll a place so that some areas in it are seen: the first ones, if there is no room for all. */
function bringTo(/** @type {HTMLElement} */ place, /** @type {DOMRect[]} */ areas, /** @type {number} */ covered, /** @type {boolean} */ gently) {
  const outer = place.getBoundingClientRect();
  const least = (/** @type {"left" | "top"} */ side) => Math.min(...areas.map((area) => area[side])) - AIR - outer[side];
  const most = (/** @type {"right" | "bottom"} */ side) => Math.max(...areas.map((area) => area[side])) + AIR - outer[side];
  const left = Math.min(Math.max(0, most("right")), least("left") - covered) || Math.min(0, least("left") - covered);
  const top = Math.min(Math.max(0, most("bottom")), least("top")) || Math.min(0, least("top"));
  // one after the other: a browser that snaps sideways forgets to go down
  if (top) place.scrollTop += top;
  if (left) place.scrollBy({ left, behavior: gently ? "smooth" : "instant" });
}

/** What an element is called, without its number. @param {Element} element */
function nameOf(element) {
  return (element.getAttribute("aria-label") ?? "").split(" = ")[0];
}

/** How wide a digit is, in the height of the type. @param {HTMLElement} place */
function digitWidth(place) {
  const probe = make("span", { class: "board probe", text: "0".repeat(100) });
  place.append(probe);
  const width = probe.getBoundingClientRect().width / 100 / parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  return width || 0.6;
}

/** Whether moving things are not wanted. */
export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** How much smaller a caption has to be than others, so that it does not run into the next. @param {string} text @param {number} width */
function shrunk(text, width) {
  return Math.max(0.7, Math.min(1, width / ([...text].length * LETTER * CAPTION)));
}

/** The letters of a number, its point counted as half of one. @param {string} text */
function lengthOf(text) {
  return text.includes(".") ? text.length - 0.5 : text.length;
}

function largestAt(/** @type {Float64Array} */ values) {
  return values.indexOf(Math.max(...values));
}

// Numbers on the page: each is a cell that can be opened, wherever it stands, and follows the network.

import { isLit, sourcesOf, usesOf } from "./lights.js";

/** @typedef {import("./trees.js").Quantity} Quantity */
/**
 * @typedef {{
 *   draw: (q: Quantity, at: number) => HTMLElement,
 *   write: (element: any, q: Quantity, at: number) => void,
 *   letter: (q: Quantity, says: string) => HTMLElement,
 *   shows: (q: Quantity) => boolean,
 *   decimals: (q: Quantity) => number,
 * }} Keeper how a number is drawn, and how it is written again when it changes; how a given letter is drawn; whether a
 * page may show the numbers of a quantity: one to fill in has blanks; and the decimals that there is to be room for
 * @typedef {{element: HTMLElement, at: number, marks: string}} Cell
 */

export class Cells {
  /** @param {import("./model.js").Model} model @param {import("./view.js").View} view @param {Keeper} keeper */
  constructor(model, view, keeper) {
    this.model = model;
    this.view = view;
    this.keeper = keeper;
    /** @type {Map<Quantity, Cell[]>} */
    this.placed = new Map();
    /** @type {Map<Quantity, Float64Array>} The numbers that were written last. */
    this.written = new Map();
    /** @type {Map<Quantity, Set<number>>} Those that the last action changed. */
    this.changed = new Map();
  }

  /** A new cell. @param {Quantity} q @param {number} at */
  make(q, at) {
    const element = this.keeper.draw(q, at);
    element.dataset.cell = "";
    element.tabIndex = -1;
    element.classList.add("cell", `tint-${q.tint}`);
    const cells = this.placed.get(q) ?? [];
    cells.push({ element, at, marks: "" });
    this.placed.set(q, cells);
    if (!this.written.has(q)) this.written.set(q, q.value.slice());
    if (this.changed.get(q)?.has(at)) element.classList.add("changed");
    this.keeper.write(element, q, at);
    return element;
  }

  /** Forget all cells, which no longer stand on the page. */
  clear() {
    this.placed.clear();
  }

  /** Write every number again, as the decimals are others. */
  rewrite() {
    for (const [q, cells] of this.placed) for (const cell of cells) this.keeper.write(cell.element, q, cell.at);
  }

  /** Find what has changed since it was written. @param {boolean} marks whether it is to be marked */
  compare(marks) {
    /** @type {Map<Quantity, Set<number>>} */
    const changed = new Map();
    for (const q of this.model.changed) {
      const before = this.written.get(q);
      if (!before) continue;
      const places = new Set(before.keys());
      for (const at of places) if (Object.is(before[at], q.value[at])) places.delete(at);
      if (places.size) changed.set(q, places);
      before.set(q.value);
    }
    const unmarked = this.changed;
    this.changed = marks ? changed : new Map();
    return { changed, unmarked };
  }

  /** Write what has changed, and mark it. @param {boolean} marks */
  refresh(marks) {
    const { changed, unmarked } = this.compare(marks);
    for (const [q, cells] of this.placed) {
      const its = changed.get(q);
      const old = unmarked.get(q);
      if (!its && !old) continue;
      for (const { element, at } of cells) {
        if (old?.has(at)) element.classList.remove("changed");
        if (!its?.has(at)) continue;
        this.keeper.write(element, q, at);
        if (marks) element.classList.add("changed");
      }
    }
  }

  /** Light up what the shown number has to do with. @param {boolean} [wholes] whether whole tables light up too, where none is chosen */
  light(wholes = true) {
    const { index, showsUses } = this.view;
    const quantity = wholes || index !== null ? this.view.quantity : null;
    const sources = sourcesOf(quantity, index);
    const uses = showsUses ? usesOf(this.model, quantity, index) : new Map();
    for (const [q, cells] of this.placed) {
      for (const cell of cells) {
        const marks = [];
        if (q === quantity) marks.push(index === null || index === cell.at ? "chosen" : "shown");
        if (isLit(sources, q, cell.at)) marks.push("source");
        if (isLit(uses, q, cell.at)) marks.push("use");
        this.mark(cell, marks.join(" "));
      }
    }
  }

  /** @param {Cell} cell @param {string} marks */
  mark(cell, marks) {
    if (cell.marks === marks) return;
    if (cell.marks) cell.element.classList.remove(...cell.marks.split(" "));
    if (marks) cell.element.classList.add(...marks.split(" "));
    cell.marks = marks;
  }

  /** The first cell of a quantity that stands here, or that of one of its numbers. @param {Quantity | null} q @param {number | null} [index] */
  of(q, index = null) {
    const cells = (q && this.placed.get(q)) ?? [];
    return (cells.find((cell) => cell.at === index) ?? cells[0])?.element ?? null;
  }
}

// Step by step: through the tables in the order in which a person computes them.

import { isTyping, make, makeButton } from "./dom.js";

/** @typedef {import("./trees.js").Quantity} Quantity */

const PAUSE = 1800;
const SHORTEST_SWIPE = 50;

export class Steps {
  /**
   * @param {HTMLElement} place where the buttons go @param {import("./model.js").Model} model
   * @param {import("./view.js").View} view @param {HTMLElement} swiped where a finger goes back and on
   * @param {Quantity[]} [tables] the tables that are gone through
   */
  constructor(place, model, view, swiped, tables = model.quantities.filter((q) => q.rule)) {
    this.view = view;
    /** @type {(Quantity | null)[]} all that is given as the first stop, then each table that is computed */
    this.stops = [null, ...tables];
    this.timer = 0;
    this.back = makeButton("◀ Back", () => this.go(-1), { title: "The table before (left arrow or p)" });
    this.next = makeButton("Next ▶", () => this.go(1), { title: "The next table (right arrow or n)", class: "next" });
    this.play = makeButton("Play", () => this.toggle(), { title: "Go through all tables" });
    this.choice = document.createElement("select");
    this.choice.setAttribute("aria-label", "Go to a table");
    this.fillChoice(tables);
    this.choice.addEventListener("change", () => view.look(this.stops[this.choice.selectedIndex]));
    /** Says the table that a step leads to, for those who do not see it. */
    this.told = make("span", { class: "hidden", "aria-live": "polite" });
    place.append(this.back, this.choice, this.next, this.play, this.told);
    view.subscribe(() => this.show());
    document.addEventListener("keydown", (event) => this.press(event));
    this.listenToSwipes(swiped);
    this.show();
  }

  /** All stops by their stages and steps. @param {Quantity[]} tables */
  fillChoice(tables) {
    this.choice.append(new Option("Given"));
    let group = null;
    for (const q of tables) {
      const label = headingOf(q);
      if (group?.label !== label) {
        group = document.createElement("optgroup");
        group.label = label;
        this.choice.append(group);
      }
      group.append(new Option(q.symbol));
    }
  }

  /** The stop that is shown: of what is given the first. */
  get place() {
    const { quantity } = this.view;
    return Math.max(0, this.stops.indexOf(quantity));
  }

  /** @param {number} by how many stops on, or back */
  go(by) {
    const place = this.place + by;
    if (place < 0 || place >= this.stops.length) return false;
    const stop = this.stops[place];
    this.view.look(stop);
    this.told.textContent = stop ? `${stop.symbol}. ${stop.says}` : "Given";
    return true;
  }

  toggle() {
    if (this.timer) return this.stop();
    if (this.place === this.stops.length - 1) this.view.look(null);
    else this.go(1);
    this.timer = window.setInterval(() => this.go(1) || this.stop(), PAUSE);
    this.show();
  }

  stop() {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.show();
  }

  show() {
    const { place } = this;
    this.choice.selectedIndex = place;
    this.back.disabled = place === 0;
    this.next.disabled = place === this.stops.length - 1;
    this.play.textContent = this.timer ? "Pause" : "Play";
    this.play.setAttribute("aria-pressed", String(this.timer !== 0));
    this.choice.title = `Table ${place} of ${this.stops.length - 1}`;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping() || document.querySelector("dialog[open]")) return;
    const by = { ArrowRight: 1, n: 1, ArrowLeft: -1, p: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.stop();
    this.go(by);
  }

  /** @param {HTMLElement} swiped */
  listenToSwipes(swiped) {
    /** @type {Touch | null} */
    let start = null;
    let scrolled = 0;
    swiped.addEventListener("touchstart", (event) => ([start, scrolled] = [event.touches[0], scrollOf(event.target)]), { passive: true });
    swiped.addEventListener("touchend", (event) => {
      if (!start) return;
      const across = event.changedTouches[0].clientX - start.clientX;
      const down = event.changedTouches[0].clientY - start.clientY;
      const isSwipe = Math.abs(across) > SHORTEST_SWIPE && Math.abs(across) > 2 * Math.abs(down);
      if (isSwipe && scrollOf(event.target) === scrolled) this.go(across < 0 ? 1 : -1);
      start = null;
    });
  }
}

/** How far what scrolls sideways around an element has been scrolled. @param {EventTarget | null} target */
function scrollOf(target) {
  return target instanceof Element ? (target.closest(".scroll")?.scrollLeft ?? 0) : 0;
}

/** The step or the stage that a quantity stands in. @param {Quantity} q */
function headingOf(q) {
  const back = q.stage === "backward" ? ", backward" : "";
  if (q.step !== null) return `Step ${q.step}${back}`;
  return { loss: "The loss", backward: "Gradients of all steps", update: "The update" }[q.stage] ?? "Forward";
}

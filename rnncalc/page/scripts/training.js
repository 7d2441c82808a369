// Gradient descent: one update of the weights, or many in a row, while the loss draws itself.

import { drawn, make, makeButton } from "./dom.js";
import { numberField, spelled } from "./inputs.js";
import { exactText, numberText } from "./numbers.js";

/** @typedef {import("./model.js").Model} Model */

const WIDE = 300;
const TALL = 90;
const EDGE = 6;

export class Training {
  /**
   * @param {HTMLElement} place @param {Model} model @param {import("./view.js").View} view
   * @param {(sentence: string) => void} say
   */
  constructor(place, model, view, say) {
    this.model = model;
    this.view = view;
    this.say = say;
    /** @type {number[]} The loss before each update, and after the last one. */
    this.losses = [];
    this.running = 0;
    this.update = makeButton("Update", () => this.once(), { title: "One step of gradient descent: each weight minus eta times its gradient" });
    this.train = makeButton("Train", () => this.toggle(), { title: "One update after another" });
    this.figure = make("div", { class: "plot", role: "img" });
    this.count = make("span", { class: "count" });
    place.append(...this.rates(), this.update, this.train, this.count, this.figure);
    place.hidden = !model.updates.length;
    model.subscribe(() => this.follow());
    this.follow();
  }

  /** A field for each given number that has no place in the picture, such as eta. */
  rates() {
    const { model } = this;
    const rates = model.quantities.filter((q) => !q.rule && q.step === null && ["eta", "clip", "clip_norm"].includes(q.name));
    return rates.map((q) => {
      const field = numberField(model, q, 0, this.say, () => {});
      const write = () => {
        if (field !== document.activeElement) field.value = exactText(q.value[0]);
        field.classList.toggle("mine", model.isMine(q, 0));
      };
      field.addEventListener("rewrite", write);
      model.subscribe(write);
      write();
      return make("label", { class: "rate" }, make("span", { text: spelled(q) }), field);
    });
  }

  once() {
    if (!this.model.updateStep()) this.complain();
  }

  toggle() {
    if (this.running) return this.stop();
    this.goOn(true);
    this.show();
  }

  /** Ask for the next update. @param {boolean} isFirst whether it is the one that Undo goes back to */
  goOn(isFirst) {
    this.running = requestAnimationFrame(() => this.run(isFirst));
  }

  /** One update for each picture that the screen shows. @param {boolean} isFirst */
  run(isFirst) {
    if (this.model.updateStep({ remembers: isFirst })) return this.goOn(false);
    this.stop();
    this.complain();
  }

  stop() {
    cancelAnimationFrame(this.running);
    this.running = 0;
    this.show();
    const { loss, updated } = this.model;
    if (loss !== null) this.say(`Loss ${numberText(loss, this.view.decimals)} after ${updated} updates`);
  }

  complain() {
    const { updated } = this.model;
    this.say(`Update ${updated + 1} cannot be made: some numbers would be too large to compute with. eta is too large; the weights stay as they are.`);
  }

  /** Keep the loss, and draw. */
  follow() {
    const { model, losses } = this;
    if (model.loss === null) return;
    losses.length = Math.min(losses.length, model.updated);
    while (losses.length < model.updated) losses.push(NaN);
    losses[model.updated] = model.loss;
    this.show();
  }

  show() {
    const { model, losses } = this;
    this.train.textContent = this.running ? "Stop" : "Train";
    this.train.setAttribute("aria-pressed", String(this.running !== 0));
    this.update.disabled = this.running !== 0;
    this.count.textContent = model.updated === 1 ? "1 update" : `${model.updated} updates`;
    this.figure.hidden = model.updated === 0;
    this.figure.replaceChildren(plotOf(losses));
    const text = (/** @type {number} */ loss) => numberText(loss, this.view.decimals);
    const first = losses.find((loss) => !Number.isNaN(loss)) ?? 0;
    const last = losses[losses.length - 1];
    this.figure.setAttribute("aria-label", model.updated ? `The loss after each update: from ${text(first)} to ${text(last)}.` : `The loss before the first update: ${text(last)}.`);
  }
}

/** The losses as a line. @param {number[]} losses */
function plotOf(losses) {
  const seen = losses.filter(Number.isFinite);
  const highest = Math.max(...seen, 0);
  const across = (/** @type {number} */ i) => EDGE + (i * (WIDE - 2 * EDGE)) / Math.max(losses.length - 1, 1);
  const down = (/** @type {number} */ loss) => TALL - EDGE - (loss / (highest || 1)) * (TALL - 2 * EDGE - 10);
  const every = Math.max(1, Math.floor(losses.length / WIDE));
  const points = losses.flatMap((loss, i) => (Number.isFinite(loss) && (i % every === 0 || i === losses.length - 1) ? [`${across(i).toFixed(1)},${down(loss).toFixed(1)}`] : []));
  const last = losses.length - 1;
  const label = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ text, /** @type {string} */ anchor) => {
    const element = drawn("text", { x, y, "text-anchor": anchor });
    element.textContent = text;
    return element;
  };
  return drawn(
    "svg",
    { viewBox: `0 0 ${WIDE} ${TALL}`, "aria-hidden": "true" },
    drawn("line", { x1: EDGE, y1: TALL - EDGE, x2: WIDE - EDGE, y2: TALL - EDGE }),
    drawn("polyline", { points: points.join(" ") }),
    drawn("circle", { cx: across(last), cy: down(losses[last]), r: 3 }),
    label(EDGE, 10, numberText(highest, 2), "start"),
    label(WIDE - EDGE, 10, last ? `${numberText(losses[last], 4)} after ${last}` : "", "end"),
  );
}

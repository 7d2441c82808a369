// The words of the picture: names, labels and equations, and at every step what is read, predicted and wanted.

import { make } from "./dom.js";
import { elementName, shownNumber } from "./naming.js";
import { shrunk } from "./sizes.js";

/** @typedef {import("./trees.js").Quantity} Quantity */
/** @typedef {import("./picture.js").Picture} Picture */

const LETTERS_OF_A_NUMBER = 6;

/** Names, labels, captions and equations, and the 1 that biases are multiplied by. */
export function putWords(/** @type {Picture} */ picture) {
  const { plan, layout, model } = picture;
  for (const [row, column, span, kind, text] of plan.words) {
    if (kind === "equation" && !layout.sizes.equations) continue;
    const step = layout.stepOf(column);
    if (kind === "label" && step > 0) continue;
    const word = make("span", { class: `word ${kind}`, text, title: kind === "equation" ? text : "" });
    const area = layout.area(row, column, span);
    if (kind === "caption") word.style.setProperty("--shrunk", String(shrunk(text, area.width)));
    picture.put(word, area, step);
  }
  putLabels(picture);
  for (const row of plan.ones) {
    for (let step = 1; step <= model.problem.steps; step++) {
      picture.put(make("span", { class: "word one", text: "1" }), layout.area(row, layout.firstColumn(step) + 1), step);
    }
  }
}

/** What the rows stand for, beside the first step that has numbers there; on a strip beside every step. */
function putLabels(/** @type {Picture} */ picture) {
  const { plan, layout } = picture;
  const labels = plan.words.filter((word) => word[3] === "label");
  for (const [row, column, , , text] of labels) {
    const label = () => make("span", { class: "word label", text });
    const [first, ...others] = stepsIn(picture, row);
    if (layout.sizes.stepLabels) {
      for (const step of [first, ...others]) picture.put(label(), layout.area(row, layout.firstColumn(step)), step);
    } else if (layout.stepOf(column) > 0) {
      // where the first steps have no numbers, in their place
      const area = first > 1 ? layout.area(row, layout.firstColumn(first - 1) + 1, plan.side) : layout.area(row, plan.first - 1);
      picture.put(label(), area, first - 1);
    }
  }
}

/** The steps that have numbers in a row. @param {Picture} picture @param {number} row @returns {number[]} */
function stepsIn({ plan, model }, row) {
  const steps = new Set(plan.ones.includes(row) ? Array.from({ length: model.problem.steps }, (_, i) => i + 1) : []);
  for (const [name, first, , step] of plan.tables) {
    if (step && first <= row && row < first + (model.named.get(name)?.rows ?? 0)) steps.add(step);
  }
  return [...steps].sort((a, b) => a - b);
}

/** At every step what is read, predicted and wanted. */
export function putEnds(/** @type {Picture} */ picture) {
  const { plan, layout, model } = picture;
  for (let step = 1; step <= model.problem.steps; step++) {
    const first = layout.firstColumn(step) + 1;
    const heading = make("div", { class: "heading" }, make("span", { text: `${step}` }));
    picture.put(heading, layout.area(plan.heading, first, plan.side), step);
    putToken(picture, heading, `x_${step}`, `Read at step ${step}`);
    const p = model.named.get(`p_${step}`);
    if (plan.predicted && p && picture.cells.keeper.shows(p)) {
      const best = make("span", { class: "word token predicted tint-output" });
      const isLong = model.problem.outputs.some((/** @type {string} */ name) => [...name].length > LETTERS_OF_A_NUMBER);
      picture.put(best, isLong ? layout.area(plan.predicted, first, plan.side) : layout.area(plan.predicted, first + plan.side - 1), step);
      picture.writers.push(() => (best.textContent = model.problem.outputs[largestAt(p.value)] ?? ""));
    }
    if (plan.wanted && model.named.has(`target_${step}`)) {
      const wanted = make("div", { class: "wanted" });
      picture.put(wanted, layout.area(plan.wanted, first, Math.max(1, plan.side - 1)), step);
      putToken(picture, wanted, `target_${step}`, `Wanted at step ${step}`);
    }
  }
}

/** A letter to choose or, where it is none, the numbers. @param {Picture} picture @param {HTMLElement} within @param {string} name @param {string} says */
function putToken(picture, within, name, says) {
  const { model, view, cells } = picture;
  const q = model.named.get(name);
  if (!q) return;
  if (model.letters.has(q)) return within.append(cells.keeper.letter(q, says));
  if (!cells.keeper.shows(q)) return;
  const names = q.stage !== "given" && model.problem.vocabulary.length ? model.problem.vocabulary : null;
  if (!names && !within.classList.contains("wanted")) return;
  if (!names && q.value.length === 1 && !q.rule) return within.append(cells.make(q, 0));
  const button = make("button", { type: "button", class: "token", title: elementName(q, 0), onclick: () => view.look(q) });
  within.append(button);
  const text = () => (names ? names[largestAt(q.value)] : Array.from(q.value, (_, at) => shownNumber(q, at, view.decimals)).join(" "));
  picture.writers.push(() => (button.textContent = text()));
}

function largestAt(/** @type {Float64Array} */ values) {
  return values.indexOf(Math.max(...values));
}

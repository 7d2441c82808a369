// How large the picture's cells and its type are: what the longest numbers, the screen and the finger ask for.

import { make } from "./dom.js";
import { Layout } from "./layout.js";
import { shownNumber } from "./naming.js";

/** @typedef {import("./trees.js").Quantity} Quantity */
/** @typedef {import("./picture.js").Picture} Picture */

const SMALLEST_TYPE = 10.5;
const EASY_TYPE = 11;
const LARGEST_TYPE = 22;
const TYPE_OF_A_STRIP = 13;
const LARGEST_IN_PRINT = 10;
const WIDTH_OF_PAPER = 680;
/** The part of the width that the weights may take, where they stay in sight while steps are scrolled. */
const MOST_FOR_WEIGHTS = 0.42;
/** How wide a letter is and how large a caption, beside the type. */
const LETTER = 0.5;
const CAPTION = 0.85;
const ROW_TO_CLICK = 1.55;
const ROW_TO_TOUCH = 1.95;
const NARROW = "(max-width: 60rem)";
const TOUCHED = "(pointer: coarse)";

/** Whether the picture is a strip to be swiped, above the panel. */
export function isStrip() {
  return matchMedia(NARROW).matches;
}

/** Call f when the sizes have to be others. @param {() => void} f */
export function whenSizesChange(f) {
  for (const query of [NARROW, TOUCHED]) matchMedia(query).addEventListener("change", f);
}

/** The width and the height that a picture has. Reading them makes the browser lay out the page. @param {HTMLElement} place */
export function roomIn({ clientWidth, clientHeight }) {
  return { width: clientWidth, height: clientHeight };
}

/** The layout for numbers so long, with equations where there is room for them. @param {Picture} picture @returns {Layout} */
export function layoutFor(picture) {
  return layoutWith(picture, hasRoomForEquations(picture));
}

/** @param {Picture} picture @param {boolean} equations whether equations stand at the left; the panel has them too */
function layoutWith({ plan, place, letters, model }, equations) {
  return new Layout(plan, {
    row: matchMedia(TOUCHED).matches ? ROW_TO_TOUCH : ROW_TO_CLICK,
    digit: digitWidth(place),
    given: letters[0],
    number: letters[1],
    equations,
    stepLabels: isStrip(),
    steps: model.problem.steps,
    rowsOf: (name) => model.named.get(name)?.rows ?? 0,
  });
}

/** @param {Picture} picture */
export function hasRoomForEquations(picture) {
  if (isStrip()) return false;
  const layout = layoutWith(picture, true);
  const { width } = picture.room;
  return layout.width * EASY_TYPE <= width || layout.spanOf(0).width * EASY_TYPE < MOST_FOR_WEIGHTS * width;
}

/**
 * The letters of the longest number at the left, and of the longest in the steps.
 * @param {Picture} picture @param {Set<Quantity>} [among] where only some quantities have changed
 */
export function longestNumbers({ plan, model, cells }, among) {
  const longest = [1, 1];
  for (const [name, , , step] of plan.tables) {
    const q = /** @type {Quantity} */ (model.named.get(name));
    if (among && !among.has(q)) continue;
    const side = step === 0 ? 0 : 1;
    for (let at = 0; at < q.value.length; at++) {
      longest[side] = Math.max(longest[side], lengthOf(shownNumber(q, at, cells.keeper.decimals(q))));
    }
  }
  return longest;
}

/** The type as large as there is room for, on the screen and in print. @param {Picture} picture */
export function fitType({ room: { width, height }, layout, board }) {
  const room = Math.min((width - 10) / layout.width, (height - 10) / layout.height);
  const size = Math.min(LARGEST_TYPE, Math.max(SMALLEST_TYPE, isStrip() ? TYPE_OF_A_STRIP : room));
  board.style.setProperty("--em", `${size}px`);
  board.style.setProperty("--print-em", `${Math.min(LARGEST_IN_PRINT, WIDTH_OF_PAPER / layout.width)}px`);
  const share = (layout.spanOf(0).width * size) / width;
  board.classList.toggle("stays", share < MOST_FOR_WEIGHTS && layout.width * size > width);
}

/** Measured once: measuring makes the browser lay out the page. */
let widthOfDigit = 0;

/** How wide a digit is, in the height of the type. @param {HTMLElement} place */
function digitWidth(place) {
  if (widthOfDigit) return widthOfDigit;
  const probe = make("span", { class: "board probe", text: "0".repeat(100) });
  place.append(probe);
  const width = probe.getBoundingClientRect().width / 100 / parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  widthOfDigit = width;
  return width || 0.6;
}

/** How much smaller a caption has to be than others, so that it does not run into the next. @param {string} text @param {number} width */
export function shrunk(text, width) {
  return Math.max(0.7, Math.min(1, width / ([...text].length * LETTER * CAPTION)));
}

/** The letters of a number, its point counted as half of one. @param {string} text */
function lengthOf(text) {
  return text.includes(".") ? text.length - 0.5 : text.length;
}

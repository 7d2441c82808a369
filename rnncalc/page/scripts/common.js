// What live pages and pages to fill in have in common.

import { part } from "./dom.js";
import { FEWEST_DECIMALS, MOST_DECIMALS } from "./view.js";

/** What the page holds (see rnncalc/page/content.py). @returns {any} */
export function pageData() {
  return JSON.parse(part("data").textContent);
}

/** Says a sentence where it is seen and heard. @param {HTMLElement} place */
export function sayer(place) {
  return (/** @type {string} */ sentence) => {
    place.textContent = sentence;
  };
}

/** The choice of how many decimals are shown. @param {import("./view.js").View} view */
export function decimalsChoice(view) {
  const decimals = document.createElement("select");
  for (let count = FEWEST_DECIMALS; count <= MOST_DECIMALS; count++) decimals.append(new Option(`${count} decimals`, String(count)));
  decimals.setAttribute("aria-label", "Decimals shown");
  decimals.value = String(view.decimals);
  decimals.addEventListener("change", () => view.setDecimals(Number(decimals.value)));
  return decimals;
}

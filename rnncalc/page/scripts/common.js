// What live pages and pages to fill in have in common.

import { part } from "./dom.js";
import { FEWEST_DECIMALS, MOST_DECIMALS } from "./view.js";

/** What the page holds (see rnncalc/page/content.py). @returns {any} */
export function pageData() {
  return JSON.parse(part("data").textContent);
}

/**
 * Begin after the browser has painted the title and the frame, so that they do not wait for the cells.
 * @param {() => void} begin
 */
export function afterFirstPaint(begin) {
  requestAnimationFrame(() =>
    setTimeout(() => {
      begin();
      part("page").removeAttribute("aria-busy");
    }),
  );
}

/** Says a sentence where it is seen and heard. @param {HTMLElement} place */
export function sayer(place) {
  return (/** @type {string} */ sentence) => {
    place.textContent = sentence;
  };
}

/**
 * Show what is looked at, in picture and panel.
 * @param {import("./view.js").View} view @param {import("./picture.js").Picture} picture @param {import("./panel.js").Panel} panel
 */
export function followView(view, picture, panel) {
  view.subscribe((what) => {
    if (what === "decimals") {
      picture.build();
      panel.rewrite();
      return;
    }
    picture.cells.light();
    picture.reveal();
    panel.show();
  });
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

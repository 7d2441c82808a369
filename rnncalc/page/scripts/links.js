// Links to one number: page.html#h_2[1], and to one table: page.html#h_2.

import { elementName } from "./naming.js";

/** Look at what the address names, now and whenever it changes, and keep the address at what is looked at. */
export function followLinks(/** @type {import("./model.js").Model} */ model, /** @type {import("./view.js").View} */ view) {
  const go = () => {
    const found = placeNamed(model, location.hash);
    if (found) view.look(found.quantity, found.index);
  };
  window.addEventListener("hashchange", go);
  view.subscribe((what) => {
    if (what === "place") keep(view);
  });
  go();
}

/**
 * What an address names: `#h_2`, `#h_2[1]`, `#Wxh[3,2]` or, as shells like it, `#Wxh:3,2`.
 * @param {import("./model.js").Model} model @param {string} hash
 */
export function placeNamed(model, hash) {
  const match = /^#?([^[\]:]+)(?:\[(\d+)(?:,(\d+))?\]|:(\d+)(?:,(\d+))?)?$/.exec(plainHash(hash));
  const quantity = match && model.named.get(match[1]);
  if (!match || !quantity) return null;
  const row = match[2] ?? match[4];
  const column = Number(match[3] ?? match[5] ?? 1);
  if (row === undefined) return { quantity, index: null };
  const isInside = Number(row) >= 1 && Number(row) <= quantity.rows && column >= 1 && column <= quantity.columns;
  return { quantity, index: isInside ? (Number(row) - 1) * quantity.columns + column - 1 : null };
}

function plainHash(/** @type {string} */ hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

function keep(/** @type {import("./view.js").View} */ view) {
  const { quantity, index } = view;
  const hash = quantity === null ? " " : `#${index === null ? quantity.name : elementName(quantity, index)}`;
  try {
    history.replaceState(null, "", hash === " " ? location.pathname + location.search : hash);
  } catch {
    // a page in a frame of its own has no address to keep
  }
}

// What a page shows at the moment: which quantity, which of its numbers, with how many decimals.

/** @typedef {import("./trees.js").Quantity} Quantity */

export const FEWEST_DECIMALS = 2;
export const MOST_DECIMALS = 12;

/**
 * `quantity`: what the panel shows, null for all that is given; `index`: which of its numbers, row after row, null for
 * none; `showsUses`: whether the numbers that it goes into light up.
 */
export class View {
  /** @param {number} decimals */
  constructor(decimals) {
    /** @type {Quantity | null} */
    this.quantity = null;
    /** @type {number | null} */
    this.index = null;
    this.showsUses = false;
    this.decimals = decimals;
    /** @type {((what: "place" | "decimals") => void)[]} */
    this.listeners = [];
  }

  /** Call f whenever something else is shown. @param {(what: "place" | "decimals") => void} f */
  subscribe(f) {
    this.listeners.push(f);
  }

  /** Show a quantity, or one of its numbers. @param {Quantity | null} quantity @param {number | null} [index] */
  look(quantity, index = null) {
    if (quantity === this.quantity && index === this.index) return;
    this.quantity = quantity;
    this.index = quantity && quantity.rows * quantity.columns === 1 ? 0 : index;
    this.showsUses = false;
    this.tell("place");
  }

  /** Light up where the number is used, or no longer. @param {boolean} shown */
  showUses(shown) {
    this.showsUses = shown;
    this.tell("place");
  }

  /** @param {number} decimals */
  setDecimals(decimals) {
    this.decimals = Math.min(MOST_DECIMALS, Math.max(FEWEST_DECIMALS, decimals));
    this.tell("decimals");
  }

  /** @param {"place" | "decimals"} what */
  tell(what) {
    for (const f of this.listeners) f(what);
  }
}

// One stop of the Tab key for many numbers: the arrow keys go from number to number.

const WAYS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/** What does not lie straight ahead is as far as this, besides. */
const ASIDE = 10000;

/**
 * Let the arrow keys move the focus among the elements with data-cell in a part of the page.
 * @param {HTMLElement} within
 */
export function rove(within) {
  within.addEventListener("focusin", (event) => {
    const cell = /** @type {HTMLElement} */ (event.target);
    if (cell.dataset.cell !== undefined) stopAt(within, cell);
  });
  within.addEventListener("keydown", (event) => {
    const cell = /** @type {any} */ (event.target);
    const way = WAYS[event.key];
    if (!way || cell.dataset?.cell === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    // within a number that is being typed, left and right belong to its letters
    if (cell.dataset.typing !== undefined && way[1] === 0) return;
    const next = nearest(cell, [...within.querySelectorAll("[data-cell]")], way);
    event.preventDefault();
    event.stopPropagation();
    next?.focus();
  });
}

/** Make one cell the one where the Tab key stops. @param {HTMLElement} within @param {HTMLElement} cell */
export function stopAt(within, cell) {
  for (const other of within.querySelectorAll('[data-cell][tabindex="0"]')) /** @type {any} */ (other).tabIndex = -1;
  cell.tabIndex = 0;
}

/** The nearest element in a direction: what lies straight ahead comes first, however far. */
function nearest(/** @type {HTMLElement} */ from, /** @type {Element[]} */ others, /** @type {[number, number]} */ [right, down]) {
  const start = middleOf(from);
  let best = null;
  let least = Infinity;
  for (const other of others) {
    if (other === from) continue;
    const there = middleOf(other);
    const ahead = (there.x - start.x) * right + (there.y - start.y) * down;
    const aside = Math.abs((there.x - start.x) * down) + Math.abs((there.y - start.y) * right);
    if (ahead <= 2) continue;
    const isStraight = aside < (right ? start.height : start.width) / 2;
    const far = ahead + (isStraight ? 0 : ASIDE + 4 * aside);
    if (far < least) [best, least] = [/** @type {HTMLElement} */ (other), far];
  }
  return best;
}

function middleOf(/** @type {Element} */ element) {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2, width, height };
}

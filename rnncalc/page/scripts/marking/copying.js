// Slips of copying: a number that was worked rightly and written down wrongly.
// The same as rnncalc/marking/copying.py.
import { sameInterval } from "./interval.js";
import { fixed, roundedTo, unitOf } from "./digits.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("./carried.js").Cells} Cells */
/** @typedef {import("./interval.js").Interval} Interval */
/** @typedef {Map<number, Interval>} Meant What should stand at places. */
/** @typedef {{kind: string, says: string, others: number}} Slip A slip of copying: its kind, what it says in plain
 * words, and how many other numbers it could have led to. */

const MOST_WRITTEN = 24;
const MANY = 1000;

/** The slips that make a written number of one that should stand there; the plainest first.
 * @param {Answer} answer @param {Interval} meant @returns {Slip[]} */
export function slipsOf(answer, meant) {
  const { number } = answer;
  if (number === null || number === 0) return [];
  const decimals = answer.decimals === null ? 10 : Math.max(answer.decimals, 0);
  const unit = unitOf(decimals);
  const half = 0.55 * unit;
  if (meant.low - half <= -number && -number <= meant.high + half) {
    const says = number > 0 ? "the minus sign is missing" : "there is a minus sign too many";
    return [{ kind: "sign-lost", says, others: 1 }];
  }
  const typed = digitsOf(number, decimals);
  const between = numbersBetween(meant, unit);
  const rights = [...new Set(between.map((value) => digitsOf(value, decimals)))];
  const slips = [];
  if (rights.some((right) => swapped(right).has(typed))) {
    slips.push({ kind: "digits-swapped", says: "two adjacent digits are swapped", others: decimals });
  }
  if (between.some((value) => isMoved(number, value, decimals))) {
    const few = Math.abs(number) < 10 * unit; // a single digit is another's by chance
    slips.push({ kind: "point-moved", says: "the decimal point is in the wrong place", others: few ? MANY : 6 });
  }
  if (rights.some((right) => oneDiffers(typed, right))) {
    slips.push({ kind: "digit-wrong", says: "one digit is wrong", others: 9 * (decimals + 1) });
  }
  return slips;
}

/** @param {number} number @param {number} decimals @returns {string} */
function digitsOf(number, decimals) {
  return fixed(roundedTo(number, decimals) + 0, decimals);
}

/** The numbers that may be written where one of an interval belongs, if they are few.
 * @param {Interval} meant @param {number} unit @returns {number[]} */
function numbersBetween(meant, unit) {
  if (!(Number.isFinite(meant.low) && Number.isFinite(meant.high))) return [];
  const count = Math.min(2 * Math.trunc((meant.high - meant.low) / unit) + 2, MOST_WRITTEN);
  return Array.from({ length: count + 1 }, (_, i) => meant.low + ((meant.high - meant.low) * i) / count);
}

/** Whether a number has the digits of another, the decimal point one to three places further.
 *
 * Where it was moved to the right, the other had as many decimals more, or is counted with those of its cell.
 * @param {number} number @param {number} right @param {number} decimals @returns {boolean} */
function isMoved(number, right, decimals) {
  for (const places of [1, -1, 2, -2, 3, -3]) {
    const reach = places > 0 ? 1e-9 * Math.abs(number) : 0.55 * unitOf(decimals);
    for (const digits of places > 0 ? [decimals, decimals + places] : [decimals]) {
      const written = roundedTo(right, digits);
      if (written === 0 || written === number) continue;
      if (Math.abs(number - written * unitOf(-places)) <= reach) return true;
    }
  }
  return false;
}

/** The text with two neighbouring digits exchanged, the decimal point passed over.
 * @param {string} text @returns {Set<string>} */
function swapped(text) {
  const places = [...text].flatMap((sign, i) => (isDigit(sign) ? [i] : []));
  const each = new Set();
  places.slice(1).forEach((j, k) => {
    const i = places[k];
    if (text[i] === text[j]) return;
    const signs = [...text];
    [signs[i], signs[j]] = [signs[j], signs[i]];
    each.add(signs.join(""));
  });
  return each;
}

/** @param {string} sign @returns {boolean} */
function isDigit(sign) {
  return sign >= "0" && sign <= "9";
}

/** @param {string} typed @param {string} right @returns {boolean} */
function oneDiffers(typed, right) {
  if (typed.length !== right.length || [...typed].filter(isDigit).length < 2) return false; // one is another's by chance
  return [...typed].filter((sign, i) => sign !== right[i]).length === 1;
}

// ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Rows of a column or of a matrix that were swapped, stand in another order, or were written twice.
 * @param {Cells} wrong @param {Meant} meant @param {number} columns @returns {Map<number, Slip>} */
export function rowSlips(wrong, meant, columns) {
  const rowOf = (/** @type {number} */ place) => Math.floor(place / columns);
  /** @type {Map<number, number[]>} */
  const rows = new Map();
  for (const place of meant.keys()) rows.set(rowOf(place), [...(rows.get(rowOf(place)) ?? []), place]);
  const wrongRows = [...new Set([...wrong.keys()].map(rowOf))].sort((a, b) => a - b);
  /** @type {Map<number, number[]>} */
  const fromRow = new Map(
    wrongRows.map((row) => {
      const others = [...rows.keys()].filter((other) => other !== row && isRow(row, other, wrong, meant, columns));
      return [row, others.filter((other) => differ(row, other, rows, meant, columns))];
    }),
  );
  /** @type {Map<number, Slip>} */
  const slipOf = new Map();
  const firsts = [...fromRow.values()].filter((others) => others.length).map((others) => others[0]);
  firsts.sort((a, b) => a - b);
  if (wrongRows.length > 1 && firsts.join() === wrongRows.join()) {
    const two = `rows ${wrongRows[0] + 1} and ${wrongRows[1] + 1} are swapped`;
    const says = wrongRows.length === 2 ? two : "the rows are in another order";
    const slip = { kind: "rows-swapped", says, others: rows.size };
    for (const row of wrongRows) slipOf.set(row, slip);
  }
  for (const [row, others] of fromRow) {
    const twice = others.find((other) => !wrongRows.includes(other));
    if (twice === undefined || slipOf.has(row)) continue;
    const says = `row ${twice + 1} was also written in row ${row + 1}`;
    slipOf.set(row, { kind: "row-twice", says, others: rows.size });
  }
  /** @type {Map<number, Slip>} */
  const found = new Map();
  for (const place of wrong.keys()) {
    const slip = slipOf.get(rowOf(place));
    if (slip) found.set(place, slip);
  }
  return found;
}

/** The rows in which a wrong number stands that belongs into another row, and that row.
 * @param {Cells} wrong @param {Meant} meant @param {number} columns @returns {[number, number][]} */
export function rowsTaken(wrong, meant, columns) {
  /** @type {Map<string, [number, number]>} */
  const taken = new Map();
  for (const [place, answer] of wrong) {
    const [row, column] = [Math.floor(place / columns), place % columns];
    for (const [other, interval] of meant) {
      const otherRow = Math.floor(other / columns);
      if (otherRow !== row && other % columns === column && answer.number && holds(answer, interval)) {
        taken.set(`${row} ${otherRow}`, [row, otherRow]);
      }
    }
  }
  return [...taken.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** Whether the wrong numbers of a row are those that belong into another.
 * @param {number} row @param {number} other @param {Cells} wrong @param {Meant} meant @param {number} columns
 * @returns {boolean} */
function isRow(row, other, wrong, meant, columns) {
  const mine = [...wrong].filter(([place]) => Math.floor(place / columns) === row);
  return mine.length > 0 && mine.every(([place, a]) => holds(a, meant.get(other * columns + (place % columns))));
}

/** @param {Answer} answer @param {Interval | undefined} interval @returns {boolean} */
function holds(answer, interval) {
  if (interval === undefined || answer.number === null) return false;
  const half = answer.halfUnit * 1.1 + 1e-12;
  return interval.low - half <= answer.number && answer.number <= interval.high + half;
}

/** @param {number} row @param {number} other @param {Map<number, number[]>} rows @param {Meant} meant
 * @param {number} columns @returns {boolean} */
function differ(row, other, rows, meant, columns) {
  return (rows.get(row) ?? []).some((place) => {
    const [mine, theirs] = [meant.get(place), meant.get(other * columns + (place % columns))];
    return !mine || !theirs || !sameInterval(mine, theirs);
  });
}

// Numbers as people read them, as rnncalc/io/numbers.py writes them.

const WIDEST = 1e9;

/**
 * Fixed decimals; scientific where that would show 0 for a number that is none, or run very long.
 * @param {number} value @param {number} decimals @returns {string}
 */
export function numberText(value, decimals) {
  if (!Number.isFinite(value)) return String(value);
  const text = Math.abs(value) < WIDEST ? value.toFixed(decimals) : "";
  const showsNothing = !/[1-9]/.test(text);
  if (value !== 0 && showsNothing) return scientific(value, Math.max(decimals - 3, 0));
  return showsNothing ? text.replace("-", "") : text;
}

/** As Python writes it: two digits in the exponent at least. @param {number} value @param {number} decimals */
function scientific(value, decimals) {
  return value.toExponential(decimals).replace(/e([+-])(\d)$/, "e$10$2");
}

/** A given number as it was given: 0.84606, 1. @param {number} value @returns {string} */
export function exactText(value) {
  return String(value === 0 ? 0 : value);
}

/**
 * The decimals that a given table shows: none where it holds nothing but whole numbers.
 * @param {ArrayLike<number>} values @param {number} decimals @returns {number}
 */
export function givenDecimals(values, decimals) {
  return Array.from(values).every((value) => Number.isInteger(value) && Math.abs(value) < WIDEST) ? 0 : decimals;
}

/** A typed number, a comma or a point before its decimals; NaN where it is none. @param {string} text */
export function typedNumber(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

// Decimals and digits, to the last one as Python has them: round, and the formats .4f and .6g.

/** 10 to the power of minus so many decimals, to the last binary digit.
 * @param {number} decimals @returns {number} */
export function unitOf(decimals) {
  return UNITS[decimals] ?? Number(`1e${-decimals}`);
}

const UNITS = Array.from({ length: 24 }, (_, decimals) => Number(`1e${-decimals}`));

/** A number with a fixed count of decimals; halves go to the even digit, as in Python.
 * @param {number} value @param {number} decimals @returns {string} */
export function fixed(value, decimals) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (size >= 1e21) return sign + wholeDigits(size) + (decimals ? `.${"0".repeat(decimals)}` : "");
  const text = size.toFixed(Math.min(decimals, 100));
  return sign + (isHalf(size, decimals) ? toEven(text, size, decimals) : text);
}

/** Whether a number stands exactly in the middle between two of so many decimals.
 * @param {number} size @param {number} decimals @returns {boolean} */
function isHalf(size, decimals) {
  const units = size / unitOf(decimals);
  if (Math.abs(units - Math.floor(units) - 0.5) > 1e-3 || decimals > 60) return false;
  return /^50*$/.test(size.toFixed(100).split(".")[1].slice(decimals));
}

/** @param {string} text @param {number} size @param {number} decimals @returns {string} */
function toEven(text, size, decimals) {
  if (Number(text.at(-1)) % 2 === 0) return text;
  const digits = size.toFixed(100);
  const cut = digits.slice(0, digits.length - 100 + decimals);
  return decimals ? cut : cut.replace(/\.$/, "");
}

/** @param {number} size @returns {string} */
function wholeDigits(size) {
  return BigInt(size).toString();
}

/** The number with so many decimals, as Python's round gives it.
 * @param {number} value @param {number} decimals @returns {number} */
export function roundedTo(value, decimals) {
  if (!Number.isFinite(value)) return value;
  return decimals >= 0 ? Number(fixed(value, decimals)) : value;
}

/** A number with so many significant digits, without trailing zeros: Python's format .6g.
 * @param {number} value @param {number} digits @returns {string} */
export function generalText(value, digits) {
  if (!Number.isFinite(value)) return fixed(value, 0);
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power < -4 || power >= digits) return withoutZeros(mantissa) + exponentOf(power);
  return withoutZeros(fixed(value, digits - 1 - power));
}

/** @param {string} text @returns {string} */
function withoutZeros(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** @param {number} power @returns {string} */
function exponentOf(power) {
  return `e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

// The text of a number in our digits and signs. The same as plain in rnncalc/io/written.py.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** Signs of other scripts, and what they are in ours. Dashes of every length, digits and blanks go by their kind.
 * @type {Object<string, string>} */
const OTHER_SIGNS = {
  "−": "-",
  "➖": "-",
  "＋": "+",
  "．": ".",
  "，": ",",
  "،": ",",
  "٫": ".",
  "٬": "'",
  "’": "'",
  "％": "%",
  "٪": "%",
  "＊": "*",
  "＾": "^",
  "（": "(",
  "）": ")",
  ｅ: "e",
  Ｅ: "e",
};
/** It may be meant as a minus sign, or is not seen at all: nobody can tell. */
const SOFT_HYPHEN = "\u00ad";

/** The same text with our digits and signs, one kind of blank, none around, and nothing that cannot be seen.
 * @param {string} text @returns {string} */
export function plain(text) {
  const raised = text.replace(/[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/gu, (power) => {
    return `^${[...power].map((sign) => ({ "⁺": "+", "⁻": "-" })[sign] ?? SUPERSCRIPTS.indexOf(sign)).join("")}`;
  });
  const seen = [...raised].map(plainSign).join("").trim().replace(/\s+/g, " ");
  return seen.replace(/^([+-]) (?=[\d.,])/, "$1");
}

/** @param {string} sign @returns {string} */
function plainSign(sign) {
  if (sign <= "\x7f") return sign;
  if (/\p{Nd}/u.test(sign)) return digitOf(sign);
  if (/\p{Pd}/u.test(sign)) return "-";
  if (/\p{Cf}/u.test(sign) && sign !== SOFT_HYPHEN) return "";
  return OTHER_SIGNS[sign] ?? (/\p{Zs}/u.test(sign) ? " " : sign);
}

/** The digit that a sign of any script is: scripts have their ten digits in a row.
 * @param {string} sign @returns {string} */
function digitOf(sign) {
  const code = /** @type {number} */ (sign.codePointAt(0));
  let before = 0;
  while (before < 50 && /\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return String(before % 10);
}

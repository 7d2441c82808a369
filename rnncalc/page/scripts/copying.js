// A table to take away: into a spreadsheet, a LaTeX document or a page in Markdown.

import { make, makeButton, part } from "./dom.js";
import { decimalsOf } from "./naming.js";
import { exactText, numberText } from "./numbers.js";

/** @typedef {import("./trees.js").Quantity} Quantity */

const COLUMNS_OF_BMATRIX = 10;

/** @type {Record<string, (q: Quantity, decimals: number) => string>} */
export const FORMATS = {
  "TSV for a spreadsheet": (q) => rowsOf(q, exactText).map((row) => row.join("\t")).join("\n"),
  LaTeX: (q, decimals) => latexTable(q, decimals),
  Markdown: (q, decimals) => markdownTable(q, decimals),
};

/** Buttons that copy a table in each format. @param {Quantity} q @param {() => number} decimals @param {(sentence: string) => void} say */
export function copyButtons(q, decimals, say) {
  const buttons = Object.entries(FORMATS).map(([format, write]) =>
    makeButton(format.split(" ")[0], () => copyText(write(q, decimals()), `${q.symbol} is copied as ${format}.`, say), {
      title: `Copy ${q.symbol} as ${format}`,
    }),
  );
  return [make("span", { text: "Copy as" }), ...buttons];
}

/** Put a text on the clipboard or, where that is not allowed, show it ready to be copied. */
async function copyText(/** @type {string} */ text, /** @type {string} */ done, /** @type {(sentence: string) => void} */ say) {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    const dialog = part("copied");
    const area = dialog.querySelector("textarea");
    area.value = text;
    dialog.querySelector("button").onclick = () => dialog.close();
    dialog.showModal();
    area.select();
  }
}

/** The numbers of a table, row by row. @param {Quantity} q @param {(value: number) => string} write */
function rowsOf(q, write) {
  return Array.from({ length: q.rows }, (_, i) => Array.from(q.value.slice(i * q.columns, (i + 1) * q.columns), write));
}

function latexTable(/** @type {Quantity} */ q, /** @type {number} */ decimals) {
  const rows = rowsOf(q, (value) => latexNumber(numberText(value, decimalsOf(q, decimals))));
  const lines = rows.map((row) => row.join(" & ")).join(" \\\\ ");
  if (q.value.length === 1) return `${q.latex} = ${lines}`;
  const isWide = q.columns > COLUMNS_OF_BMATRIX;
  const matrix = isWide
    ? `\\left[ \\begin{array}{*{${q.columns}}{c}} ${lines} \\end{array} \\right]`
    : `\\begin{bmatrix} ${lines} \\end{bmatrix}`;
  return `${q.latex} = ${matrix}`;
}

/** 3.0e-09 as 3.0 · 10⁻⁹. @param {string} text */
function latexNumber(text) {
  const [digits, power] = text.split("e");
  return power === undefined ? digits : `${digits} \\cdot 10^{${Number(power)}}`;
}

function markdownTable(/** @type {Quantity} */ q, /** @type {number} */ decimals) {
  const numbers = rowsOf(q, (value) => numberText(value, decimalsOf(q, decimals)));
  const hasRowNames = q.rows > 1 && q.rowLabels.length > 0;
  const heads = q.columns > 1 && q.columnLabels.length ? q.columnLabels : Array(q.columns).fill("");
  const head = hasRowNames ? [q.symbol, ...heads] : heads.length === 1 ? [q.symbol] : heads;
  const rows = numbers.map((row, i) => (hasRowNames ? [q.rowLabels[i], ...row] : row));
  const line = (/** @type {string[]} */ cells) => `| ${cells.map(markdownText).join(" | ")} |`;
  return [line(head), `|${"---:|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** Text that Markdown takes as it is. @param {string} text */
function markdownText(text) {
  return text.replace(/[\\`*_{}[\]<>#|~$&]/g, "\\$&");
}

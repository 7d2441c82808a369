// Blanks to fill in, in the place of the numbers that a page asks for.

import { make } from "../dom.js";
import { readNumbers } from "../inputs.js";
import { elementSymbol } from "../naming.js";

/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {{status: string, words: string}} Seen what a field shows of its answer: a status, and that in words */

/**
 * How the numbers of a page to fill in are drawn: fields for what is asked for, and numbers for the rest.
 * @param {Sheet} sheet @param {import("../view.js").View} view @param {(q: Quantity, at: number) => Seen} seen
 * @returns {import("../cells.js").Keeper}
 */
export function answerFields(sheet, view, seen) {
  const others = readNumbers(view, () => true);
  const write = (/** @type {HTMLInputElement} */ field, /** @type {Quantity} */ q, /** @type {number} */ at) => {
    const text = sheet.text(q, at);
    if (field.value !== text) field.value = text;
    const { status, words } = seen(q, at);
    field.dataset.status = status;
    field.setAttribute("aria-label", words ? `${elementSymbol(q, at)}, ${words}` : elementSymbol(q, at));
    field.setAttribute("aria-invalid", String(status === "wrong"));
    field.title = words;
  };
  return {
    shows: (q) => !sheet.asks(q),
    decimals: (q) => (sheet.asks(q) ? sheet.own.answerDecimals : view.decimals),
    letter: others.letter,
    write: (element, q, at) => (sheet.asks(q) ? write : others.write)(element, q, at),
    draw(q, at) {
      if (!sheet.asks(q)) return others.draw(q, at);
      const field = make("input", { type: "text", class: "answer", inputMode: "decimal", autocomplete: "off", spellcheck: false, maxLength: 300 });
      field.dataset.place = `${q.name} ${Math.floor(at / q.columns)},${at % q.columns}`;
      field.addEventListener("focus", () => view.look(q, at));
      field.addEventListener("input", () => sheet.type(q, at, field.value));
      field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        goOn(field, event.shiftKey ? -1 : 1);
      });
      return field;
    },
  };
}

/** From a field to the next one on the page, or back. @param {HTMLInputElement} field @param {number} by */
function goOn(field, by) {
  const within = field.closest("section") ?? document.body;
  const fields = [...within.querySelectorAll("input.answer")];
  const next = fields[fields.indexOf(field) + by];
  if (next instanceof HTMLInputElement) next.focus();
}

// What is given, as fields to type in and letters to choose.

import { make, makeButton } from "./dom.js";
import { elementSymbol, shownNumber, signed } from "./naming.js";
import { exactText, typedNumber } from "./numbers.js";

/** @typedef {import("./trees.js").Quantity} Quantity */
/** @typedef {import("./model.js").Model} Model */

const POSITIVE = ["eta", "clip", "clip_norm"];

/** The name of a rate or a threshold, as people say it. @param {Quantity} q */
export function spelled(q) {
  return q.name.replace("_", " ");
}

/** Whether a number can be typed: a given one that is no part of a letter. @param {Model} model @param {Quantity} q */
export function isTyped(model, q) {
  return !q.rule && !model.letters.has(q);
}

/**
 * Put a typed number in its place. @param {Model} model @param {Quantity} q @param {number} at @param {string} text
 * @returns {string} a sentence on what is wrong, in which case nothing has changed; else nothing
 */
export function putNumber(model, q, at, text) {
  const name = POSITIVE.includes(q.name) ? spelled(q) : elementSymbol(q, at);
  const value = typedNumber(text);
  if (text.trim() === "") return `${name} needs a number, such as 0.5. It is still ${exactText(q.value[at])}.`;
  if (Number.isNaN(value)) {
    return `“${shortened(text)}” is not a number that ${name} can take: type one such as 0.5, 0,5 or −2. It is still ${exactText(q.value[at])}.`;
  }
  if (POSITIVE.includes(q.name) && value <= 0) {
    return `${name} must be greater than 0. It is still ${exactText(q.value[at])}.`;
  }
  if (model.setNumber(q, at, value)) return "";
  return `With ${name} = ${exactText(value)} some numbers become too large to compute with. It is still ${exactText(q.value[at])}.`;
}

function shortened(/** @type {string} */ text) {
  const letters = [...text.trim()];
  return letters.length > 20 ? `${letters.slice(0, 19).join("")}…` : letters.join("");
}

/**
 * A field for a given number. Enter or leaving it puts the number in its place, Escape leaves it as it was.
 * @param {Model} model @param {Quantity} q @param {number} at @param {(sentence: string) => void} complain
 * @param {() => void} open
 */
export function numberField(model, q, at, complain, open) {
  const field = make("input", { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
  let before = "";
  const isChanged = () => field.value !== before;
  field.addEventListener("focus", () => {
    field.value = before = signed(exactText(q.value[at]));
    field.select();
    open();
  });
  field.addEventListener("input", () => {
    field.dataset.typing = "";
    field.removeAttribute("aria-invalid");
  });
  const leave = () => {
    delete field.dataset.typing;
    const sentence = isChanged() ? putNumber(model, q, at, field.value) : "";
    if (sentence) complain(sentence);
    field.dispatchEvent(new CustomEvent("rewrite"));
    return sentence === "";
  };
  field.addEventListener("blur", leave);
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && isChanged()) {
      field.value = before;
      delete field.dataset.typing;
      field.select();
      event.stopPropagation();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    const isTaken = leave();
    field.value = before = signed(exactText(q.value[at]));
    field.setAttribute("aria-invalid", String(!isTaken));
    if (isTaken) field.removeAttribute("aria-invalid");
    field.select();
  });
  return field;
}

/**
 * A letter to choose. @param {Model} model @param {Quantity} q @param {string} says
 */
export function letterField(model, q, says) {
  const names = model.letters.get(q) ?? [];
  const field = make(
    "select",
    { "aria-label": says, class: "letter", onchange: () => model.setLetter(q, field.selectedIndex) },
    ...names.map((name) => make("option", { text: name })),
  );
  const write = () => {
    field.selectedIndex = q.value.indexOf(1);
    field.classList.toggle("mine", model.isMine(q, q.value.indexOf(1)));
  };
  model.subscribe(write);
  write();
  return field;
}

/**
 * How numbers are drawn that open when they are chosen, and at once when the keyboard reaches them if they are to.
 * @param {import("./view.js").View} view @param {(q: Quantity) => boolean} opensAtOnce
 * @returns {import("./cells.js").Keeper}
 */
export function readNumbers(view, opensAtOnce) {
  return {
    shows: () => true,
    decimals: () => view.decimals,
    letter: (q) => make("span", { class: "letter", text: q.rowLabels[q.value.indexOf(1)] }),
    write(element, q, at) {
      const text = shownNumber(q, at, view.decimals);
      element.textContent = text;
      element.setAttribute("aria-label", `${elementSymbol(q, at)} = ${text}`);
    },
    draw(q, at) {
      const open = () => view.look(q, at);
      const button = makeButton("", open);
      button.addEventListener("focus", () => opensAtOnce(q) && button.matches(":focus-visible") && open());
      return button;
    },
  };
}

/**
 * How the numbers of a live picture are drawn: fields for what is given, and buttons for the others.
 * @param {Model} model @param {import("./view.js").View} view @param {(sentence: string) => void} complain
 * @returns {import("./cells.js").Keeper}
 */
export function liveNumbers(model, view, complain) {
  const others = readNumbers(view, () => true);
  const write = (/** @type {any} */ field, /** @type {Quantity} */ q, /** @type {number} */ at) => {
    if (field !== document.activeElement) field.value = shownNumber(q, at, view.decimals);
    field.classList.toggle("mine", model.isMine(q, at));
  };
  return {
    shows: () => true,
    decimals: () => view.decimals,
    letter: (q, says) => letterField(model, q, says),
    write: (element, q, at) => (isTyped(model, q) ? write : others.write)(element, q, at),
    draw(q, at) {
      if (!isTyped(model, q)) return others.draw(q, at);
      const field = numberField(model, q, at, complain, () => view.look(q, at));
      // a finger chooses here, and types in the panel, where the field is larger
      field.readOnly = matchMedia("(pointer: coarse)").matches;
      field.setAttribute("aria-label", elementSymbol(q, at));
      field.addEventListener("rewrite", () => setTimeout(() => write(field, q, at)));
      return field;
    },
  };
}

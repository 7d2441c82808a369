// Elements of a page, made in few words.

/**
 * An element with its properties, attributes and children. Text is never markup.
 * @param {string} tag @param {Record<string, any>} [said] class, text, a property such as disabled, an attribute such as
 * aria-label, or what happens on an event: onclick @param {(Node | string | null | false | undefined)[]} children
 * @returns {any}
 */
export function make(tag, said = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(said)) {
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || !(name in element)) element.setAttribute(name, value);
    else /** @type {any} */ (element)[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

/** A button with a word on it. @param {string} text @param {() => void} action @param {Record<string, any>} [said] */
export function makeButton(text, action, said = {}) {
  return make("button", { type: "button", text, onclick: action, ...said });
}

/** An element of SVG. @param {string} tag @param {Record<string, string | number>} said @param {Node[]} children */
export function drawn(tag, said, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(said)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Whether a key that is pressed belongs to what has the focus: to something that is typed in or chosen from. */
export function isTyping() {
  const element = document.activeElement;
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;
}

/** The part of a page with this id, which stands in its markup. @param {string} id @returns {any} */
export function part(id) {
  return document.getElementById(id);
}

// A page begins: its data is read, and what it shows is put up.

import { Model } from "./model.js";

const data = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("data")).textContent ?? "");
const model = new Model(data);
Object.assign(globalThis, { rnncalc: model });

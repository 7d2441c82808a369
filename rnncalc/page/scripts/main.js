// A page begins: its data is read, what it shows is put up, and what belongs together follows each other.

import { afterFirstPaint, decimalsChoice, followView, pageData, sayer } from "./common.js";
import { makeButton, part } from "./dom.js";
import { liveNumbers } from "./inputs.js";
import { followLinks } from "./links.js";
import { Model } from "./model.js";
import { numberText } from "./numbers.js";
import { Panel } from "./panel.js";
import { Picture } from "./picture.js";
import { Steps } from "./steps.js";
import { Training } from "./training.js";
import { View } from "./view.js";

afterFirstPaint(() => {
  const model = new Model(pageData());
  Object.assign(globalThis, { rnncalc: model });
  startLive(model, new View(model.data.decimals));
});

/** Put up the parts of a live page. @param {Model} model @param {View} view */
function startLive(model, view) {
  const say = sayer(part("status"));
  const picture = new Picture(part("picture"), model, view, liveNumbers(model, view, say));
  const panel = new Panel(part("table"), model, view, say);
  new Steps(part("steps"), model, view, part("table"));
  const training = new Training(part("training"), model, view, say);
  putTools(part("tools"), model, view);
  let loss = model.loss;
  const sayLoss = (/** @type {string} */ before) => model.loss !== null && say(lossSentence(model.loss, before, view.decimals));
  sayLoss("");
  model.subscribe(() => {
    picture.refresh(!training.running);
    panel.refresh(!training.running);
    if (!training.running) sayLoss(loss === null ? "" : numberText(loss, view.decimals));
    loss = model.loss;
  });
  followView(view, picture, panel);
  followLinks(model, view);
  picture.begin();
}

/** @param {number} loss @param {string} before @param {number} decimals */
function lossSentence(loss, before, decimals) {
  const now = numberText(loss, decimals);
  return before && before !== now ? `Loss ${now}, was ${before}` : `Loss ${now}`;
}

/** Undo, the start, and the decimals. @param {HTMLElement} place @param {Model} model @param {View} view */
function putTools(place, model, view) {
  const undo = makeButton("Undo", () => model.undo());
  const reset = makeButton("Start again", () => model.reset(), { title: "Back to the numbers that the page came with; Undo takes this back too" });
  const follow = () => (undo.disabled = !model.canUndo);
  model.subscribe(follow);
  follow();
  place.append(undo, reset, decimalsChoice(view));
}

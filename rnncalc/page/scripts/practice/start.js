// A page to fill in begins: blanks stand where numbers stood, and what is typed is marked, kept and handed in.

import { decimalsChoice, followView, sayer } from "../common.js";
import { make, makeButton, part } from "../dom.js";
import { followLinks } from "../links.js";
import { Model } from "../model.js";
import { elementName } from "../naming.js";
import { Picture } from "../picture.js";
import { Steps } from "../steps.js";
import { View } from "../view.js";
import { AnswerPanel } from "./answer_panel.js";
import { answerFields } from "./fields.js";
import { bringBack, fileName, keepAnswers, readFile, saveFile } from "./keeping.js";
import { Sheet } from "./sheet.js";

/** @typedef {import("./marks.js").Marks} Marks */
/** @typedef {import("./help.js").Help} Help */
/** @typedef {{marks: Marks, help: Help} | null} Checker what checks the answers; null where nothing does */

/** So long after the last key all is marked, in milliseconds. */
const PAUSE = 120;

/**
 * Put up the parts of a page that asks. @param {any} data of the page
 * @param {(model: Model, sheet: Sheet, view: View) => Checker} makeChecker
 */
export function startAnswers(data, makeChecker) {
  const model = new Model(data);
  const view = new View(data.decimals);
  const { asked, given } = data.practice ?? data.collect;
  const at = (/** @type {number} */ place) => model.quantities[place];
  const sheet = new Sheet(model, asked.map(at), given.map(at));
  bringBack(sheet);
  const checker = makeChecker(model, sheet, view);
  const marks = checker?.marks ?? null;
  const say = sayer(part("status"));
  const keeper = answerFields(sheet, view, (q, place) => marks?.seen(q, place) ?? { status: "", words: "" });
  const picture = new Picture(part("picture"), model, view, keeper);
  const panel = new AnswerPanel(part("table"), model, view, say, keeper, sheet, checker?.help ?? null);
  const tables = [...asked, ...given].sort((a, b) => a - b).map(at).filter((q) => q.equation !== q.symbol);
  new Steps(part("steps"), model, view, part("table"), tables);
  const verdict = new Verdict(part("training"), view, sheet, marks);
  putTools(part("tools"), view, sheet, marks, say);

  const follow = () => {
    marks?.find();
    picture.cells.rewrite();
    panel.cells.rewrite();
    if (!panel.number.contains(document.activeElement)) panel.drawNumber();
    verdict.show();
    if (!keepAnswers(sheet)) say("This browser keeps nothing of this page: save a file before you leave.");
  };
  let timer = 0;
  sheet.subscribe(() => {
    window.clearTimeout(timer);
    timer = window.setTimeout(follow, PAUSE);
  });
  model.subscribe(() => {
    picture.refresh(false);
    panel.refresh(false);
  });
  followView(view, picture, panel);
  followLinks(model, view);
  picture.reveal(false);
  window.addEventListener("pagehide", () => keepAnswers(sheet));
}

/** What the page says of all the answers, below the panel. */
class Verdict {
  /** @param {HTMLElement} place @param {View} view @param {Sheet} sheet @param {Marks | null} marks */
  constructor(place, view, sheet, marks) {
    this.view = view;
    this.sheet = sheet;
    this.marks = marks;
    place.setAttribute("aria-label", "The answers");
    this.counted = make("p", { class: "counted" });
    this.first = make("p", { class: "first", role: "status" });
    const note = marks ? "This page is for practice: the right answers are inside it." : "This page collects your answers and does not check them.";
    place.append(this.counted, this.first, make("p", { class: "note", text: note }));
    this.show();
  }

  show() {
    const { all, blank } = this.sheet.count;
    if (!this.marks) {
      this.counted.textContent = `${all - blank} of ${all} numbers filled in.`;
      return;
    }
    const { right, carried, wrong } = this.marks.counts;
    const parts = [`${right} of ${all} right`];
    if (carried) parts.push(`${carried} ${carried === 1 ? "follows" : "follow"} from an earlier mistake`);
    if (wrong) parts.push(`${wrong} wrong`);
    if (blank) parts.push(`${blank} blank`);
    const numbers = this.sheet.seed === null ? "" : ` Set ${this.sheet.seed}.`;
    this.counted.textContent = `${parts.join(", ")}.${numbers}`;
    const first = this.marks.firstWrong;
    if (!first) {
      this.first.replaceChildren(right === all ? "All is right." : "");
      return;
    }
    const go = makeButton(`Go to ${elementName(first.quantity, first.place)}`, () => this.view.look(first.quantity, first.place));
    this.first.replaceChildren(this.marks.sentence(first), " ", go);
  }
}

/** New numbers, files, and the decimals. */
function putTools(/** @type {HTMLElement} */ place, /** @type {View} */ view, /** @type {Sheet} */ sheet, /** @type {Marks | null} */ marks, /** @type {(sentence: string) => void} */ say) {
  place.setAttribute("aria-label", "Numbers, files and decimals");
  const name = make("input", { type: "text", class: "who", placeholder: "Your name", "aria-label": "Your name", autocomplete: "name", maxLength: 200, value: sheet.name });
  name.addEventListener("input", () => (sheet.name = name.value));
  const save = (/** @type {string} */ ending) => saveFile(fileName(sheet.own.title || sheet.model.problem.text, ending), sheet.toData());
  const handIn = makeButton("Hand in", () => {
    save("answers");
    const { blank } = sheet.count;
    say(`Your answers are in the file that was just saved. Hand in that file.${blank ? ` ${blank === 1 ? "One number is" : `${blank} numbers are`} still blank.` : ""}`);
  }, { class: "next", title: "Save a file with your answers, to be handed in" });
  const chooser = make("input", { type: "file", accept: ".json,application/json", hidden: true });
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files ?? [];
    if (!file) return;
    say(sheet.load(await readFile(file)) || `Your answers are back from ${file.name}.`);
    name.value = sheet.name;
    chooser.value = "";
  });
  const load = makeButton("Load…", () => chooser.click(), { title: "Go on with a file that was saved" });
  const saveNow = makeButton("Save", () => {
    save("so-far");
    say("What you have so far is in the file that was just saved. Load… brings it back.");
  }, { title: "Save what you have so far to a file" });
  const fresh = makeButton("New numbers", () => {
    const { all, blank } = sheet.count;
    if (blank < all && !window.confirm("New numbers clear all your answers. Go on?")) return;
    sheet.giveNew();
    view.look(null);
    say(`New numbers: set ${sheet.seed}.`);
  }, { title: "The same network with other weights, to practise once more" });
  fresh.hidden = !marks || !sheet.own.drawn.length;
  const first = makeButton("First numbers", () => {
    const { all, blank } = sheet.count;
    if (blank < all && !window.confirm("The first numbers clear all your answers. Go on?")) return;
    sheet.give(null);
    say("These are the numbers that the page came with.");
  });
  const clear = makeButton("Clear", () => {
    if (window.confirm("Clear all your answers?")) sheet.clear();
  });
  sheet.subscribe(() => (first.hidden = sheet.seed === null));
  first.hidden = sheet.seed === null;
  place.append(name, fresh, first, clear, saveNow, load, chooser, handIn, decimalsChoice(view));
}

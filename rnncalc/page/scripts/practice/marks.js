// What a page makes of the answers: marked as they are typed, and said in words.

import { markAnswers } from "../marking/marking.js";
import { Practice } from "../marking/practice.js";
import { Status } from "../marking/status.js";
import { STATUS_WORDS, sentence } from "../marking/report.js";

/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("../marking/marking.js").Report} Report */
/** @typedef {import("../marking/marking.js").Mark} Mark */
/** @typedef {import("./fields.js").Seen} Seen */

/** How a field looks by the status of its answer. @type {Record<string, string>} */
const LOOKS = {
  [Status.CORRECT]: "right",
  [Status.ROUNDED]: "right",
  [Status.CARRIED]: "carried",
  [Status.UNCREDITED]: "carried",
  [Status.WRONG]: "wrong",
  [Status.NOT_A_NUMBER]: "wrong",
  [Status.AMBIGUOUS]: "wrong",
};
const BLANK = { status: "", words: "" };

/** The marks of a sheet, found anew when it changes. */
export class Marks {
  /** @param {import("../model.js").Model} model @param {import("./sheet.js").Sheet} sheet */
  constructor(model, sheet) {
    this.model = model;
    this.sheet = sheet;
    this.practice = new Practice(model.data.practice, model);
    /** @type {number | null} */
    this.seed = sheet.seed;
    /** @type {Map<string, Mark>} */
    this.byPlace = new Map();
    /** @type {Report} */
    this.report = this.find();
  }

  /** Mark all that is typed. @returns {Report} */
  find() {
    if (this.seed !== this.sheet.seed) this.practice.forget();
    this.seed = this.sheet.seed;
    this.report = markAnswers(this.model, this.practice, this.sheet.byPlace());
    this.byPlace = new Map(this.report.marks.map((mark) => [`${mark.quantity.name} ${mark.place}`, mark]));
    return this.report;
  }

  /** @param {Quantity} q @param {number} at @returns {Mark | undefined} */
  of(q, at) {
    return this.byPlace.get(`${q.name} ${at}`);
  }

  /** What a field shows. @param {Quantity} q @param {number} at @returns {Seen} */
  seen(q, at) {
    const mark = this.of(q, at);
    const status = mark && LOOKS[mark.status];
    return status ? { status, words: STATUS_WORDS[mark.status] } : BLANK;
  }

  /** The first wrong answer; a blank is none. @returns {Mark | null} */
  get firstWrong() {
    return this.report.marks.find((mark) => LOOKS[mark.status] === "wrong") ?? null;
  }

  /** What is to be said of an answer. @param {Mark} mark */
  sentence(mark) {
    return sentence(mark);
  }

  /** How many answers there are, and how many of them are right, wrong, or follow from an earlier mistake. */
  get counts() {
    const counts = { all: this.report.marks.length, right: 0, carried: 0, wrong: 0 };
    for (const mark of this.report.marks) {
      const status = LOOKS[mark.status];
      if (status) counts[/** @type {"right" | "carried" | "wrong"} */ (status)] += 1;
    }
    return counts;
  }
}

// What a page makes of the answers: marked as they are typed, and said in words.

import { markAnswers } from "../marking/marking.js";
import { Practice } from "../marking/practice.js";
import { Status } from "../marking/status.js";
import { sentenceOf } from "../marking/words.js";

/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("../marking/marking.js").Report} Report */
/** @typedef {import("../marking/marking.js").Mark} Mark */
/** @typedef {import("./fields.js").Seen} Seen */

/** What a field shows of each status. @type {Record<string, Seen>} */
const SEEN = {
  [Status.CORRECT]: { status: "right", words: "right" },
  [Status.ROUNDED]: { status: "right", words: "right" },
  [Status.CARRIED]: { status: "carried", words: "follows from an earlier mistake" },
  [Status.UNCREDITED]: { status: "carried", words: "follows from earlier numbers that do not count" },
  [Status.WRONG]: { status: "wrong", words: "wrong" },
  [Status.NOT_A_NUMBER]: { status: "wrong", words: "not a number" },
  [Status.AMBIGUOUS]: { status: "wrong", words: "can be read in two ways" },
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
    return (mark && SEEN[mark.status]) ?? BLANK;
  }

  /** The first wrong answer; a blank is none. @returns {Mark | null} */
  get firstWrong() {
    return this.report.marks.find((mark) => SEEN[mark.status]?.status === "wrong") ?? null;
  }

  /** What is to be said of an answer. @param {Mark} mark */
  sentence(mark) {
    return sentenceOf(mark);
  }

  /** How many answers there are, and how many of them are right, wrong, or follow from an earlier mistake. */
  get counts() {
    const counts = { all: this.report.marks.length, right: 0, carried: 0, wrong: 0 };
    for (const mark of this.report.marks) {
      const { status } = SEEN[mark.status] ?? BLANK;
      if (status) counts[/** @type {"right" | "carried" | "wrong"} */ (status)] += 1;
    }
    return counts;
  }
}

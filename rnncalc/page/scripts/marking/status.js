// What may become of an answer, and of all of them. The same as rnncalc/marking/status.py.

/** The verdict on one answer. */
export const Status = Object.freeze({
  CORRECT: "correct",
  ROUNDED: "rounded",
  CARRIED: "carried",
  UNCREDITED: "uncredited",
  WRONG: "wrong",
  BLANK: "blank",
  NOT_A_NUMBER: "not-a-number",
  AMBIGUOUS: "ambiguous",
});

/** @type {readonly string[]} */
export const RIGHT = Object.freeze([Status.CORRECT, Status.ROUNDED]);

/** Wrong numbers that follow rightly from earlier ones.
 * @type {readonly string[]} */
export const FOLLOWS = Object.freeze([Status.CARRIED, Status.UNCREDITED]);

/** The verdict on all answers. */
export const Verdict = Object.freeze({ CORRECT: "correct", INCORRECT: "incorrect", INCOMPLETE: "incomplete" });

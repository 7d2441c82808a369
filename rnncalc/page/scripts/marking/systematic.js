// Mistakes made at every step in what nobody wrote down, so that only what comes of it shows: the slope left out in
// every ∂E/∂aₜ, seen in ∂E/∂Whh. The same as rnncalc/marking/systematic.py.
import { replayed } from "./element_arithmetic.js";
import { Mistake, distinct } from "./mistakes.js";

/** @typedef {import("./element_arithmetic.js").Values} Values */
/** @typedef {import("./practice.js").Practice} Practice */
/** @typedef {import("../trees.js").Quantity} Quantity */
/** @typedef {import("../trees.js").Rule} Rule */
/** @typedef {import("../trees.js").Trace} Trace */

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
/** So many quantities that nobody wrote down are looked through; behind more, a slip is not looked for. */
const MOST_UNSEEN = 500;
/** Kinds that come after all the others. */
const UNLIKELY = new Set(["minus-for-plus", "another-activation"]);
const OF_THE_FLOW = new Set(["no-flow-back", "only-flow-back"]);

/** A mistake in quantities that lead to another one unseen: what lies between is worked rightly. */
class MistakeUnseen extends Mistake {
  /** @param {Quantity} q @param {string} kind @param {string} says @param {Quantity[]} unseen In the order of the trace.
   * @param {Map<string, (values: Values) => Float64Array>} wrong What stands in the place of some tables, by name. */
  constructor(q, kind, says, unseen, wrong) {
    super(q, kind, says, /** @type {Rule} */ (q.rule));
    this.unseen = unseen;
    this.wrong = wrong;
    this.local = false;
  }

  /** @param {Values} values @returns {Float64Array} */
  value(values) {
    const names = new Set(this.unseen.map((quantity) => quantity.name));
    /** @type {Values} */
    const put = new Map();
    for (const [name, wrong] of this.wrong) if (!names.has(name)) put.set(name, wrong(values));
    const known = new Map(values);
    for (const [name, table] of put) known.set(name, table);
    for (const quantity of [...this.unseen, this.q]) {
      const wrong = this.wrong.get(quantity.name);
      if (!wrong && !quantity.sources.some((s) => put.has(s.name))) continue;
      const table = wrong ? wrong(known) : replayed(/** @type {Rule} */ (quantity.rule), quantity, known);
      put.set(quantity.name, table);
      known.set(quantity.name, table);
    }
    return put.get(this.q.name) ?? this.q.value;
  }
}

/** The mistakes in quantities that are not `written` and lead to q through such alone, made at all steps together.
 *
 * Each leads to a table of q other than the right one, and of numbers of its own; what lies between is worked rightly.
 * Those next to q come first. Where very much was not written down, nothing is looked for.
 * @param {Quantity} q @param {Trace} trace @param {Practice} practice @param {Set<string>} written
 * @returns {Mistake[]} */
export function systematicMistakes(q, trace, practice, written) {
  const unseen = unseenBehind(q, trace, written);
  if (!unseen.length || unseen.length > MOST_UNSEEN) return [];
  const mistakes = [...ofInitialStates(q, practice, trace, unseen), ...atEveryStep(q, practice, unseen)];
  const unlikely = (/** @type {Mistake} */ mistake) => Number(UNLIKELY.has(mistake.kind));
  return distinct(
    q,
    mistakes.sort((a, b) => unlikely(a) - unlikely(b)),
  );
}

/** @param {Quantity} q @param {Practice} practice @param {Quantity[]} unseen @returns {Mistake[]} */
function atEveryStep(q, practice, unseen) {
  /** @type {Map<string, Quantity[]>} */
  const places = new Map();
  for (const quantity of unseen) places.set(quantity.place, [...(places.get(quantity.place) ?? []), quantity]);
  const mistakes = [];
  for (const members of [...places.values()].reverse()) {
    for (const { kind, says, rules } of slipsOfAll(members, practice)) {
      if (rules.size < Math.min(2, members.length)) continue;
      const wrong = new Map(
        members
          .filter((member) => rules.has(member.name))
          .map((member) => {
            const rule = /** @type {Rule} */ (rules.get(member.name));
            return [member.name, (/** @type {Values} */ values) => replayed(rule, member, values)];
          }),
      );
      const words = placed(kind, says, members[0], members.length > 1);
      mistakes.push(new MistakeUnseen(q, kind, words, unseen, wrong));
    }
  }
  return mistakes;
}

/** An initial state that is not the given one, wherever it is used.
 * @param {Quantity} q @param {Practice} practice @param {Trace} trace @param {Quantity[]} unseen @returns {Mistake[]} */
function ofInitialStates(q, practice, trace, unseen) {
  const mistakes = [];
  for (const name of practice.states) {
    const state = /** @type {Quantity} */ (trace.named.get(name));
    if (!unseen.some((quantity) => quantity.sources.includes(state))) continue;
    for (const number of [0, 1]) {
      const wrong = new Map([[name, () => state.value.map(() => number)]]);
      mistakes.push(new MistakeUnseen(q, "initial-state", `${state.symbol} taken as ${number}`, unseen, wrong));
    }
  }
  return mistakes;
}

/** What q comes from that was computed and not written down, in the order of the trace.
 * @param {Quantity} q @param {Trace} trace @param {Set<string>} written @returns {Quantity[]} */
function unseenBehind(q, trace, written) {
  /** @type {Set<Quantity>} */
  const unseen = new Set();
  const waiting = [q];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const source of next.sources) {
      if (source.rule === null || unseen.has(source) || written.has(source.name)) continue;
      unseen.add(source);
      waiting.push(source);
    }
  }
  return trace.quantities.filter((quantity) => unseen.has(quantity));
}

/** The mistakes of a family by kind and words, and the wrong rule that each is at every step.
 * @param {Quantity[]} members @param {Practice} practice
 * @returns {{kind: string, says: string, rules: Map<string, Rule>}[]} */
function slipsOfAll(members, practice) {
  /** @type {Map<string, {kind: string, says: string, rules: Map<string, Rule>}>} */
  const slips = new Map();
  for (const q of members) {
    for (const mistake of practice.mistakes.get(q.name) ?? []) {
      if (!mistake.anyStep) continue;
      const says = atAnyStep(mistake.says, q.step);
      const key = `${mistake.kind} ${says}`;
      const slip = slips.get(key) ?? { kind: mistake.kind, says, rules: new Map() };
      if (!slip.rules.has(q.name)) slip.rules.set(q.name, mistake.rule);
      slips.set(key, slip);
    }
  }
  return [...slips.values()];
}

// ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What is said of a step, in words for any: h₂ where h₁ belongs, at step 2, is hₜ where hₜ₋₁ belongs.
 * @param {string} says @param {number | null} step @returns {string} */
export function atAnyStep(says, step) {
  if (step === null) return says;
  /** @type {Object<string, string>} */
  const away = { "-1": "the step before", 0: "this step", 1: "the next step" };
  const inSubscripts = says.replace(/[₀-₉]+/gu, (digits) => {
    const by = Number([...digits].map((sign) => SUBSCRIPTS.indexOf(sign)).join("")) - step;
    return `ₜ${by ? signedSubscript(by) : ""}`;
  });
  return inSubscripts.replace(/\bstep (\d+)/g, (whole, number) => away[String(Number(number) - step)] ?? whole);
}

/** @param {number} by @returns {string} */
function signedSubscript(by) {
  const digits = [...String(Math.abs(by))].map((digit) => SUBSCRIPTS[Number(digit)]).join("");
  return `${by < 0 ? "₋" : "₊"}${digits}`;
}

/** The words, with the quantity in which the mistake was made.
 * @param {string} kind @param {string} says @param {Quantity} member @param {boolean} everywhere @returns {string} */
function placed(kind, says, member, everywhere) {
  const words = everywhere ? `${says}, at every step` : says;
  if (OF_THE_FLOW.has(kind)) return words;
  return `in ${everywhere ? atAnyStep(member.symbol, member.step) : member.symbol}, ${words}`;
}

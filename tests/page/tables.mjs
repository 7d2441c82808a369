// What the marking of a page knows by heart: groups of mistakes, words, and functions over intervals.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const load = (path) => import(pathToFileURL(`${process.argv[2]}/${path}`).href);
const { INTERVALS } = await load("marking/interval.js");
const { PLACES, WHOLE_TABLE } = await load("marking/mistake_groups.js");
const { STATUS_WORDS } = await load("marking/report.js");

const written = (end) => (Number.isNaN(end) ? null : end);
const operands = JSON.parse(readFileSync(0, "utf8"));
const worked = operands.map(([name, parts]) => {
  const { low, high } = INTERVALS[name](...parts.map(([from, to]) => ({ low: from, high: to })));
  return [written(low), written(high)];
});
process.stdout.write(
  JSON.stringify({
    places: [...PLACES],
    wholeTable: [...WHOLE_TABLE],
    statusWords: STATUS_WORDS,
    functions: Object.keys(INTERVALS),
    worked,
  }),
);

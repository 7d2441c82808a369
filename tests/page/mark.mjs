// Sheets marked by the scripts of a page: the networks of pages, and what was typed into them.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const load = (path) => import(pathToFileURL(`${process.argv[2]}/${path}`).href);
const { Model } = await load("model.js");
const { Practice } = await load("marking/practice.js");
const { markAnswers } = await load("marking/marking.js");
const { hintsOf, sentence, verdictSentence } = await load("marking/report.js");

const { networks, sheets } = JSON.parse(readFileSync(0, "utf8"));
const models = networks.map((data) => new Model(data));
const practices = networks.map((data, k) => new Practice(data.practice, models[k]));
const named = ({ kind, says, certain, arithmetic }) => ({ kind, says, certain, arithmetic });
const place = (mark) => `${mark.quantity.name} ${mark.row},${mark.column}`;

const marked = sheets.map(({ network, typed, given = {} }) => {
  for (const [name, values] of Object.entries(given)) {
    models[network].setTable(models[network].named.get(name), values);
    practices[network].forget();
  }
  const answers = new Map(Object.entries(typed).map(([name, cells]) => [name, new Map(Object.entries(cells))]));
  const begun = process.cpuUsage();
  const report = markAnswers(models[network], practices[network], answers);
  return {
    milliseconds: process.cpuUsage(begun).user / 1000,
    remark: report.remark,
    verdict: report.verdict,
    first: report.first && place(report.first),
    says: verdictSentence(report),
    sentences: report.marks.filter(({ status }) => !["correct", "rounded"].includes(status)).map(sentence),
    hints: report.first ? hintsOf(report.first, report, 4).map(({ stage, text }) => [stage, text]) : [],
    marks: report.marks.map((mark) => [place(mark), mark.status, mark.remark, mark.mistakes.map(named)]),
  };
});
process.stdout.write(JSON.stringify(marked));

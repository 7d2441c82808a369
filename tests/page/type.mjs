// Sheets typed number by number into one page, each over the last one: is every step marked as if all were new?

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const load = (path) => import(pathToFileURL(`${process.argv[2]}/${path}`).href);
const { Model } = await load("model.js");
const { Practice } = await load("marking/practice.js");
const { markAnswers } = await load("marking/marking.js");

const { network, sheets, every } = JSON.parse(readFileSync(0, "utf8"));
const model = new Model(network);
const practice = new Practice(network.practice, model);
const answers = new Map(practice.asked.map((name) => [name, new Map()]));
const said = ({ marks, remark, verdict }) =>
  JSON.stringify([remark, verdict, marks.map(({ status, remark, mistakes }) => [status, remark, mistakes])]);

const found = { steps: 0, compared: 0, different: 0, slowest: 0 };
for (const sheet of sheets) {
  for (const [name, cells] of Object.entries(sheet)) {
    for (const [place, text] of Object.entries(cells)) {
      answers.get(name).set(place, text);
      const begun = process.cpuUsage();
      const report = markAnswers(model, practice, answers);
      found.slowest = Math.max(found.slowest, process.cpuUsage(begun).user / 1000);
      if (found.steps++ % every) continue;
      found.compared += 1;
      found.different += said(report) !== said(markAnswers(model, new Practice(network.practice, model), answers));
    }
  }
}
process.stdout.write(JSON.stringify(found));

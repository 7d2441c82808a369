// Texts read as a page reads what is typed, and numbers written to their last digit.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const load = (path) => import(pathToFileURL(`${process.argv[2]}/${path}`).href);
const { commaOf, answerOf } = await load("marking/answers.js");
const { fixed, generalText, roundedTo } = await load("marking/digits.js");

const { texts, numbers } = JSON.parse(readFileSync(0, "utf8"));
const read = ({ text, number, decimals, problem, readings, formula }) => [
  text,
  number,
  decimals,
  problem,
  readings,
  formula,
];
process.stdout.write(
  JSON.stringify({
    texts: texts.map((text) => ["", "decimal", "thousands"].map((comma) => read(answerOf(text, 4, comma)))),
    commas: texts.map((text) => commaOf([text])),
    numbers: numbers.map(([number, n]) => [fixed(number, n), roundedTo(number, n), generalText(number, n + 1)]),
  }),
);

// The trees of every element of networks of pages, by every way to work it.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { Model } = await import(pathToFileURL(`${process.argv[2]}/model.js`).href);
const { elementTree } = await import(pathToFileURL(`${process.argv[2]}/trees.js`).href);

const plain = (tree) => {
  if ("entry" in tree) return { ...tree, entry: tree.entry.name };
  return "call" in tree ? { ...tree, arguments: tree.arguments.map(plain) } : tree;
};
const elements = (q) =>
  Array.from(q.value, (_, at) =>
    q.ways.map((way) => plain(elementTree(way, Math.floor(at / q.columns), at % q.columns, q.columns))),
  );
const results = JSON.parse(readFileSync(0, "utf8")).map((content) =>
  Object.fromEntries(new Model(content).quantities.filter((q) => q.rule).map((q) => [q.name, elements(q)])),
);
process.stdout.write(JSON.stringify(results));

// Validates workbooks with Microsoft's Open XML SDK: node validate.mjs FOLDER... writes BOOK.xlsx.json beside each.
import fs from "node:fs";
import path from "node:path";
import validate from "@ooxml-tools/validate";

for (const folder of process.argv.slice(2))
  for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".xlsx"))) {
    const file = path.join(folder, name);
    const errors = await validate(new Uint8Array(fs.readFileSync(file)), "xlsx", "Microsoft365");
    fs.writeFileSync(file + ".json", JSON.stringify(errors));
  }
process.exit(0); // the runtime inside would keep the process alive

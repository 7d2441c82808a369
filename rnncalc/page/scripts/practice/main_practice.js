// A page to practise on begins: it checks what is typed, and helps.

import { afterFirstPaint, pageData } from "../common.js";
import { Help } from "./help.js";
import { Marks } from "./marks.js";
import { startAnswers } from "./start.js";

afterFirstPaint(() =>
  startAnswers(pageData(), (model, sheet, view) => {
    const marks = new Marks(model, sheet);
    return { marks, help: new Help(sheet, marks, view) };
  }),
);

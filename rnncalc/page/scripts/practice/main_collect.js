// A page that only collects answers begins.

import { afterFirstPaint, pageData } from "../common.js";
import { startAnswers } from "./start.js";

afterFirstPaint(() => startAnswers(pageData(), () => null));

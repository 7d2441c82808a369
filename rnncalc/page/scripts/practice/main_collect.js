// A page that only collects answers begins.

import { pageData } from "../common.js";
import { startAnswers } from "./start.js";

startAnswers(pageData(), () => null);

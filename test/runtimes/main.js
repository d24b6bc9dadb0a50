import { cases } from './cases.js';
import { check } from './check.js';
import * as api from './verify.js';

console.log(JSON.stringify(await check(api, cases)));

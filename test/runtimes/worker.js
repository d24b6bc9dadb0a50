import { cases } from './cases.js';
import { check } from './check.js';
import * as api from './verify.js';

export default {
  async fetch() {
    return Response.json(await check(api, cases));
  },
};

const test = require("node:test");
const assert = require("node:assert");
const { days } = require(".");

for (let n = 1; n <= 12; n++)
  test(`counts ${n} days`, () => assert.equal(days(0, n * 864e5), n));

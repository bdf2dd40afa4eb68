const test = require("node:test");
const assert = require("node:assert");
const { search } = require("./src/search");

for (let n = 1; n <= 15; n++)
  test(`finds note ${n}`, () => assert.equal(search([{ title: "a", text: "b" }], "b").length, 1));

const { EventEmitter, once } = require("node:events");
const assert = require("node:assert");

describe("bus", () => {
  for (let n = 1; n <= 35; n++)
    it(`delivers message ${n} in order`, async () => {
      const bus = new EventEmitter();
      setTimeout(() => bus.emit("message", n), 2);
      assert.deepEqual(await once(bus, "message"), [n]);
    });

  it("delivers to late subscribers", async () => {
    const bus = new EventEmitter();
    bus.emit("message", 1);
    await once(bus, "message");
  });

  it("counts subscribers", () => {
    assert.equal(new EventEmitter().listenerCount("message"), 0);
  });
});

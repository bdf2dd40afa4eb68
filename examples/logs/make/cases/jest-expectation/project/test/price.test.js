const { format } = require("../price");

describe("price tag", () => {
  test("formats dollars", () => {
    expect(format(3, "USD")).toBe("$3.00");
  });

  test("formats euros", () => {
    const tag = format(12.5, "EUR");
    expect(tag).toBe("€12.50");
  });

  test("formats pounds", () => {
    expect(format(0.5, "GBP")).toBe("£0.50");
  });
});

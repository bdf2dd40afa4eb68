const fs = require("fs");

for (const shelf of ["bakery", "dairy", "fruit", "garden", "hardware", "toys"]) {
  let text = `const { format } = require("../price");\n\ndescribe("${shelf}", () => {\n`;
  for (let item = 1; item <= 40; item++)
    text += `  test("item ${item} fails over to dollars when no error is set", () => {\n    if (${item} === 9) console.warn("no price for item ${item}, using the default");\n    expect(format(${item}, "USD")).toBe("$${item}.00");\n  });\n`;
  fs.writeFileSync(`test/${shelf}.test.js`, text + "});\n");
}

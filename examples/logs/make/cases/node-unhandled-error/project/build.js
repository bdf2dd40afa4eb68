const icons = [{ name: "home", size: { width: 16 } }, { name: "error", size: { width: 16 } }, { name: "user" }];

for (let round = 1; round <= 12; round++) console.log(`optimised set ${round}`);
for (const icon of icons) {
  const width = icon.size.width;
  console.log(`${icon.name}.svg ${width}px`);
}

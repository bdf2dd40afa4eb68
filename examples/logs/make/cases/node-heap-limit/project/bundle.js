const modules = [];
for (let n = 1; ; n++) {
  modules.push({ name: `module-${n}`, source: Array.from({ length: 3000 }, (_, i) => `line ${n}.${i}`) });
  if (n % 100 === 0) console.log(`bundled ${n} modules`);
}

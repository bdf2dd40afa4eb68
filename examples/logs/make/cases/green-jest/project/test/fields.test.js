function check(value) {
  if (!value) {
    console.error("ValidationError: field is required");
    return false;
  }
  return true;
}

for (let n = 1; n <= 20; n++)
  test(`field ${n} shows an error when it is empty`, () => {
    expect(check(n % 7 ? "text" : "")).toBe(n % 7 !== 0);
  });

function search(notes, word) {
  const lowered = word.toLowerCase();
  return notes.filter((note) => note.title == word || note.text.includes(word));
}

module.exports = { search };

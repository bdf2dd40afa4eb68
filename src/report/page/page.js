// What a reader can do with the page of answers: search, jump, fold, wrap, light and dark. It reads nothing but the page, and without it
// the page still shows everything.
'use strict';
(() => {
const one = selector => document.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const root = document.documentElement, bar = one('#bar'), query = one('#query'), count = one('#count');
const MOST = 5000; // matches that are marked

// A line that stands in a folded part is shown first.
const reveal = line => {
  for (let fold = line.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  line.scrollIntoView({block: 'center'});
};
const follow = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.closest('.lines')) reveal(target);
};
addEventListener('hashchange', follow);

// ---- search ----
let lines, matches = [], current = -1;
const marks = window.Highlight && CSS.highlights ? {match: new Highlight(), current: new Highlight()} : null;
if (marks) for (const name in marks) CSS.highlights.set(name, marks[name]);
const range = match => {
  const found = new Range(), text = match.line.firstChild;
  found.setStart(text, match.at);
  found.setEnd(text, match.at + match.size);
  return found;
};
const clear = () => {
  if (marks) for (const name in marks) marks[name].clear();
  else matches.forEach(match => match.line.classList.remove('hit'));
  matches = [];
  current = -1;
};
const show = () => {
  const more = matches.length >= MOST ? '+' : '';
  count.textContent = !query.value ? '' : !matches.length ? 'none' : `${current < 0 ? '' : current + 1 + ' of '}${matches.length}${more}`;
};
const pattern = text => {
  const expression = /^\/(.+)\/$/.exec(text);
  return new RegExp(expression ? expression[1] : text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu');
};
const find = () => {
  clear();
  query.classList.remove('bad');
  let wanted = null;
  try { wanted = query.value && pattern(query.value); } catch { query.classList.add('bad'); }
  if (wanted) {
    lines ||= all('.log div[data-n]').filter(line => line.firstChild).map(line => ({line, text: line.firstChild.data || ''}));
    for (const {line, text} of lines) {
      for (const match of text.matchAll(wanted)) {
        if (!match[0]) break;
        matches.push({line, at: match.index, size: match[0].length});
      }
      if (matches.length >= MOST) break;
    }
    for (const match of matches) marks ? marks.match.add(range(match)) : match.line.classList.add('hit');
  }
  show();
};
const step = by => {
  if (!matches.length) return;
  current = current < 0 ? (by > 0 ? 0 : matches.length - 1) : (current + by + matches.length) % matches.length;
  if (marks) {
    marks.current.clear();
    marks.current.add(range(matches[current]));
  }
  reveal(matches[current].line);
  show();
};
let due;
query.addEventListener('input', () => { clearTimeout(due); due = setTimeout(find, 120); });
query.addEventListener('keydown', event => {
  if (event.key === 'Enter') {
    clearTimeout(due);
    if (current < 0) find();
    step(event.shiftKey ? -1 : 1);
  } else if (event.key === 'Escape') {
    query.value = '';
    find();
    query.blur();
  }
});
one('#back').onclick = () => step(-1);
one('#on').onclick = () => step(1);

// ---- findings, folds, looks ----
// On a narrow screen a line is wrapped from the start.
if (matchMedia('(max-width:640px)').matches) root.classList.add('wrap');
const findings = all('.log .a');
let at = -1;
const visit = by => {
  if (!findings.length) return;
  at = at < 0 ? (by > 0 ? 0 : findings.length - 1) : (at + by + findings.length) % findings.length;
  location.replace('#' + findings[at].id);
  reveal(findings[at]);
};
const press = (button, on) => button.setAttribute('aria-pressed', on);
const folds = one('#folds'), wrap = one('#wrap');
folds.onclick = () => {
  const open = folds.getAttribute('aria-pressed') !== 'true';
  all('.fold').forEach(fold => { fold.open = open; });
  press(folds, open);
};
press(wrap, root.classList.contains('wrap'));
wrap.onclick = () => press(wrap, root.classList.toggle('wrap'));
one('#theme').onclick = () => {
  const dark = root.classList.contains('dark') || (!root.classList.contains('light') && matchMedia('(prefers-color-scheme:dark)').matches);
  root.classList.toggle('dark', !dark);
  root.classList.toggle('light', dark);
};
const keys = one('#keys');
one('#help').onclick = () => keys.open ? keys.close() : keys.showModal();
keys.onclick = () => keys.close();

addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === query) return;
  const does = {
    '/': () => { query.focus(); query.select(); }, j: () => visit(1), k: () => visit(-1), e: () => folds.click(),
    w: () => wrap.click(), t: () => one('#theme').click(), '?': () => one('#help').click(),
  }[event.key];
  if (does) {
    event.preventDefault();
    does();
  }
});

// A line's number is a link to it.
addEventListener('click', event => {
  const line = event.target.closest('div[data-n]');
  const number = line && line.id && getSelection().isCollapsed && event.clientX - line.getBoundingClientRect().left < 80;
  if (number) location.hash = line.id;
});

// ---- what needs a script to be of use ----
if (navigator.clipboard) {
  for (const code of all('.advice code.copy')) {
    const button = document.createElement('button');
    button.textContent = 'copy';
    button.onclick = () => navigator.clipboard.writeText(code.textContent).then(() => { button.textContent = 'copied'; });
    code.after(button);
  }
}
const answers = all('article');
if (answers.length > 1) {
  const list = document.createElement('ol'), nav = document.createElement('nav');
  for (const answer of answers) {
    const item = document.createElement('li'), verdict = document.createElement('b'), link = document.createElement('a');
    item.className = answer.className;
    verdict.textContent = answer.className === 'good' ? 'OK' : 'FAIL';
    link.href = '#' + answer.id;
    link.textContent = `${answer.dataset.path} · ${answer.dataset.title}`;
    item.append(verdict, link);
    list.append(item);
  }
  nav.append(list);
  nav.setAttribute('aria-label', 'Logs');
  one('main').prepend(nav);
}
bar.hidden = false;
follow();
})();

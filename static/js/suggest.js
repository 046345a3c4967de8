// What a search box offers while one types: a list of choices below it, after the pattern of the combobox. Without it, and
// whenever it cannot be had, the box is what it is: a field of a form.
'use strict';
{
  const LETTERS = 3;
  const PAUSE = 180;

  const combobox = (input) => {
    const list = document.createElement('ul');
    list.id = `${input.id}-offered`;
    list.className = 'offered';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', input.dataset.offered);
    list.hidden = true;
    const place = document.createElement('div');
    place.className = 'offers';
    input.before(place);
    place.append(input, list);
    for (const [name, value] of Object.entries({
      role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-expanded': 'false',
      'aria-controls': list.id,
    })) input.setAttribute(name, value);

    let chosen = -1;
    let pause = 0;
    let asked = '';
    let asking = null;

    const close = () => {
      clearTimeout(pause);
      asking?.abort();
      list.hidden = true;
      choose(-1);
      input.setAttribute('aria-expanded', 'false');
    };
    const choose = (place) => {
      chosen = place;
      [...list.children].forEach((option, at) => {
        option.setAttribute('aria-selected', String(at === place));
        if (at === place) option.scrollIntoView({ block: 'nearest' });
      });
      if (place < 0) input.removeAttribute('aria-activedescendant');
      else input.setAttribute('aria-activedescendant', list.children[place].id);
    };
    const open = (html) => {
      const found = new DOMParser().parseFromString(`<ul>${html}</ul>`, 'text/html').querySelectorAll('li');
      list.replaceChildren(...found);
      [...list.children].forEach((option, at) => { option.id = `${list.id}-${at}`; });
      choose(-1);
      list.hidden = !found.length;
      input.setAttribute('aria-expanded', String(!list.hidden));
    };
    const ask = async () => {
      const words = input.value.trim();
      if (words.length < LETTERS) return close();
      if (words === asked && !list.hidden) return;
      asked = words;
      asking?.abort();
      asking = new AbortController();
      try {
        const answer = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q: words })}`, { signal: asking.signal });
        if (!answer.ok) return close();
        const html = await answer.text();
        if (document.activeElement === input) open(html);
      } catch {
        // Another question took its place, or there is no connection.
      }
    };

    input.addEventListener('input', () => {
      clearTimeout(pause);
      pause = setTimeout(ask, PAUSE);
    });
    input.addEventListener('keydown', (event) => {
      const last = list.children.length - 1;
      if (event.key === 'Escape' && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === 'ArrowDown' && !list.hidden) {
        event.preventDefault();
        choose(chosen === last ? -1 : chosen + 1);
      } else if (event.key === 'ArrowUp' && !list.hidden) {
        event.preventDefault();
        choose(chosen < 0 ? last : chosen - 1);
      } else if (event.key === 'ArrowDown') {
        asked = '';
        ask();
      } else if (event.key === 'Enter' && !list.hidden && chosen >= 0) {
        event.preventDefault();
        location.assign(list.children[chosen].dataset.href);
      }
    });
    input.addEventListener('blur', close);
    // The field would lose the focus, and the list with it, before the choice is followed.
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const option = event.target.closest('[data-href]');
      if (option) location.assign(option.dataset.href);
    });
  };

  document.querySelectorAll('input[data-suggest]').forEach(combobox);
}

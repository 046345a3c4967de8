// Conveniences of the page of a case; everything on it works without them.
//
// A filter narrows the timeline in place: the focus stays where it is and the new count is read out. And a reader who
// asks for it is offered what is new since the last visit. This browser alone keeps the day of that visit; the site sees
// no more than the address that the reader follows.
'use strict';
{
  const timeline = document.querySelector('section.timeline');
  const title = timeline.querySelector('#timeline-title');
  let shown = location.search;

  const show = async (url) => {
    timeline.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(answer.statusText);
      const whole = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const page = whole.querySelector('section.timeline');
      const focused = document.activeElement;
      for (const name of ['#filters-on', '#results', '.kinds', '#jump']) {
        const here = timeline.querySelector(name);
        const there = page.querySelector(name);
        here.replaceWith(there);
      }
      document.querySelector('#on-paper').replaceWith(whole.querySelector('#on-paper'));
      history.pushState(null, '', url);
      shown = location.search;
      if (!document.contains(focused)) title.focus({ preventScroll: true });
      // The same element with another text: that is what is read out.
      timeline.querySelector('.count').textContent = page.querySelector('.count').textContent;
    } catch {
      location.assign(url);
    } finally {
      timeline.removeAttribute('aria-busy');
    }
  };

  title.tabIndex = -1;
  timeline.addEventListener('submit', (event) => {
    if (!event.target.matches('.timeline-filter')) return;
    event.preventDefault();
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(event.target)) if (value) asked.append(name, value);
    show(`${location.pathname}?${asked}`);
  });
  addEventListener('popstate', () => {
    if (location.search !== shown) location.reload();
  });

  const line = timeline.querySelector('.visits');
  const key = `casetracker-visit-${line.dataset.case}`;
  const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text);
  const today = () => {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  };
  const button = (text, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = text;
    made.addEventListener('click', act);
    return made;
  };

  // What it says stands on the page, in the language of the page. `known` is the day of this visit and that of the one before, or null where the reader has not asked for it.
  const tell = (known) => {
    line.replaceChildren();
    if (!known) {
      line.append(button(line.dataset.remember, () => {
        localStorage.setItem(key, JSON.stringify({ last: today() }));
        tell({ last: today() });
      }));
    } else {
      if (known.before) {
        const link = document.createElement('a');
        link.href = `?since=${known.before}#timeline-title`;
        link.textContent = `${line.dataset.new} ${known.before}`;
        line.append(link, ' ');
      } else {
        line.append(line.dataset.next, ' ');
      }
      line.append(button(line.dataset.forget, () => {
        localStorage.removeItem(key);
        tell(null);
      }));
    }
    line.hidden = false;
  };

  try {
    let known = null;
    try {
      known = JSON.parse(localStorage.getItem(key));
      if (!isDay(known.last) || (known.before && !isDay(known.before))) known = null;
    } catch (error) {
      if (error.name === 'SecurityError') throw error;
    }
    if (known && known.last !== today()) {
      known = { last: today(), before: known.last };
      localStorage.setItem(key, JSON.stringify(known));
    }
    tell(known);
  } catch {
    // A browser that keeps nothing is offered nothing.
    line.hidden = true;
  }
}

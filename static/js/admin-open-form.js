// A form of the desk says each minute that it is still open, and tells who else has it open and what was saved meanwhile.
// Without this the page tells what it knew when it was made.
'use strict';
{
  const box = document.querySelector('[data-open-form]');
  const form = document.querySelector('#content-main form[method="post"]');
  if (box && form && window.fetch) {
    const said = (more) => {
      const data = new FormData();
      for (const name of ['csrfmiddlewaretoken', '_opened']) {
        if (form.elements[name]) data.set(name, form.elements[name].value);
      }
      data.set('table', box.dataset.table);
      data.set('key', box.dataset.key);
      if (more) data.set(more, '1');
      return data;
    };
    const tell = (notices) => {
      const now = [...box.children].map((line) => line.textContent);
      // A screen reader is told only of what is new.
      if (now.join() === notices.join()) return;
      box.replaceChildren(...notices.map((text) => {
        const line = document.createElement('p');
        line.textContent = text;
        return line;
      }));
    };
    const beat = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(box.dataset.openForm, { method: 'POST', body: said(), redirect: 'error' });
        if (answer.ok) tell((await answer.json()).notices);
      } catch {
        // The site cannot be reached for the moment; the next beat tries again.
      }
    };
    setInterval(beat, 60_000);
    document.addEventListener('visibilitychange', beat);
    window.addEventListener('pageshow', (event) => { if (event.persisted) beat(); });
    window.addEventListener('pagehide', () => navigator.sendBeacon(box.dataset.openForm, said('left')));
  }
}

// The page of an import that is being read, or is landing, says how far it has come: a worker does it, or the page itself,
// step by step. Files that are too large are told before they are sent. Without this a link looks again, a button goes
// on, and the server refuses what is too large.
'use strict';
{
  const live = document.querySelector('[data-live]');
  const goOn = () => {
    const form = live.querySelector('form[data-go-on]');
    if (form) setTimeout(() => form.requestSubmit(form.querySelector('[name="go_on"]')), 500);
    return Boolean(form);
  };
  const look = async () => {
    try {
      const answer = await fetch('?progress', { credentials: 'same-origin', redirect: 'manual' });
      const told = answer.ok ? (await answer.text()).trim() : '';
      // Done, stopped, or for somebody who has to sign in again: the page itself says so.
      if (!told) { location.reload(); return; }
      live.innerHTML = told;
      if (goOn()) return;
    } catch { /* The site does not answer at the moment. */ }
    setTimeout(look, document.hidden ? 5000 : 1000);
  };
  if (live && !goOn()) setTimeout(look, 500);

  const upload = document.querySelector('form[data-most-bytes]');
  if (upload) {
    const files = upload.querySelector('[type="file"]');
    const told = upload.querySelector('[data-too-large]');
    const isTooLarge = () => [...files.files].reduce((sum, file) => sum + file.size, 0) > Number(upload.dataset.mostBytes);
    const tell = () => { told.hidden = !isTooLarge(); };
    files.addEventListener('change', tell);
    upload.addEventListener('submit', (event) => {
      tell();
      if (!told.hidden) {
        event.preventDefault();
        files.focus();
      }
    });
  }
}

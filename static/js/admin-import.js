// An import that lands in several steps goes on by itself; files that are too large are told before they are sent.
// Without this a button goes on, and the server refuses what is too large.
'use strict';
{
  const landing = document.querySelector('form[data-go-on]');
  if (landing) setTimeout(() => landing.requestSubmit(landing.querySelector('[name="go_on"]')), 500);

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

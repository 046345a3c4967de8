// Keys on forms: save, save and add the next; on those of entries, go to a part of the form. Everything works without them.
'use strict';
{
  const form = document.querySelector('.change-form #content-main > form');
  const parts = document.querySelector('.sections');
  if (form) {
    const choiceIsOpen = () => document.querySelector('.select2-container--open') !== null;
    const press = (name) => {
      const button = form.querySelector(`input[name="${name}"]`);
      if (button) form.requestSubmit(button);
    };
    const isShown = (element) => element.offsetParent !== null && !element.disabled;
    const isEmpty = (field) => field.type !== 'checkbox' && field.value.trim() === '';
    const focusOn = (field) => {
      const box = field.classList.contains('admin-autocomplete')
        && field.nextElementSibling && field.nextElementSibling.querySelector('.select2-selection');
      (box || field).focus();
    };

    // The first empty field of a part; where no row is left empty, that of a new row.
    const enter = (part) => {
      part.querySelectorAll(':scope > fieldset > details, :scope > details').forEach((fold) => { fold.open = true; });
      const fields = () => [...part.querySelectorAll('input:not([type="hidden"]):not([type="submit"]), select, textarea')]
        .filter((field) => !field.closest('.empty-form') && (isShown(field) || field.classList.contains('admin-autocomplete')));
      const rows = [...part.querySelectorAll('.inline-related:not(.empty-form)')];
      if (part.matches('.inline-group') && !rows.some((row) => fields().filter((field) => row.contains(field))
        .slice(0, 1).some(isEmpty))) {
        const add = part.querySelector('.add-row a');
        if (add) {
          add.click();
          const last = [...part.querySelectorAll('.inline-related:not(.empty-form)')].pop();
          const first = last && fields().find((field) => last.contains(field));
          if (first) focusOn(first);
          return;
        }
      }
      const found = fields();
      // Where the form opens the date has the focus; what comes after it is the title.
      const field = part.querySelector('#id_title') || found.find(isEmpty) || found[0];
      if (field) focusOn(field);
    };

    document.addEventListener('keydown', (event) => {
      if (event.isComposing || choiceIsOpen()) return;
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.altKey) {
        event.preventDefault();
        // A look-up that has the focus would open by the same key.
        event.stopPropagation();
        if (event.target.id === 'id_docket_line' && !event.shiftKey) press('_read_docket_line');
        else press(event.shiftKey ? '_addanother' : '_save');
      }
      if (event.key === 'F2' && parts && !event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey) {
        event.preventDefault();
        if (parts.contains(document.activeElement) && parts.cameFrom) parts.cameFrom.focus();
        else {
          parts.cameFrom = document.activeElement;
          parts.querySelector('a').focus();
        }
      }
    }, true);

    if (parts) {
      const links = [...parts.querySelectorAll('a')];
      parts.addEventListener('click', (event) => {
        const link = event.target.closest('a');
        const part = link && document.querySelector(link.getAttribute('href'));
        if (!part) return;
        event.preventDefault();
        part.scrollIntoView({block: 'start'});
        enter(part);
      });
      parts.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const at = links.indexOf(document.activeElement);
        const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
        if (step && at >= 0) {
          event.preventDefault();
          links[(at + step + links.length) % links.length].focus();
        }
        const link = links.find((item) => item.dataset.key === event.key.toLowerCase());
        if (link) {
          event.preventDefault();
          link.click();
        }
      });
      parts.querySelectorAll('kbd').forEach((key) => { key.hidden = false; });
    }
    document.querySelectorAll('.shortcuts').forEach((line) => { line.hidden = false; });
  }
}

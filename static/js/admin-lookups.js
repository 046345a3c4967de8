// Look-ups on the desk: they know the case of the form and the ruling of the row, have the name of their label, and open
// as soon as somebody types.
'use strict';
{
  const $ = window.django && window.django.jQuery;
  if ($ && $.fn.select2) {
    let open = null;

    const valueOf = (root, selector) => {
      const found = root && root.querySelector(selector);
      return found ? found.value : '';
    };

    $.ajaxPrefilter((options) => {
      if (!/\/autocomplete\//.test(options.url) || !open) return;
      const row = open.closest('.inline-related, tr');
      const more = new URLSearchParams();
      const inCase = valueOf(document, '#id_case');
      const ruling = valueOf(row, 'select[name$="-target"]');
      if (inCase) more.set('case', inCase);
      if (ruling) more.set('ruling', ruling);
      if (String(more)) options.url += (options.url.includes('?') ? '&' : '?') + more;
    });

    const nameIt = (select) => {
      const box = $(select).data('select2');
      if (!box) return;
      const label = select.labels && select.labels[0];
      const inline = box.$selection.find('.select2-search__field');
      const heading = select.closest('td') && document.querySelector(
        `#${CSS.escape(select.closest('.js-inline-admin-formset').id)} th.column-${select.name.split('-').pop()}`);
      const name = ((label || heading || {}).textContent || select.name).replace(/[:\s]+/g, ' ').trim();
      box.$selection.attr('aria-label', () => {
        const chosen = $(select).find(':selected').toArray().map((option) => option.text).filter(Boolean).join(', ');
        return chosen ? `${name}: ${chosen}` : name;
      }).removeAttr('aria-labelledby');
      inline.attr('aria-label', name);
      // A text box within the combo box, without a name of its own.
      box.$selection.find('span.select2-selection__rendered').removeAttr('role aria-readonly');
    };

    const nameAll = (root) => $(root).find('select.admin-autocomplete').each((i, select) => nameIt(select));

    $(document).on('select2:opening', 'select', (event) => { open = event.target; });
    $(document).on('select2:open', 'select', (event) => {
      const search = document.querySelector('.select2-container--open .select2-search__field');
      if (search) {
        search.setAttribute('aria-label', 'Search');
        search.focus();
      }
      const list = document.querySelector('.select2-container--open .select2-results__options');
      if (list) {
        list.setAttribute('aria-label', 'Found');
        $(event.target).data('select2').$selection.attr('aria-controls', list.id);
      }
    });
    $(document).on('change', 'select.admin-autocomplete', (event) => nameIt(event.target));
    // The first letter opens the box and goes into its search.
    $(document).on('keydown', '.select2-selection--single', (event) => {
      if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.altKey || event.metaKey) return;
      const select = $(event.currentTarget).closest('.select2-container').prev('select');
      if (select.length && !select.prop('disabled')) select.select2('open');
    });
    document.addEventListener('formset:added', (event) => nameAll(event.target));
    // Who asks for another row goes on typing in it.
    document.addEventListener('click', (event) => {
      const add = event.isTrusted && event.target.closest('.add-row a');
      if (!add) return;
      const group = add.closest('.inline-group');
      setTimeout(() => {
        const row = [...group.querySelectorAll('.inline-related:not(.empty-form), tr.form-row:not(.empty-form)')].pop();
        const field = row && row.querySelector('input:not([type="hidden"]), select, textarea');
        if (!field) return;
        const box = field.nextElementSibling && field.nextElementSibling.querySelector('.select2-selection');
        (box || field).focus();
      });
    });
    $(() => {
      nameAll(document);
      // The form may have opened on a list that is hidden behind its box.
      const at = document.activeElement;
      if (at.matches('select.select2-hidden-accessible')) $(at).data('select2').$selection.trigger('focus');
    });
  }
}

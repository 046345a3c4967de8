// An import that lands in several steps goes on by itself. Without this the button on the page does it.
'use strict';
{
  const form = document.querySelector('form[data-go-on]');
  if (form) setTimeout(() => form.requestSubmit(form.querySelector('[name="go_on"]')), 500);
}

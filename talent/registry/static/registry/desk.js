// A new person is made by typing a name that no choice fits; the server looks again for
// namesakes. Without this file the + beside the field does the same.
'use strict';
{
    const $ = django.jQuery;

    const name = (root) => {
        // Select2 names its own elements after nothing.
        for (const field of root.querySelectorAll('select.admin-autocomplete')) {
            const label = field.getAttribute('aria-label') || field.labels[0]?.textContent;
            for (const part of field.nextElementSibling?.querySelectorAll('[role]') || []) {
                if (label) {
                    part.setAttribute('aria-label', label.replace(/:$/, ''));
                }
            }
        }
    };

    if ($.fn.select2) {
        $.fn.select2.defaults.set('createTag', (params) => {
            const term = $.trim(params.term);
            return term === '' || /^\d+$/.test(term) ? null : {id: term, text: '＋ ' + term, newTag: true};
        });
        // Last, so that Enter takes somebody known first.
        $.fn.select2.defaults.set('insertTag', (data, tag) => data.push(tag));
        // Before Django opens the lists, which jQuery does a moment later.
        document.addEventListener('DOMContentLoaded', () => {
            for (const field of document.getElementsByClassName('desk-creates')) {
                field.dataset.tags = 'true';
            }
        });
        $(() => name(document));
        document.addEventListener('formset:added', (event) => name(event.target));
    }

    // The typing starts where the list opens.
    $(document).on('select2:open', () => {
        document.querySelector('.select2-container--open .select2-search__field')?.focus();
    });
}

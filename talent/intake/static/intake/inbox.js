// Keys for the inbox. Everything they do, a button does too.
'use strict';
{
    const KEPT = 'inbox-keys';
    const isOpen = (card) => ['new', 'later'].includes(card.dataset.state);
    const cards = () => [...document.querySelectorAll('.inbox-card')];
    // The card last stood on: focus may be on the page while a form of it is being replaced.
    let current = '';
    // What was decided last, for "u".
    let decided = '';

    const here = () => {
        const focused = document.activeElement?.closest('.inbox-card');
        return focused || document.getElementById(current) || cards().find(isOpen);
    };

    const stand = (card) => {
        if (card) {
            current = card.id;
            card.focus();
            card.scrollIntoView({block: 'nearest'});
        }
    };

    const step = (by) => {
        const all = cards();
        const at = current ? all.findIndex((card) => card.id === here()?.id) : -1;
        stand(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
    };

    const press = (place, key) => {
        const target = place?.querySelector(`[data-key="${key}"]`);
        if (target?.tagName === 'BUTTON') {
            target.click();
        } else {
            target?.focus();
        }
        return Boolean(target);
    };

    const keyed = (key) => {
        if (key === 'j' || key === 'k') {
            step(key === 'j' ? 1 : -1);
        } else if (key === 'v') {
            return press(document.querySelector('.inbox-paste'), key);
        } else if (key === 'u') {
            return press(here(), key) || press(document.getElementById(decided), key);
        } else if (/^[1-9]$/.test(key)) {
            const choice = here()?.querySelectorAll('[data-choices] input[type="radio"]')[key - 1];
            choice?.closest('details').setAttribute('open', '');
            choice?.click();
        } else if ('apetrl'.includes(key)) {
            return press(here(), key);
        } else {
            return false;
        }
        return true;
    };

    const box = document.getElementById(KEPT);
    if (box) {
        box.closest('p').hidden = false;
        box.checked = localStorage.getItem(KEPT) !== 'off';
        box.addEventListener('change', () => localStorage.setItem(KEPT, box.checked ? 'on' : 'off'));
    }

    document.addEventListener('keydown', (event) => {
        const typing = event.target.matches('textarea, select, input:not([type="radio"], [type="checkbox"])');
        if (event.key === 'Escape' && typing) {
            stand(event.target.closest('.inbox-card'));
            return;
        }
        const held = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
        if (typing || held || (box && !box.checked)) {
            return;
        }
        if (keyed(event.key)) {
            event.preventDefault();
        }
    });

    // The page's htmx-config settles at once: a key pressed next finds buttons htmx knows.
    // In its new state: on to the next one that waits, or stay where something is to be put right.
    document.addEventListener('htmx:afterSettle', (event) => {
        const card = document.getElementById(event.detail.target.id);
        if (!card) {
            return;
        }
        const what = card.querySelector('.inbox-decided, [role="alert"]') || card.querySelector('h3');
        document.getElementById('inbox-status').textContent = what.textContent.replace(/\s+/g, ' ').trim();
        if (card.dataset.state === 'new' || card.querySelector('[role="alert"]')) {
            stand(card);
            return;
        }
        decided = card.id;
        const all = cards();
        stand(all.slice(all.indexOf(card) + 1).find((next) => next.dataset.state === 'new') || card);
    });
}

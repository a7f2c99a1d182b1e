// The desks: how many rows are ticked, evidence that turns in place, and keys for those who switch them on.
// Every page is complete without it; all words come from the page.

const KEPT = 'desk-keys'

// --- Ticked rows ---

for (const form of document.querySelectorAll('form[data-bulk]')) {
  const words = form.querySelector('[data-chosen]')
  const none = words.textContent
  const count = () => {
    const n = form.querySelectorAll('.tick:checked').length
    words.textContent = n ? words.dataset.chosen.replace('{n}', n) : none
    for (const tick of form.querySelectorAll('.tick')) tick.closest('tr').classList.toggle('row--on', tick.checked)
  }
  words.setAttribute('aria-live', 'polite')
  form.addEventListener('change', count)
  window.addEventListener('pageshow', count)
}

// --- Evidence: its links change the pane only, so that nothing typed beside it is lost ---

let asked = 0

async function turn (link) {
  const mine = ++asked
  const pane = document.querySelector('.evidence-pane')
  try {
    const response = await fetch(link.href, { headers: { Accept: 'text/html' } })
    const found = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('.evidence-pane')
    if (mine !== asked) return
    if (!response.ok || !found) throw new Error('no pane')
    pane.replaceChildren(...found.childNodes)
    history.replaceState(null, '', link.href)
    const focus = [...pane.querySelectorAll('a[data-turn]')].find((a) => a.dataset.turn === link.dataset.turn)
    ;(focus || pane.querySelector('[aria-current]') || pane).focus({ preventScroll: true })
  } catch {
    location.assign(link.href)
  }
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('.evidence-pane a[data-turn]')
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  turn(link)
})

// --- Keys, off until switched on (WCAG 2.1.4) ---

const panel = document.querySelector('[data-keys]')
const chosen = (() => {
  try { return localStorage.getItem(KEPT) === 'on' } catch { return false }
})()

const at = (rows) => rows.findIndex((row) => row.contains(document.activeElement))

function step (by) {
  const rows = [...document.querySelectorAll('form[data-bulk] tbody tr')]
  if (!rows.length) return
  const now = at(rows)
  const next = now < 0 ? 0 : Math.min(Math.max(now + by, 0), rows.length - 1)
  rows[next].querySelector('a').focus()
}

function tick () {
  const row = document.activeElement.closest('form[data-bulk] tbody tr')
  if (row) row.querySelector('.tick').click()
}

function decide (n) {
  const radio = document.querySelectorAll('input[type=radio][name=decision]')[n - 1]
  if (!radio) return
  radio.click()
  radio.focus()
}

const follow = (name) => document.querySelector(`.evidence-pane a[data-turn=${name}]`)?.click()

function submit () {
  const form = document.querySelector('input[name=decision]')?.form
  if (form) form.querySelector('button[type=submit]:not([name=preview])').click()
}

const acts = {
  j: () => step(1),
  k: () => step(-1),
  x: tick,
  1: () => decide(1),
  2: () => decide(2),
  3: () => decide(3),
  '[': () => follow('previous'),
  ']': () => follow('next'),
  r: () => follow('rotate')
}

// Where a key has a meaning of its own; a radio or a tick takes none of ours.
const FIELDS = 'textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])'

function pressed (event) {
  if (event.defaultPrevented || event.isComposing || event.target.closest(FIELDS)) return
  if (event.altKey || event.metaKey || event.shiftKey) return
  const act = event.ctrlKey ? (event.key === 'Enter' ? submit : null) : acts[event.key.toLowerCase()]
  if (!act) return
  event.preventDefault()
  act()
}

if (panel) {
  const control = panel.querySelector('[data-keys-switch]')
  const apply = () => {
    document.removeEventListener('keydown', pressed)
    if (control.checked) document.addEventListener('keydown', pressed)
    panel.classList.toggle('keys--on', control.checked)
  }
  control.closest('[hidden]').hidden = false
  control.checked = chosen
  apply()
  control.addEventListener('change', () => {
    try { localStorage.setItem(KEPT, control.checked ? 'on' : 'off') } catch { /* kept for this page only */ }
    apply()
  })
}

// Pages that the server draws whole. A link to the same path with another query is fetched and put in
// place of what stands there; a page with `data-refresh` is drawn anew from time to time, and one with
// `data-live` when there is something new. Everything else is the browser's own, and without this script all
// of it is.
import { Idiomorph } from 'idiomorph'

/** The document, if there is one, its address, and whether the page is no longer to be had there. */
type Answer = { page?: Document; at?: URL; isGone: boolean }

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** Inputs in which nothing is typed. */
const PRESSED = ['button', 'checkbox', 'image', 'radio', 'reset', 'submit']
/** Hidden fields that say what the page had shown; a form is about the same thing whatever they hold. */
const SHOWN = ['expected', 'seen', 'version']
/** An answer that does not come for so long is none. */
const PATIENCE_MS = 30_000
const SOON_MS = 150
/** So long after it was drawn, a live page shows what is new. */
const LIVE_MS = 5_000

/** The address of the document that stands here: on the way back the browser's own is ahead of it. */
let shown = new URL(location.href)
let asked: { url: string; stop: AbortController; isVisit: boolean } | undefined
/** A refresh was called for during a visit, whose answer may be older than the reason. */
let isCalledFor = false
let timer = 0
/** Whether the islands live: until then they are drawn as everything else. */
let isAlive = false
let due = Infinity
let drawn = 0
/** The stream told of something that the page may not show. */
let hasNews = false

const main = () => document.querySelector('main')
function tell(isFresh: boolean) {
  dispatchEvent(new CustomEvent('wattlens:refreshed', { detail: isFresh }))
  const old = document.getElementById('not-refreshed')
  const isSaid = isAlive && document.querySelector('[data-island=lost]') !== null
  if (old) old.hidden = isFresh || isSaid
}
const isOfThisPage = (url: URL) => url.origin === location.origin && url.pathname === location.pathname
const isOtherQuery = (url: URL) => isOfThisPage(url) && url.search !== location.search

// Idiomorph moves elements by it where there is one, and Chromium 156 dies of it where one has a field in it.
Reflect.deleteProperty(Element.prototype, 'moveBefore')

/** The module of the islands in a document. */
const module = (of: Document) => of.querySelector<HTMLLinkElement>('link[rel=modulepreload]')?.href

async function startIslands() {
  try {
    const { default: init, start } = await import(module(document)!)
    await init()
    start()
    isAlive = true
  } catch (error) {
    console.error('the live parts of this page do not start', error)
  }
}

/** The answer, or nothing where something else was asked for meanwhile. */
async function ask(url: URL, isVisit: boolean): Promise<Answer | undefined> {
  asked?.stop.abort()
  const mine = { url: url.href, stop: new AbortController(), isVisit }
  asked = mine
  let answer: Answer = { isGone: false }
  const patience = setTimeout(() => mine.stop.abort(), PATIENCE_MS)
  try {
    const got = await fetch(url, { headers: { accept: 'text/html', morph: '1' }, signal: mine.stop.signal })
    const at = new URL(got.url)
    const isHere = at.origin === location.origin && at.pathname === url.pathname
    answer = { at, isGone: !isHere || [401, 403, 404].includes(got.status) }
    if (isHere && got.ok && got.headers.get('content-type')?.startsWith('text/html')) {
      answer.page = new DOMParser().parseFromString(await got.text(), 'text/html')
    }
  } catch {
    // No network, stopped, or no answer in time.
  }
  clearTimeout(patience)
  if (asked !== mine) return undefined
  asked = undefined
  return answer
}

function stop() {
  main()?.removeAttribute('aria-busy')
  if (!asked) return
  asked.stop.abort()
  asked = undefined
  schedule()
}

async function visit(url: URL, isBack = false) {
  // A key that is held down asks for one page.
  if (asked?.isVisit && asked.url === url.href) return
  main()?.setAttribute('aria-busy', 'true')
  const answer = await ask(url, true)
  if (!answer) return
  if (!answer.page || hasOtherIslands(answer.page)) return isBack ? location.reload() : location.assign(url)
  const at = new URL(url.hash, answer.at)
  if (isBack || at.href === location.href) history.replaceState(history.state, '', at)
  else history.pushState(null, '', at)
  shown = at
  main()?.removeAttribute('aria-busy')
  show(answer.page, false)
  if (isCalledFor) void refresh()
  if (url.hash && !isBack) document.getElementById(decodeURIComponent(url.hash.slice(1)))?.scrollIntoView()
}

async function refresh() {
  isCalledFor = asked?.isVisit ?? false
  if (isCalledFor) return
  hasNews = false
  clearTimeout(timer)
  const again = new URL(shown)
  again.search += shown.search ? '&again' : '?again'
  const answer = await ask(again, false)
  if (!answer) return
  if (answer.isGone || (answer.page && hasOtherIslands(answer.page) && !formInUse())) location.reload()
  else if (answer.page) show(answer.page, true)
  else {
    schedule()
    tell(false)
  }
}

function schedule() {
  drawn = Date.now()
  const { live, refresh } = main()?.dataset ?? {}
  const ms = hasNews && live !== undefined ? LIVE_MS : Number(refresh) * 1000
  refreshAt(ms > 0 ? drawn + ms : Infinity)
}

function refreshAt(at: number) {
  clearTimeout(timer)
  due = at
  if (due < Infinity) timer = setTimeout(refreshIfDue, due - Date.now())
}

/** Nobody sees a hidden page: it is drawn anew when it is shown. */
function refreshIfDue() {
  if (document.hidden || asked) return
  // Timers may be early by a little, and late by a night.
  if (Date.now() >= due - 50) void refresh()
}

function show(page: Document, isRefresh: boolean) {
  try {
    put(page, isRefresh)
    tell(true)
  } finally {
    schedule()
  }
}

/** Makes the document what the fresh one is, but for what whoever reads it is at. */
function put(fresh: Document, isRefresh: boolean) {
  document.title = fresh.title
  const lang = fresh.documentElement.lang
  if (lang) document.documentElement.lang = lang
  for (const side of [document, fresh]) nameIslands(side)
  if (isRefresh) keepOrder(fresh)
  const keepFocus = focusKeeper()
  const isLeft = (it: HTMLElement) =>
    ['live', 'stopped'].includes(it.id) || (isAlive && it.dataset.island !== undefined) || (isRefresh && isOutcome(it))
  Idiomorph.morph(document.body, fresh.body, {
    callbacks: {
      beforeNodeMorphed: (old, anew) => {
        if (!(old instanceof HTMLElement && anew instanceof HTMLElement)) return true
        if (isLeft(old)) return false
        // A section that is open to remove one thing must not remove another.
        if (old instanceof HTMLDetailsElement && subject(old) !== subject(anew)) old.open = false
        return !(isRefresh && old instanceof HTMLFormElement && isInUse(old) && subject(old) === subject(anew))
      },
      beforeNodeRemoved: (old) => !(old instanceof HTMLElement && isLeft(old)),
      beforeAttributeUpdated: (name, old, what) => {
        // A visit may open a section, as for what a link chooses; only its reader closes one.
        if (name === 'open' && old.matches('details')) return !isRefresh && what === 'update'
        if (name === 'open') return !old.matches('dialog')
        // A form that is on its way says so itself.
        return !(name === 'aria-busy' && what === 'remove')
      },
    },
  })
  keepFocus()
}

/** An element with an id is found wherever it stands, and taken for no other. */
function nameIslands(side: Document) {
  for (const island of side.querySelectorAll<HTMLElement>('[data-island]:not([id])')) {
    island.id = `island-${island.dataset.island}`
  }
}

/** Rows stay where they are while somebody points at them or has the focus there; what they say does not. */
function keepOrder(fresh: Document) {
  for (const list of document.querySelectorAll('[data-still]:is(:hover, :focus-within)')) {
    const rows = [...list.children].flatMap(({ id }) => fresh.getElementById(id) ?? [])
    fresh.getElementById(list.id)?.prepend(...rows)
  }
}

const isOutcome = (it: HTMLElement) => it.dataset.told !== undefined

/** The subject of the forms in an element: where they are sent, and what they send along. */
function subject(of: HTMLElement): string {
  const forms = of instanceof HTMLFormElement ? [of] : [...of.querySelectorAll('form')]
  return forms
    .map((form) => {
      const hidden = [...form.querySelectorAll<HTMLInputElement>('input[type=hidden]')]
      const fields = hidden.filter(({ name }) => !SHOWN.includes(name)).map(({ name, value }) => `${name}=${value}`)
      return [(form.getAttribute('action') ?? '').split('?')[0], ...fields].join('&')
    })
    .join('\n')
}

/** Whether somebody is at a form: has typed into it, sent it, or been told why it was refused. */
function isInUse(form: HTMLFormElement): boolean {
  if (form.matches('[aria-busy]') || form.querySelector('[aria-invalid], #refused-here')) return true
  return [...form.querySelectorAll<Field>('input:not([type=hidden]), select, textarea')].some(isChanged)
}

const formInUse = () => [...document.querySelectorAll<HTMLFormElement>('main form')].some(isInUse)

/** Whether a document has other islands: it is of another build, or shows something else. */
const hasOtherIslands = (page: Document) => module(page) !== module(document)

function isChanged(field: Field): boolean {
  if (field instanceof HTMLSelectElement) {
    const options = [...field.options]
    // If the document chooses none, the browser chooses the first.
    const isChosen = field.multiple || options.some((it) => it.defaultSelected)
    const first = options.find((it) => !it.disabled)
    return options.some((it) => it.selected !== (isChosen ? it.defaultSelected : it === first))
  }
  const isPressed = field instanceof HTMLInputElement && PRESSED.includes(field.type)
  return isPressed ? field.checked !== field.defaultChecked : field.value !== field.defaultValue
}

/** Gives the focus back after a change: to the element of the same id, else to what it was in. */
function focusKeeper(): () => void {
  const around: HTMLElement[] = []
  const focused = document.activeElement
  for (let it = focused; it && it !== document.body; it = it.parentElement) {
    if (it instanceof HTMLElement && (it === focused || it.hasAttribute('tabindex'))) around.push(it)
  }
  return () => {
    if (document.activeElement && document.activeElement !== document.body) return
    const same = focused?.id ? document.getElementById(focused.id) : null
    const next = same ?? around.find((it) => it.isConnected)
    next?.focus({ preventScroll: true })
  }
}

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element) || event.defaultPrevented || event.button !== 0) return
  if (event.target.closest('button[data-print]')) return print()
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = event.target.closest('a[href]')
  if (!link || link.matches('[target], [download], [rel~=external]')) return
  const url = new URL(link.getAttribute('href') ?? '', document.baseURI)
  if (!isOtherQuery(url)) return
  event.preventDefault()
  void visit(url)
})

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return
  // By attributes: a field may be called as a property of the form is.
  const said = (name: string) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? ''
  const isGet = ['', 'get'].includes(said('method').toLowerCase())
  if (!isGet || said('target') || form.matches('[role=search], [data-act]') || submitter?.dataset.act) return
  const url = new URL(said('action') || location.pathname, document.baseURI)
  if (!isOfThisPage(url)) return
  event.preventDefault()
  const query = new URLSearchParams()
  for (const [name, value] of new FormData(form, submitter)) {
    query.append(name, value instanceof File ? value.name : value)
  }
  url.search = query.toString()
  void visit(url)
})

addEventListener('popstate', () => {
  if (location.pathname !== shown.pathname) location.reload()
  else if (location.search === shown.search) stop()
  else void visit(new URL(location.href), true)
})

addEventListener('wattlens:visit', (event) => {
  const url = new URL((event as CustomEvent<string>).detail, document.baseURI)
  if (isOtherQuery(url)) void visit(url)
  else if (isOfThisPage(url)) stop()
  else location.assign(url)
})
// An island stands for another address of its page; of many in a row the last is drawn.
addEventListener('wattlens:address', (event) => {
  stop()
  shown = new URL((event as CustomEvent<string>).detail, document.baseURI)
  history.replaceState(history.state, '', shown)
  refreshAt(Date.now() + SOON_MS)
})
addEventListener('wattlens:news', () => {
  hasNews = true
  if (main()?.dataset.live !== undefined) refreshAt(Math.min(due, drawn + LIVE_MS))
})
addEventListener('wattlens:refresh', () => void refresh())
document.addEventListener('visibilitychange', refreshIfDue)
// A page that the browser kept may be of somebody who has signed out since.
addEventListener('pageshow', ({ persisted }) => (persisted ? void refresh() : refreshIfDue()))
addEventListener('pagehide', stop)

/** A reader who came by a link of another page, perhaps by a key, begins in the content. */
function beginInContent() {
  const [load] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  const isOurs = document.referrer !== '' && new URL(document.referrer).origin === location.origin
  const isFree = document.activeElement === document.body && !document.querySelector('[autofocus]:not([popover] *)')
  if (load?.type === 'navigate' && isOurs && isFree && !location.hash) {
    document.getElementById('main')?.focus({ preventScroll: true })
  }
}

beginInContent()
schedule()
void startIslands()

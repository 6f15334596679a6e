import { existsSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { PAGES, WIDTHS, fileName } from '../pages'
import { SCHEMES, folder, picture } from './folder'

const STYLE = `
  body { margin: 24px; font: 14px system-ui, sans-serif; color: #16191d; background: #fff }
  h2 { margin: 32px 0 8px; font-size: 16px; overflow-wrap: anywhere }
  .row { display: flex; align-items: start; gap: 8px; overflow-x: auto }
  img { height: 360px; border: 1px solid #c6c7c1 }
`

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** One sheet with all pictures, each a link to itself at full size. */
export default function sheet(): void {
  if (!existsSync(folder)) return
  const section = (path: string) => {
    const files = WIDTHS.flatMap(({ name }) => SCHEMES.map((scheme) => picture(fileName(path), name, scheme)))
    const shown = files.filter(existsSync).map((file) => {
      const name = basename(file)
      return `<a href="${name}"><img src="${name}" alt="${name}" loading="lazy"></a>`
    })
    return `<h2>${escaped(path)}</h2><div class="row">${shown.join('')}</div>`
  }
  const body = ['/first-steps', ...PAGES].map(section).join('\n')
  const head = `<meta charset="utf-8"><title>Pages of Wattlens</title><style>${STYLE}</style>`
  writeFileSync(`${folder}/index.html`, `<!DOCTYPE html><html lang="en"><head>${head}</head><body>${body}</body></html>\n`)
  console.log(`pictures: ${folder}/index.html`)
}

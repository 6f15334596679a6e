import { resolve } from 'node:path'

/** Where the pictures go. */
export const folder = resolve(process.env.WATTLENS_SCREENSHOTS ?? '../target/screenshots')

export const SCHEMES = ['light', 'dark'] as const

/** The file of a picture. */
export function picture(name: string, size: string, scheme: string): string {
  return `${folder}/${name}-${size}-${scheme}.png`
}

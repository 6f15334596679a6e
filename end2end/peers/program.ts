import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { resolve } from 'node:path'

/** The finished program. */
export const program = resolve(process.env.WATTLENS_PROGRAM ?? '../target/release/wattlens')
/** Where it keeps what it stores while it is tested. */
export const data = resolve(process.env.WATTLENS_TEST_DATA ?? '../target/end2end')

/** The folder in which a test has founded the demo, once: whoever uses it changes it. */
export function founded(): string | undefined {
  const folder = process.env.WATTLENS_FOUNDED
  if (folder === undefined || !existsSync(`${folder}/founded`)) return undefined
  rmSync(`${folder}/founded`)
  return folder
}

/** A folder with nothing in it. */
export function emptyFolder(folder: string): void {
  // Where the data folder is closed to Postgres' user, its cluster lives elsewhere, behind a link.
  for (const old of [`${folder}/postgres`, folder]) {
    try {
      rmSync(realpathSync(old), { recursive: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  mkdirSync(folder, { recursive: true })
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** An installation of its own, without the demo: nothing in it but the default site and the world. */
export class Installation {
  private constructor(
    readonly url: string,
    readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  /** `name` tells its folder from those of others. */
  static async start(name: string): Promise<Installation> {
    const folder = `${data}-${name}`
    emptyFolder(folder)
    const url = `127.0.0.1:${await freePort()}`
    const env = { ...process.env }
    delete env.DATABASE_URL
    const options = ['serve', '--listen', url, '--data-dir', folder]
    const started = spawn(program, options, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    process.once('exit', () => started.kill())
    const installation = new Installation(`http://${url}`, folder, started)
    await installation.ready()
    return installation
  }

  /** The test's own limit ends it. */
  private async ready(): Promise<void> {
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`${program} ended: its message stands above`)
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined)
      if (answer?.ok) return
      await new Promise((again) => setTimeout(again, 100))
    }
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return
    this.process.kill('SIGTERM')
    await once(this.process, 'exit')
  }
}

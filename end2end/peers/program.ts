import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { request } from '@playwright/test'

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

/** Creates a user, beside a running server or without one, as whoever installs it does. */
export async function createUser(folder: string, password: string, ...options: string[]): Promise<void> {
  const command = ['create-user', '--data-dir', folder, '--password-stdin', ...options]
  const creating = spawn(program, command, { stdio: ['pipe', 'ignore', 'inherit'] })
  creating.stdin.end(`${password}\n`)
  const [code] = await once(creating, 'exit')
  if (code !== 0) throw new Error(`${program} created no user: its message stands above`)
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
    const listen = `127.0.0.1:${await freePort()}`
    return Installation.serve(folder, `http://${listen}`, ['--listen', listen])
  }

  /** One that others reach, over TLS, with its first administrator. */
  static async startForOthers(name: string, administrator: string, password: string): Promise<Installation> {
    const folder = `${data}-${name}`
    emptyFolder(folder)
    await createUser(folder, password, '--name', administrator, '--role', 'admin')
    const [key, certificate] = [`${folder}/key.pem`, `${folder}/chain.pem`]
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost']
    const [code] = await once(spawn('openssl', [...made, '-keyout', key, '-out', certificate], { stdio: 'ignore' }), 'exit')
    if (code !== 0) throw new Error('openssl made no certificate')
    const port = await freePort()
    const options = ['--listen', `0.0.0.0:${port}`, '--tls-cert', certificate, '--tls-key', key]
    return Installation.serve(folder, `https://localhost:${port}`, options)
  }

  private static async serve(folder: string, url: string, options: string[]): Promise<Installation> {
    const env = { ...process.env }
    delete env.DATABASE_URL
    const all = ['serve', '--data-dir', folder, ...options]
    const started = spawn(program, all, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    process.once('exit', () => started.kill())
    const installation = new Installation(url, folder, started)
    await installation.ready()
    return installation
  }

  /** The test's own limit ends it. */
  private async ready(): Promise<void> {
    // Nobody vouches for the certificate of a test.
    const asking = await request.newContext({ ignoreHTTPSErrors: true })
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`${program} ended: its message stands above`)
      const answer = await asking.get(`${this.url}/readyz`).catch(() => undefined)
      if (answer?.ok()) break
      await new Promise((again) => setTimeout(again, 100))
    }
    await asking.dispose()
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return
    this.process.kill('SIGTERM')
    await once(this.process, 'exit')
  }
}

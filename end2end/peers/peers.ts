import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { resolve } from 'node:path'

// Counterparts that know nothing of this project: pymodbus, a stock mosquitto, Python's web server.
const pymodbus = resolve(process.env.WATTLENS_PYMODBUS ?? '../target/tools/pymodbus')
// Daemons are often out of a user's path.
const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin`

/** What a plant would have, each on a port of its own on this machine. */
export class Peers {
  private constructor(
    readonly modbus: number,
    readonly broker: number,
    readonly web: number,
    private readonly processes: ChildProcess[],
  ) {}

  static async start(): Promise<Peers> {
    const [modbus, broker, web] = await freePorts(3)
    const peers = new Peers(modbus, broker, web, [])
    peers.run('python3', ['peers/modbus.py', String(modbus)])
    peers.run('python3', ['peers/json_meter.py', String(web)])
    peers.run('mosquitto', ['-c', 'peers/mosquitto.conf', '-p', String(broker)])
    await Promise.all([modbus, broker, web].map(listening))
    return peers
  }

  /** Publishes a message each second until the peers stop, by one `mosquitto_pub`. */
  publish(topic: string, message: () => object): void {
    const publisher = this.run('mosquitto_pub', ['-p', String(this.broker), '-t', topic, '-l', '-q', '1'])
    const beat = setInterval(() => publisher.stdin?.write(`${JSON.stringify(message())}\n`), 1_000)
    publisher.once('exit', () => clearInterval(beat))
    // A message may be under way when the peers stop.
    publisher.stdin?.on('error', () => clearInterval(beat))
  }

  async stop(): Promise<void> {
    const ended = this.processes.map(async (process) => {
      if (process.exitCode !== null || process.signalCode !== null) return
      process.kill()
      await once(process, 'exit')
    })
    await Promise.all(ended)
  }

  private run(program: string, options: string[]): ChildProcess {
    const env = { ...process.env, PATH: path, PYTHONPATH: pymodbus, PYTHONDONTWRITEBYTECODE: '1' }
    const started = spawn(program, options, { env, stdio: ['pipe', 'ignore', 'inherit'] })
    started.once('error', (error) => {
      throw new Error(`cannot start ${program}: \`cargo xtask test --only browser\` installs it`, { cause: error })
    })
    process.once('exit', () => started.kill())
    this.processes.push(started)
    return started
  }
}

/** Sends a form as curl does, `name=value` or `name=@file`, and returns the answer. */
export function curl(url: string, fields: string[]): string {
  const form = fields.flatMap((field) => ['-F', field])
  return execFileSync('curl', ['--silent', '--show-error', ...form, url], { encoding: 'utf8' })
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

/** Waits until something listens on a port; the test's own limit ends it. */
async function listening(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } catch {
    await new Promise((again) => setTimeout(again, 50))
    await listening(port)
  } finally {
    socket.destroy()
  }
}

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Meters that answer over HTTP, each under its name, and whose registers rise as their power says. */
export class RisingMeters {
  private constructor(private readonly server: Server) {}

  /** `powers` in kW. */
  static async start(powers: Record<string, number>): Promise<RisingMeters> {
    const began = Date.now()
    const server = createServer((request, response) => {
      const power = powers[request.url?.slice(1) ?? '']
      if (power === undefined) {
        response.writeHead(404).end()
        return
      }
      const hours = (Date.now() - began) / 3_600_000
      const values = { power_kw: power, total_kwh: Math.round((4_200 + power * hours) * 1_000) / 1_000 }
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(values))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new RisingMeters(server)
  }

  url(name: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }
}

import { once } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a test does when a call passes: before the node sees it, or after the node answered and nobody knows yet. */
export type Watch = {
  before?: (method: string, params: unknown[]) => Promise<void>
  after?: (method: string) => Promise<void>
  /** Another text for the node's answer. */
  told?: (method: string, text: string) => string
}

/** A node's stand-in that hands everything on, so that a test can stop the world at an exact point. */
export class Proxy {
  watch: Watch = {}
  private constructor(
    private readonly target: string,
    private readonly server: Server,
  ) {}

  static async to(target: string): Promise<Proxy> {
    const server = createServer()
    const proxy = new Proxy(target, server)
    server.on('request', (request, response) => void proxy.pass(request, response).catch(() => response.destroy()))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    const { method, params = [] } = JSON.parse(body.toString()) as { method: string; params?: unknown[] }
    await this.watch.before?.(method, params)
    // A client that went away in the meantime has not sent anything as far as the node is concerned.
    if (request.socket.destroyed) return
    const answer = await fetch(this.target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const text = await answer.text()
    await this.watch.after?.(method)
    response.setHeader('content-type', 'application/json').end(this.watch.told?.(method, text) ?? text)
  }
}

/** The lines of one key, growing while its handler runs; any number of readers follow it from the first line. */
export class Transcript {
  private readonly lines: string[]
  private ended = false
  private waiters: (() => void)[] = []

  /** @param stored lines said before, without newlines */
  constructor(stored: readonly string[] = []) {
    this.lines = [...stored]
  }

  get count(): number {
    return this.lines.length
  }

  append(text: string): void {
    this.lines.push(text)
    this.wake()
  }

  end(): void {
    this.ended = true
    this.wake()
  }

  /** True once all is said, which is waited for so many milliseconds at most. */
  async endsWithin(most: number): Promise<boolean> {
    const end = performance.now() + most
    for (let left = most; !this.ended && left > 0; left = end - performance.now()) await this.change(left)
    return this.ended
  }

  /** Every line with its newline; stops at the end, or when nothing new came for `idle` milliseconds. */
  async *follow(idle: number): AsyncGenerator<string> {
    for (let n = 0; ; ) {
      while (n < this.lines.length) yield `${this.lines[n++]}\n`
      if (this.ended || !(await this.change(idle))) return
    }
  }

  private wake(): void {
    for (const waiter of this.waiters.splice(0)) waiter()
  }

  private change(idle: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), idle)
      this.waiters.push(() => {
        clearTimeout(timer)
        resolve(true)
      })
    })
  }
}

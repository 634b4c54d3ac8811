/** Part of a network socket. */
export interface Corkable {
  cork(): void;
  uncork(): void;
}

/** Lets what is written to a socket in one go, such as for all that Redis has sent at once, leave in one system call. */
export class Corks {
  #corked: Corkable[] = [];
  readonly #uncork = () => this.uncork();

  /** Corks a socket until what runs now has ended. Once for each time that it is uncorked. */
  cork(socket: Corkable): void {
    if (this.#corked.length === 0) process.nextTick(this.#uncork);
    this.#corked.push(socket);
    socket.cork();
  }

  uncork(): void {
    const corked = this.#corked;
    this.#corked = [];
    for (const socket of corked) socket.uncork();
  }
}

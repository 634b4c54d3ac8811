import type { Config } from '../../core/config/config.ts';
import type { Revocations } from '../../core/live/revocations/revocations.ts';
import type { Log } from '../../core/telemetry/log.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Auth } from './better-auth.ts';
import { keptSecret } from './kept-secret.ts';
import { Mails, openMailTransport } from './mails.ts';
import type { SignInLimitsOptions } from './sign-in-limits.ts';

export interface PeopleOptions {
  config: Config;
  prisma: PrismaClient;
  revocations: Pick<Revocations, 'publish'>;
  limits: SignInLimitsOptions['limits'];
  log: Log;
}

/** How often what has expired is removed from the tables, in milliseconds. */
const CLEAN_EVERY_MS = 3_600_000;

/** The people of the mode `accounts`: they sign up, sign in and sign out here, by better-auth. */
export class People {
  readonly #options: PeopleOptions;
  readonly #mails: Mails;
  readonly #auth: Promise<Auth>;
  #opened: (auth: Auth) => void = () => {};
  #cleaning: NodeJS.Timeout | undefined;

  constructor(options: PeopleOptions) {
    this.#options = options;
    this.#mails = new Mails(openMailTransport(options.config, options.log), options.log);
    this.#auth = new Promise((resolve) => {
      this.#opened = resolve;
    });
  }

  /** `url`: where the server listens, its address unless AUTH_URL names another. @throws {StartError} */
  async open(url: string): Promise<void> {
    const { config, prisma } = this.#options;
    const secret = config.authSecret ?? (await keptSecret(config.dataDir));
    // Loaded in this mode only: it takes a while.
    const { createAuth } = await import('./better-auth.ts');
    this.#opened(
      createAuth({ ...this.#options, secret, url: config.authUrl ?? url, prisma, mails: this.#mails }),
    );
    this.#cleaning = setInterval(() => void this.#clean(), CLEAN_EVERY_MS);
    this.#cleaning.unref();
  }

  /** Answers a request below `/auth`; waits until it is open. @throws {StoreUnavailableError} */
  async handle(request: Request): Promise<Response> {
    const auth = await this.#auth;
    return auth.handler(request);
  }

  /** Waits a moment for mails that are under way. */
  async stop(): Promise<void> {
    clearInterval(this.#cleaning);
    await this.#mails.stop();
  }

  async #clean(): Promise<void> {
    const { prisma, log } = this.#options;
    const where = { expiresAt: { lt: new Date() } };
    try {
      await prisma.verification.deleteMany({ where });
      await prisma.session.deleteMany({ where });
    } catch (err) {
      log.debug({ err }, 'expired sessions were not removed');
    }
  }
}

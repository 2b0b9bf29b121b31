import type { Handlers, RouteInput } from '@deungdae/contracts/api.ts';
import type { Identity } from '@deungdae/identity/module.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PublicCaller } from '../admission.ts';

/** Sign-in and first run. What they return beside the user becomes the session cookie (http.ts). */
export function sessionHandlers(
  identity: Identity,
  log: Logger,
  about: { demo: boolean; version: string; plantName: () => string },
): Handlers {
  const handlers = {
    setupState: async () => ({
      needed: await identity.setupNeeded(),
      demo: about.demo,
      plant: about.plantName(),
      version: about.version,
    }),
    setup: ({ body }: { body: Parameters<Identity['setUp']>[0] }) => identity.setUp(body),
    signIn: ({ body }: { body: Parameters<Identity['signIn']>[0] }, caller: PublicCaller) =>
      identity.signIn(body, caller.address).catch((error: unknown) => {
        // Without the name: people type their password there.
        const code = error instanceof CodedError ? error.code : undefined;
        log.warn({ address: caller.address, code }, 'a sign-in was refused');
        throw error;
      }),
    updateMe: async ({ body }: RouteInput<'updateMe'>, caller: PublicCaller) => {
      const { user, session } = await identity.updateMe(body, caller, caller.address);
      return session ? { user, session } : user;
    },
    pairDevice: async ({ body }: { body: { code: string } }, caller: PublicCaller) => {
      const { kiosk, device } = await identity.pair(body.code, caller.address).catch((error: unknown) => {
        log.warn({ address: caller.address }, 'a pairing was refused');
        throw error;
      });
      return { answer: kiosk, deviceKey: device };
    },
    kioskDevice: async (_input: unknown, caller: PublicCaller) => {
      const device = await identity.kioskDevice(caller.device);
      return device ? { answer: { device }, deviceKey: caller.device } : { device: null };
    },
    signOut: async (_input: unknown, caller: PublicCaller) => {
      if (caller.session) await identity.signOut(caller.session);
      return { ok: true as const };
    },
  };
  return handlers as unknown as Handlers;
}
